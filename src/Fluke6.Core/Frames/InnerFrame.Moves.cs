namespace Fluke6.Frames;

// How a frame inside another grows and shrinks: what is around it moves, and has been saved before.
internal sealed partial class InnerFrame
{
    /// <inheritdoc/>
    internal override bool MayGrow(int octets) => Length + _outerOverhead + octets <= MaxPacketLength && _outer.MayGrow(octets);

    /// <inheritdoc/>
    internal override bool HasHeadroom(int octets) =>
        MayGrow(octets)
        && (Offload.SegmentSize > 0 || Length + _outerOverhead + octets <= _outer.Mtu)
        && _outer.HasHeadroom(octets);

    /// <inheritdoc/>
    internal override bool HasTagRoom(int octets) => true;

    // The octets behind this frame would have to move before they are read.
    /// <inheritdoc/>
    internal override bool HasTailroom(int octets) =>
        octets <= 0 || (Start + Length == Outermost.Start + Outermost.Length && Outermost.HasTailroom(octets));

    /// <inheritdoc/>
    internal override void MakeRoom(int length)
    {
        if (length > Length)
            Resize(length);
    }

    /// <inheritdoc/>
    internal override void Resize(int length)
    {
        int growth = length - Length;
        if (growth == 0)
            return;

        int offset = Start - _outer.Start, end = offset + Length, tail = _outer.Length - end;
        Outermost.SaveWhole();
        if (growth > 0)
            _outer.MakeRoom(_outer.Length + growth);

        Start = _outer.Start + offset;
        Array.AsSpan(_outer.Start + end, tail).CopyTo(Array.AsSpan(_outer.Start + end + growth));
        if (growth < 0)
            _outer.Resize(_outer.Length + growth);
        Length = length;
    }

    /// <inheritdoc/>
    private protected override void MoveOctetsBefore(int at, int growth, string edit)
    {
        int offset = Start - _outer.Start;
        _outer.MoveHeadAndOuters(offset + at, growth, edit);
        Start = _outer.Start + offset;
    }
}
