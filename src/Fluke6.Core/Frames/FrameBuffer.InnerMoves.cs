namespace Fluke6.Frames;

// How a frame inside another grows and shrinks: what is around it moves, and has been saved before.
public sealed partial class FrameBuffer
{
    private void SaveWhole()
    {
        if (Edited)
            _undo.SaveRest(this);
        else
            Save(Length);
    }

    /// <summary>
    /// Saves the first <paramref name="count"/> octets, if nothing is saved yet; else all, for what is may not reach so far.
    /// </summary>
    private void SaveWith(int count)
    {
        if (Edited)
            _undo.SaveRest(this);
        else
            Save(count);
    }

    private bool OuterMayGrow(int octets) => _length + _outerOverhead + octets <= MaxPacketLength && _outer!.MayGrow(octets);

    private bool OuterHasHeadroom(int octets) =>
        OuterMayGrow(octets)
        && (Offload.SegmentSize > 0 || _length + _outerOverhead + octets <= _outer!.Mtu)
        && _outer!.HasHeadroom(octets);

    // The octets behind this frame would have to move before they are read.
    private bool OuterHasTailroom(int octets) =>
        octets <= 0 || (Start + _length == _outermost.Start + _outermost._length && _outermost.HasTailroom(octets));

    private void MoveOuterHead(int at, int growth, string edit)
    {
        int offset = Start - _outer!.Start;
        _outer.MoveHeadAndOuters(offset + at, growth, edit);
        Start = _outer.Start + offset;
    }

    private void MakeRoomInOuter(int length)
    {
        if (length > _length)
            Length = length;
    }

    private void MoveOuterTail(int growth)
    {
        if (growth == 0)
            return;

        FrameBuffer outer = _outer!;
        int offset = Start - outer.Start, end = offset + _length, tail = outer._length - end;
        _outermost.SaveWhole();
        if (growth > 0)
            outer.MakeRoom(outer._length + growth);

        Start = outer.Start + offset;
        Array.AsSpan(outer.Start + end, tail).CopyTo(Array.AsSpan(outer.Start + end + growth));
        if (growth < 0)
            outer.Length += growth;
    }
}
