namespace Fluke6.Frames;

/// <summary>
/// The octets that a rule's first edit saves, so that a rule that throws leaves the frame as it found it. Header edits save the headers
/// only: header octets move within the headroom and never touch the payload, and a 64 KiB payload is not copied for the sake of one option.
/// </summary>
internal sealed class FrameUndo
{
    /// <summary>How many octets of a frame are kept as they arrived: its headers and the small messages.</summary>
    internal const int ArrivalCapacity = 512;

    private readonly byte[] _arrival = GC.AllocateUninitializedArray<byte>(ArrivalCapacity);
    private readonly byte[] _saved = GC.AllocateUninitializedArray<byte>(Offload.Length + FrameBuffer.MaxFrameLength + 1);
    private int _start;
    private int _length;
    private int _count;
    private int _arrivalCount;

    /// <summary>Saves the offload header and the first <paramref name="count"/> octets.</summary>
    internal void Save(FrameBuffer buffer, int count)
    {
        _start = buffer.Start;
        _length = buffer.Length;
        _count = count;
        buffer.Array.AsSpan(_start - Offload.Length, Offload.Length + count).CopyTo(_saved);
    }

    /// <summary>Keeps the frame's first octets as they arrived, for as long as any rule has it.</summary>
    internal void SaveArrival(FrameBuffer buffer)
    {
        _arrivalCount = Math.Min(buffer.Length, ArrivalCapacity);
        ArrivalLength = buffer.Length;
        buffer.Array.AsSpan(buffer.Start, _arrivalCount).CopyTo(_arrival);
    }

    /// <summary>Where those octets are to be written of a frame that was held and goes on.</summary>
    internal Span<byte> RoomForArrival(int count, int length)
    {
        (_arrivalCount, ArrivalLength) = (count, length);
        return _arrival.AsSpan(0, count);
    }

    /// <summary>The frame's first octets as it arrived, if a rule changed it since.</summary>
    internal Span<byte> Arrival => _arrival.AsSpan(0, _arrivalCount);

    /// <summary>How many octets the frame had when it arrived, if a rule changed it since.</summary>
    internal int ArrivalLength { get; private set; }

    /// <summary>Saves what <see cref="Save"/> left out; those octets have not been touched yet.</summary>
    internal void SaveRest(FrameBuffer buffer)
    {
        int rest = _length - _count;
        if (rest <= 0)
            return;

        buffer.Array.AsSpan(_start + _count, rest).CopyTo(_saved.AsSpan(Offload.Length + _count));
        _count = _length;
    }

    /// <summary>Puts everything back.</summary>
    internal void Restore(FrameBuffer buffer)
    {
        _saved.AsSpan(0, Offload.Length + _count).CopyTo(buffer.Array.AsSpan(_start - Offload.Length));
        buffer.PutBack(_start, _length);
    }

    /// <summary>The headers, and the payload if an edit reached it, as they were before the edit.</summary>
    internal ReadOnlySpan<byte> Saved => _saved.AsSpan(Offload.Length, _count);

    /// <summary>The offload header as it was before the edit.</summary>
    internal Offload SavedOffload => new(_saved);
}
