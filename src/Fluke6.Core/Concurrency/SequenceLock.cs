using System.Runtime.CompilerServices;

namespace Fluke6.Concurrency;

/// <summary>
/// Lets one thread write what others copy, without waiting for them: who copied while it was written notices, and tries again. Stands beside
/// what it guards.
/// </summary>
internal struct SequenceLock
{
    private int _version;    // odd while it is being written

    /// <summary>The writer is about to write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void BeginWrite()
    {
        _version |= 1;
        Volatile.WriteBarrier();
    }

    /// <summary>What was written is whole.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EndWrite() => Volatile.Write(ref _version, _version + 1);

    /// <summary>The tries of a reader: <c>while (reader.TryBegin()) { copy; if (reader.IsWhole) ... }</c>.</summary>
    public ref struct Reader
    {
        // A writer takes nanoseconds; only one that was stopped amid a write takes longer.
        private const int MaxAttempts = 1000;

        private readonly ref int _version;
        private int _seen;
        private int _attempts;

        /// <summary>A reader of what a lock guards.</summary>
        public Reader(ref SequenceLock guard) => _version = ref guard._version;

        /// <summary>Whether what was copied since <see cref="TryBegin"/> is of one writing.</summary>
        public readonly bool IsWhole
        {
            get
            {
                Volatile.ReadBarrier();
                return _version == _seen;
            }
        }

        /// <summary>Waits until nobody writes; false where a writer never seems to end.</summary>
        public bool TryBegin()
        {
            for (; _attempts < MaxAttempts; _attempts++)
            {
                if (_attempts > 0)
                    Thread.SpinWait(1);
                _seen = Volatile.Read(ref _version);
                if ((_seen & 1) != 0)
                    continue;

                _attempts++;
                return true;
            }

            return false;
        }
    }
}
