using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Fluke6.Bridging;

/// <summary>
/// Notices that finalizers do not run any more. The process has one thread for all of them; where one does not return, whatever has a finalizer
/// stays in memory, and nothing else shows it. One thread is to look.
/// </summary>
/// <param name="patience">How long after a collection they may take.</param>
internal sealed class FinalizerWatch(TimeSpan patience)
{
    private readonly WeakReference<Sentinel> _sentinel = new(null!);
    private bool _ran = true;
    private bool _isTold;
    private long _dueSince;

    /// <summary>Looks. Makes garbage only after a collection.</summary>
    /// <returns>Whether they have stopped; once true, not again.</returns>
    public bool HaveStopped()
    {
        if (Volatile.Read(ref _ran))
        {
            Volatile.Write(ref _ran, false);
            _dueSince = 0;
            MakeSentinel();
        }

        // Found to be garbage, it waits for its finalizer.
        if (_isTold || _sentinel.TryGetTarget(out _))
            return false;

        if (_dueSince == 0)
            _dueSince = Stopwatch.GetTimestamp();
        return _isTold = Stopwatch.GetElapsedTime(_dueSince) > patience && !Volatile.Read(ref _ran);
    }

    // In a method of its own, whose end makes it garbage.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void MakeSentinel() => _sentinel.SetTarget(new Sentinel(this));

    private sealed class Sentinel(FinalizerWatch watch)
    {
        ~Sentinel() => Volatile.Write(ref watch._ran, true);
    }
}
