using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>
/// The sender's octets of one direction that wait: those in order, which the rule has not decided about, and after them, with gaps, those
/// that came before what they follow.
/// </summary>
internal sealed class WaitingOctets(StreamMemory memory)
{
    private const int MaxRanges = 64;

    // In order, none touching another, all after End.
    private readonly (uint Start, uint End)[] _ranges = new (uint, uint)[MaxRanges];
    private int _count;
    private byte[]? _octets;
    private int _at;    // where Start is

    /// <summary>The first octet's number.</summary>
    public uint Start { get; private set; }

    /// <summary>The number after the last octet in order.</summary>
    public uint End { get; private set; }

    /// <summary>Whether octets wait for some before them.</summary>
    public bool HasGap => _count > 0;

    /// <summary>How many ranges wait for some before them.</summary>
    public int Ranges => _count;

    /// <summary>A range that waits for some before it, in their order.</summary>
    public (uint Start, uint End) RangeAt(int index) => _ranges[index];

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => Start == End && _count == 0;

    /// <summary>The octets in order.</summary>
    public ReadOnlySpan<byte> InOrder => _octets.AsSpan(_at, (int)(End - Start));

    /// <summary>Begins anew, empty.</summary>
    public void Begin(uint number)
    {
        Clear();
        Start = End = number;
    }

    /// <summary>Keeps octets; those that are here already stay as they came first.</summary>
    /// <param name="number">The first one's number, not before <see cref="Start"/>.</param>
    /// <param name="octets">The octets.</param>
    /// <param name="capacity">How many there may be in all, gaps included.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(uint number, ReadOnlySpan<byte> octets, int capacity)
    {
        uint end = number + (uint)octets.Length, at = SequenceNumber.Later(number, End);
        long reach = end - Start;
        if (!SequenceNumber.IsAfter(end, at))
            return true;

        int first = 0;
        while (first < _count && SequenceNumber.IsBefore(_ranges[first].End, at))
            first++;
        bool touches = first < _count && !SequenceNumber.IsAfter(_ranges[first].Start, end);
        if (reach > capacity || (_count == MaxRanges && !touches) || !TryReach((int)reach))
            return false;

        int last = first;
        uint from = at, to = end;
        for (; last < _count && !SequenceNumber.IsAfter(_ranges[last].Start, end); last++)
        {
            (uint start, uint rangeEnd) = _ranges[last];
            if (SequenceNumber.IsBefore(at, start))
                Write(at, octets[(int)(at - number)..(int)(start - number)]);
            at = SequenceNumber.Later(at, rangeEnd);
            from = SequenceNumber.Earlier(from, start);
            to = SequenceNumber.Later(to, rangeEnd);
        }

        if (SequenceNumber.IsBefore(at, end))
            Write(at, octets[(int)(at - number)..]);
        Replace(first, last, from, to);
        return true;
    }

    /// <summary>Octets in order before a number need not wait any more.</summary>
    public void Forget(uint number)
    {
        if (!SequenceNumber.IsAfter(number, Start))
            return;

        _at += (int)(number - Start);
        Start = number;
        End = SequenceNumber.Later(End, number);
        if (IsEmpty)
            Clear();
    }

    /// <summary>Octets that wait for some before them are forgotten: they come again.</summary>
    public void ForgetAfterGap()
    {
        _count = 0;
        if (IsEmpty)
            Clear();
    }

    /// <summary>Octets that wait for some before them are forgotten from a number on, which nothing follows.</summary>
    public void ForgetFrom(uint number)
    {
        while (_count > 0 && !SequenceNumber.IsBefore(_ranges[_count - 1].Start, number))
            _count--;
        if (_count > 0)
            _ranges[_count - 1].End = SequenceNumber.Earlier(_ranges[_count - 1].End, number);
        if (IsEmpty)
            Clear();
    }

    /// <summary>Gives its memory back.</summary>
    public void Clear()
    {
        if (_octets is not null)
            memory.Return(_octets);
        _octets = null;
        _at = _count = 0;
        End = Start;
    }

    private void Write(uint number, ReadOnlySpan<byte> octets) => octets.CopyTo(_octets.AsSpan(_at + (int)(number - Start)));

    /// <summary>Lets a range take the place of those that it touches.</summary>
    private void Replace(int first, int last, uint from, uint to)
    {
        if (from == End)
        {
            End = to;
            _ranges.AsSpan(last, _count - last).CopyTo(_ranges);
            _count -= last;
            return;
        }

        _ranges.AsSpan(last, _count - last).CopyTo(_ranges.AsSpan(first + 1));
        _ranges[first] = (from, to);
        _count += 1 - (last - first);
    }

    /// <summary>Lets there be room for this many octets from <see cref="Start"/> on.</summary>
    private bool TryReach(int reach)
    {
        if (_octets is not null && _at + reach <= _octets.Length)
            return true;

        int kept = (int)((_count > 0 ? _ranges[_count - 1].End : End) - Start);
        if (_octets is not null && reach <= _octets.Length)
        {
            _octets.AsSpan(_at, kept).CopyTo(_octets);
            _at = 0;
            return true;
        }

        if (memory.Rent(reach) is not { } larger)
            return false;

        if (_octets is not null)
        {
            _octets.AsSpan(_at, kept).CopyTo(larger);
            memory.Return(_octets);
        }

        (_octets, _at) = (larger, 0);
        return true;
    }
}
