using Fluke6.Concurrency;
using Fluke6.Frames;

namespace Fluke6.Flows;

/// <summary>
/// The last frames that rules changed: for each rule its own few, so that one that changes every frame does not crowd out one that changes
/// a SYN an hour. Bounded. The bridge's thread alone writes; <see cref="Read"/> may be called from any thread.
/// </summary>
internal sealed class ChangeLog
{
    /// <summary>How many frames of each rule are kept.</summary>
    public const int PerRule = 8;

    private const int Stride = 2 * FrameUndo.ArrivalCapacity;
    private readonly Entry[] _entries = new Entry[RuleNames.Capacity * PerRule];
    private readonly byte[] _octets = new byte[RuleNames.Capacity * PerRule * Stride];
    private readonly int[] _next = new int[RuleNames.Capacity];

    /// <summary>Copies the frames that any of these rules changed, the last one first.</summary>
    /// <param name="rules">A bit each.</param>
    public IReadOnlyList<FrameChange> Read(ulong rules)
    {
        var changes = new List<FrameChange>();
        for (int i = 0; i < _entries.Length; i++)
        {
            if (Volatile.Read(ref _entries[i].Time) != 0 && TryCopy(i) is { } change && (change.Rules & rules) != 0)
                changes.Add(change);
        }

        changes.Sort((a, b) => b.Time.CompareTo(a.Time));
        return changes;
    }

    /// <summary>Keeps a frame that rules changed. Bridge's thread.</summary>
    internal void Add(FrameBuffer frame, in FlowKey flow, Verdict verdict, long now)
    {
        int rule = System.Numerics.BitOperations.TrailingZeroCount(frame.RewritingRules);
        if (rule == RuleNames.Capacity)
            return;

        int index = (rule * PerRule) + _next[rule];
        _next[rule] = (_next[rule] + 1) % PerRule;
        ReadOnlySpan<byte> before = frame.ArrivedOctets;
        ReadOnlySpan<byte> after = frame.Octets[..Math.Min(frame.Length, FrameUndo.ArrivalCapacity)];

        ref Entry entry = ref _entries[index];
        entry.Guard.BeginWrite();
        entry.Time = now;
        entry.Flow = flow;
        entry.Rules = frame.RewritingRules;
        entry.From = frame.From;
        entry.Verdict = verdict;
        entry.LinkType = frame.LinkType;
        entry.LengthBefore = frame.ArrivedLength;
        entry.LengthAfter = frame.Length;
        before.CopyTo(_octets.AsSpan(index * Stride));
        after.CopyTo(_octets.AsSpan((index * Stride) + FrameUndo.ArrivalCapacity));
        entry.Guard.EndWrite();
    }

    private FrameChange? TryCopy(int index)
    {
        ref Entry entry = ref _entries[index];
        var reader = new SequenceLock.Reader(ref entry.Guard);
        while (reader.TryBegin())
        {
            Entry copy = entry;
            int start = index * Stride;
            var change = new FrameChange
            {
                Time = new DateTime(copy.Time, DateTimeKind.Utc),
                Flow = copy.Flow,
                Rules = copy.Rules,
                From = copy.From,
                Verdict = copy.Verdict,
                LinkType = copy.LinkType,
                LengthBefore = copy.LengthBefore,
                LengthAfter = copy.LengthAfter,
                Before = _octets.AsSpan(start, Kept(copy.LengthBefore)).ToArray(),
                After = _octets.AsSpan(start + FrameUndo.ArrivalCapacity, Kept(copy.LengthAfter)).ToArray(),
            };
            if (reader.IsWhole)
                return change;
        }

        return null;
    }

    // A copy torn by the writer may hold any length; it is thrown away, but not before it was looked at.
    private static int Kept(int length) => Math.Clamp(length, 0, FrameUndo.ArrivalCapacity);

    private struct Entry
    {
        public FlowKey Flow;
        public long Time;
        public ulong Rules;
        public int LengthBefore, LengthAfter;
        public SequenceLock Guard;
        public Side From;
        public Verdict Verdict;
        public LinkType LinkType;
    }
}
