using Fluke6.Concurrency;

namespace Fluke6.Flows;

/// <summary>
/// What was seen of things that have a name, each thing in one of four places that its hash names; where all four are taken, the one
/// unseen for the longest gives way. The bridge's thread alone writes; <see cref="Read"/> may be called from any thread.
/// </summary>
internal sealed class SightingTable<TKey, TValue>(int capacity)
    where TKey : struct, IEquatable<TKey>
    where TValue : struct
{
    private const int Ways = 4;
    private readonly Entry[] _entries = new Entry[capacity];
    private int _written;

    /// <summary>The place of a thing, being written until <see cref="EndWrite"/>.</summary>
    /// <param name="key">The thing's name.</param>
    /// <param name="now">UTC ticks.</param>
    /// <param name="isNew">Whether the value is empty.</param>
    public ref TValue BeginWrite(TKey key, long now, out bool isNew)
    {
        // HashCode is seeded: who chooses names cannot choose whose places they take.
        int first = (int)((uint)HashCode.Combine(key) % (uint)(_entries.Length / Ways)) * Ways;
        int chosen = first;
        isNew = true;
        for (int i = first; i < first + Ways; i++)
        {
            ref Entry candidate = ref _entries[i];
            if (candidate.LastSeen != 0 && candidate.Key.Equals(key))
            {
                chosen = i;
                isNew = false;
                break;
            }

            if (candidate.LastSeen < _entries[chosen].LastSeen)
                chosen = i;
        }

        ref Entry entry = ref _entries[chosen];
        entry.Guard.BeginWrite();
        if (isNew)
            entry.Value = default;
        entry.Key = key;
        entry.LastSeen = now;
        _written = chosen;
        return ref entry.Value;
    }

    /// <summary>The place got last is whole again.</summary>
    public void EndWrite() => _entries[_written].Guard.EndWrite();

    /// <summary>Copies all that is there.</summary>
    public List<TValue> Read()
    {
        var values = new List<TValue>();
        for (int i = 0; i < _entries.Length; i++)
        {
            ref Entry entry = ref _entries[i];
            var reader = new SequenceLock.Reader(ref entry.Guard);
            while (reader.TryBegin())
            {
                Entry copy = entry;
                if (!reader.IsWhole)
                    continue;

                if (copy.LastSeen != 0)
                    values.Add(copy.Value);
                break;
            }
        }

        return values;
    }

    private struct Entry
    {
        public TKey Key;
        public TValue Value;
        public long LastSeen;
        public SequenceLock Guard;
    }
}
