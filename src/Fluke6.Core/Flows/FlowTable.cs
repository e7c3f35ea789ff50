using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fluke6.Concurrency;
using Fluke6.Frames;

namespace Fluke6.Flows;

/// <summary>
/// The flows that crossed the bridge, both directions in one entry. Bounded: a new flow takes the place of the one unseen for the longest.
/// The bridge's thread alone writes, without lock or allocation; <see cref="Read"/> may be called from any thread at any time and costs
/// the writer nothing but the cache lines that it looks at.
/// </summary>
/// <remarks>
/// Open addressing with linear probing over slots of eight octets, at most half of them taken; entries and the list that keeps them in
/// order of use lie beside. All arrays are there from the start; the system gives memory to what of them is used.
/// </remarks>
internal sealed partial class FlowTable
{
    /// <summary>How many flows a table can hold at the most.</summary>
    public const int MaxCapacity = 1 << 24;

    private const int None = -1;

    private readonly FlowSeed _seed;
    private readonly Slot[] _slots;
    private readonly FlowEntry[] _entries;
    private readonly Neighbors[] _order;
    private readonly Dictionary<string, FlowStates> _states = new(StringComparer.Ordinal);
    private readonly uint _mask;
    private int _count;
    private int _newest = None;
    private int _oldest = None;
    private long _created;
    private long _evicted;

    /// <summary>A table for flows.</summary>
    /// <param name="capacity">How many at once, from 1 to <see cref="MaxCapacity"/>.</param>
    /// <param name="kernel">The flows of which the kernel forwards frames; null if it forwards none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A capacity outside those bounds.</exception>
    public FlowTable(int capacity, IForwardedFlows? kernel = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        uint slots = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 2);
        _mask = slots - 1;
        _slots = new Slot[slots];
        _entries = new FlowEntry[capacity];
        _order = new Neighbors[capacity];
        _forwarded = kernel is null ? null : new Forwarded[capacity];
        Releases = new FlowReleases(this, kernel);
        Ledgers = new TcpLedgerTable(capacity);
        // The system's random numbers, 122 bits in each: RandomNumberGenerator loads OpenSSL, 5 MB, for them.
        ReadOnlySpan<Guid> random = [Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid()];
        _seed = new FlowSeed(MemoryMarshal.Cast<Guid, ulong>(random));
    }

    /// <summary>How many flows fit.</summary>
    public int Capacity => _entries.Length;

    /// <summary>How many flows are in the table.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many flows there were since the start, those that made room for others included.</summary>
    public long Created => Volatile.Read(ref _created);

    /// <summary>How many flows made room for others.</summary>
    public long Evicted => Volatile.Read(ref _evicted);

    internal TcpLedgerTable Ledgers { get; }

    /// <summary>The flows that rules let go of.</summary>
    internal FlowReleases Releases { get; }

    /// <summary>A rule's memory of the flows, whichever version of it asks. Worker's thread.</summary>
    internal FlowStates StatesOf(string rule)
    {
        if (!_states.TryGetValue(rule, out FlowStates? states))
            _states[rule] = states = new FlowStates();
        return states;
    }

    /// <summary>An entry. The worker's thread changes it under its guard.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref FlowEntry At(int index) => ref _entries[index];

    /// <summary>Finds a flow, or makes an entry for it, and marks it as the newest. Bridge's thread.</summary>
    /// <returns>The entry's index, good until the next call.</returns>
    internal int FindOrAdd(in FlowKey key, bool swapped, long now)
    {
        // Frames come in runs of one flow.
        int newest = _newest;
        if (newest != None && FlowKey.Matches(_entries[newest].Key, key))
            return newest;

        uint hash = key.Hash(_seed);
        int index = Find(key, hash);
        if (index == None)
            return Add(key, hash, swapped, now);

        Unlink(index);
        LinkNewest(index);
        return index;
    }

    /// <summary>Finds a flow without touching it; −1 if it is not there. Bridge's thread.</summary>
    internal int Find(in FlowKey key) => Find(key, key.Hash(_seed));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(in FlowKey key, uint hash)
    {
        Slot[] slots = _slots;
        for (uint position = hash & _mask; ; position = (position + 1) & _mask)
        {
            Slot slot = slots[position];
            if (slot.Number == 0)
                return None;
            if (slot.Hash == hash && FlowKey.Matches(_entries[slot.Number - 1].Key, key))
                return slot.Number - 1;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Add(in FlowKey key, uint hash, bool swapped, long now)
    {
        int index = _count;
        if (index == _entries.Length)
            index = EvictOldest();

        ref FlowEntry entry = ref _entries[index];
        entry.Guard.BeginWrite();
        SequenceLock guard = entry.Guard;
        entry = default;
        entry.Guard = guard;
        entry.Key = key;
        entry.FirstSeen = entry.LastSeen = now;
        entry.Marks = FlowMarks.InUse | (swapped ? FlowMarks.UpperBegan : FlowMarks.None);
        entry.Guard.EndWrite();

        uint position = hash & _mask;
        while (_slots[position].Number != 0)
            position = (position + 1) & _mask;
        _slots[position] = new Slot(hash, index + 1);
        LinkNewest(index);
        if (index == _count)
            Volatile.Write(ref _count, _count + 1);
        _created++;
        return index;
    }

    private int EvictOldest()
    {
        int index = _oldest;
        ref FlowEntry entry = ref _entries[index];
        if (entry.Ledger != 0)
            Ledgers.Release(entry.Ledger);
        foreach (FlowStates states in _states.Values)
            states.Forget(index);
        Releases.Forget(index);
        if (_forwarded is not null)
            _forwarded[index] = default;
        Unlink(index);
        RemoveSlot(entry.Key.Hash(_seed), index + 1);
        _evicted++;
        return index;
    }

    /// <summary>Takes a slot out and moves those behind it up, so that no probe ends early and no gravestones gather.</summary>
    private void RemoveSlot(uint hash, int number)
    {
        Slot[] slots = _slots;
        uint hole = hash & _mask;
        while (slots[hole].Number != number)
            hole = (hole + 1) & _mask;

        for (uint next = (hole + 1) & _mask; slots[next].Number != 0; next = (next + 1) & _mask)
        {
            // A slot may move up only if the hole is not before the place that its hash names.
            uint distance = (next - (slots[next].Hash & _mask)) & _mask;
            if (distance < ((next - hole) & _mask))
                continue;

            slots[hole] = slots[next];
            hole = next;
        }

        slots[hole] = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unlink(int index)
    {
        Neighbors[] order = _order;
        Neighbors at = order[index];
        if (at.Newer == None)
            _newest = at.Older;
        else
            order[at.Newer].Older = at.Older;

        if (at.Older == None)
            _oldest = at.Newer;
        else
            order[at.Older].Newer = at.Newer;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LinkNewest(int index)
    {
        Neighbors[] order = _order;
        order[index] = new Neighbors { Newer = None, Older = _newest };
        if (_newest == None)
            _oldest = index;
        else
            order[_newest].Newer = index;
        _newest = index;
    }

    private readonly struct Slot(uint hash, int number)
    {
        public readonly uint Hash = hash;

        /// <summary>The entry's index and one; 0 where nothing is.</summary>
        public readonly int Number = number;
    }

    private struct Neighbors
    {
        public int Newer, Older;
    }
}
