using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>
/// A frame inside another, in the same memory. Its first edit notes how long it is and what it sums to; as soon as anybody looks at the
/// frame around it again, the difference goes into that one's lengths and checksums. So whatever the edit was, and however many setters it
/// took, the outer checksum stays as right, or as wrong, as it was. Both are one frame to undo.
/// </summary>
internal sealed partial class InnerFrame : FrameRegion
{
    private readonly FrameRegion _outer;
    private int _carrierLength;     // from the outer transport, or where it would be, to this frame
    private int _trailerLength;     // from its end to where the outer frame's payload ends
    private Encapsulation _place;   // as it was when it was opened
    private int _outerOverhead;     // what the outer packet has more than this frame
    private bool _isOpen;           // since the outer frame arrived, or last moved it
    private int _lengthBefore;
    private ushort _sumBefore;

    /// <summary>Room for what a frame carries, used again for each one that comes there.</summary>
    public InnerFrame(FrameRegion outer)
        : base(outer.Array, outer.Outermost)
    {
        _outer = outer;
        Depth = outer.Depth + 1;
    }

    /// <inheritdoc/>
    internal override LinkType LinkType => _place.LinkType;

    /// <inheritdoc/>
    internal override int Depth { get; }

    /// <summary>MTU of both ports less all that is around this frame's packet.</summary>
    internal override int Mtu
    {
        get
        {
            ref readonly Layers layers = ref Layers;
            int around = Length + _outerOverhead - (layers.NetworkEnd - layers.NetworkOffset);
            return Math.Max(_outer.Mtu - around, 0);
        }
    }

    /// <inheritdoc/>
    internal override bool HasFixedLength => _place.HasFixedLength || _outer.HasFixedLength;

    /// <summary>Makes this the frame that was found, unless it is.</summary>
    internal void Enter(in Encapsulation found, string caller)
    {
        int start = _outer.Start + found.Offset, length = found.End - found.Offset;
        if (_isOpen && start == Start && length == Length && found.LinkType == LinkType && found.IsAssumed == _place.IsAssumed)
            return;

        if (_isOpen)
            Leave(caller);
        Start = start;
        Length = length;
        _place = found;
        _carrierLength = found.Offset - _outer.CarrierStart;
        _outerOverhead = _outer.PacketEnd(found.End) - _outer.PacketStart - Length;
        _trailerLength = _outer.CarrierEnd - found.End;
        ForgetWalk();
        _isOpen = true;
    }

    /// <summary>Ends what was got of this inner frame: it is no longer where it was.</summary>
    internal void Leave(string edit)
    {
        Abandon();
        NoteMove(edit);
        BeginGeneration();
        LeaveInner(edit);
    }

    /// <summary>Ends this inner frame together with the one around it.</summary>
    internal void Abandon()
    {
        Edited = false;
        _isOpen = false;
        ForgetWalk();
        AbandonInner();
    }

    /// <inheritdoc/>
    private protected override void SaveHeaders()
    {
        int count = HeaderOctets;
        Outermost.SaveWith(Start - Outermost.Start + count);
        BeginEdit();
    }

    /// <inheritdoc/>
    internal override void BeforeWholeEdit()
    {
        SettleInner();
        Outermost.SaveWhole();
        BeginEdit();
    }

    /// <summary>Notes what the outer frame has to follow. All that changes next stands saved.</summary>
    private void BeginEdit()
    {
        if (Edited)
            return;

        // Walked once more if a setter of the outer frame has decided that it is to be read otherwise.
        _ = _outer.Layers.StoppedAt;
        int offset = Start - _outer.Start;
        if (offset != _outer.CarrierStart + _carrierLength || offset + Length + _trailerLength != _outer.CarrierEnd)
            throw new InvalidOperationException("The outer frame has changed its layout: get the inner frame anew.");

        (_outer as InnerFrame)?.BeginEdit();
        _lengthBefore = Length;
        _sumBefore = _outer.CarrierChecksum().Kind == ChecksumKind.Absent ? (ushort)0 : WireSum(0, Length);
        Edited = true;
        // Whoever asks for the outer layers next has to settle first.
        _outer.ForgetWalk();
    }

    /// <summary>Lets the lengths and checksums around this frame follow what happened in it.</summary>
    internal void Settle()
    {
        SettleInner();
        Edited = false;
        ChecksumField checksum = _outer.CarrierChecksum();
        if (checksum.Kind != ChecksumKind.Absent)
        {
            (ushort old, ushort @new) = (_sumBefore, WireSum(0, Length));
            // RFC 1071 §2(B).
            if (int.IsOddInteger(_carrierLength))
                (old, @new) = (ReverseEndianness(old), ReverseEndianness(@new));
            if (old != @new)
                checksum.Adjust(old, @new);
        }

        _outer.FollowInner(Length - _lengthBefore);
    }

    /// <inheritdoc/>
    private protected override void Walk()
    {
        Outermost.RefuseIfLeftBehind();
        if (!HasToWalk())
            return;

        LayerWalk.Walk(Octets, LinkType, out WalkedLayers, _place.IsQuoted);
        // The outermost frame's own headers are for the bridge to judge, as they arrive; a quotation ends anywhere, and a rule may be wrong.
        if (!WalkedLayers.AreUnderstood && !_place.IsQuoted && !_place.IsAssumed)
            FoundMalformed();
    }

    /// <inheritdoc/>
    internal override void NoteMoveWithOuters(string edit)
    {
        NoteMove(edit);
        _outer.NoteMoveWithOuters(edit);
    }
}
