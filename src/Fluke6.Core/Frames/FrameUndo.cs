namespace Fluke6.Frames;

/// <summary>
/// What a rule's first edit saves, so that a rule that throws leaves the frame as it found it. Header edits save the headers only:
/// header octets move within the headroom and never touch the payload, and a 64 KiB payload is not copied for the sake of one option.
/// </summary>
public sealed class FrameUndo
{
    private readonly byte[] _saved = GC.AllocateUninitializedArray<byte>(Offload.Length + FrameBuffer.MaxFrameLength + 1);
    private int _start;
    private int _length;
    private int _count;

    /// <summary>Saves the offload header and the first <paramref name="count"/> octets.</summary>
    internal void Save(FrameBuffer buffer, int count)
    {
        _start = buffer.Start;
        _length = buffer.Length;
        _count = count;
        buffer.Array.AsSpan(_start - Offload.Length, Offload.Length + count).CopyTo(_saved);
    }

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
        buffer.Start = _start;
        buffer.Length = _length;
    }

    /// <summary>The headers, and the payload if an edit reached it, as they were before the edit.</summary>
    internal ReadOnlySpan<byte> Saved => _saved.AsSpan(Offload.Length, _count);
}
