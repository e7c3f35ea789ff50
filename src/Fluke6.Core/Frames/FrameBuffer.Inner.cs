using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

// A frame inside another is a buffer over a part of the same array. Its first edit notes how long it is and what it sums to; as soon
// as anybody looks at the outer frame again, the difference goes into the outer lengths and checksums. So whatever the edit was, and
// however many setters it took, the outer checksum stays as right, or as wrong, as it was. Both are one frame to undo.
public sealed partial class FrameBuffer
{
    /// <summary>How many frames inside one another are followed, the outermost not counted.</summary>
    internal const int MaxInnerFrames = 3;

    private const int MaxPacketLength = 65535;

    private readonly FrameBuffer _outermost;
    private readonly FrameBuffer? _outer;
    private readonly int _depth;
    private FrameBuffer? _inner;    // used again for every frame that comes through this buffer
    private int _carrierLength;     // from the outer transport, or where it would be, to this frame
    private int _trailerLength;     // from its end to where the outer frame's payload ends
    private Encapsulation _place;   // as it was when it was opened
    private int _outerOverhead;     // what the outer packet has more than this frame
    private bool _isOpen;           // since the outer frame arrived, or last moved it
    private int _lengthBefore;
    private ushort _sumBefore;

    private FrameBuffer(FrameBuffer outer)
    {
        _undo = outer._undo;
        _outer = outer;
        _outermost = outer._outermost;
        _depth = outer._depth + 1;
        Array = outer.Array;
    }

    /// <summary>The buffer of the frame that is inside no other: this one, or what is around it.</summary>
    internal FrameBuffer Outermost => _outermost;

    /// <summary>Where the packet ends that may hold an inner frame; behind PPPoE and MPLS there is none but the frame.</summary>
    private int PacketEnd => _layers.Network == EtherType.None ? _length : _layers.NetworkEnd;

    /// <summary>Where what carries an inner frame begins: what follows IP, or the Ethernet header and its tags.</summary>
    private int CarrierStart => _layers.Network == EtherType.None ? _layers.NetworkOffset : _layers.TransportOffset;

    /// <summary>Where what this frame carries ends.</summary>
    private int CarrierEnd => _layers.HasTransport ? _layers.PayloadEnd : PacketEnd;

    /// <summary>MTU of both ports less all that is around this frame's packet.</summary>
    private int InnerMtu
    {
        get
        {
            ref readonly Layers layers = ref Layers;
            int around = _length + _outerOverhead - (layers.NetworkEnd - layers.NetworkOffset);
            return Math.Max(_outer!.Mtu - around, 0);
        }
    }

    /// <summary>Whether nothing in this frame can become longer or shorter, for what is around it would no longer be right.</summary>
    internal bool HasFixedLength => _outer is not null && (_place.HasFixedLength || _outer.HasFixedLength);

    /// <summary>The buffer of the frame that this one carries; null if it carries none that can be read.</summary>
    internal FrameBuffer? OpenInner()
    {
        if (Encapsulation.TryFind(Octets, Layers, out Encapsulation found))
            return Open(found, nameof(Frame.TryGetInner));

        if (found.IsUnreadable && _depth < MaxInnerFrames)
            FoundMalformed();
        return null;
    }

    /// <summary>The buffer of the frame that a rule says is carried at an offset; null if there cannot be one.</summary>
    internal FrameBuffer? OpenInnerAt(int offset, LinkType linkType) =>
        Encapsulation.TryFindAt(Octets, Layers, offset, linkType, out Encapsulation found)
            ? Open(found, nameof(Frame.TryGetInnerAt))
            : null;

    private FrameBuffer? Open(in Encapsulation found, string caller)
    {
        // Cut up on the wire, each datagram would have outer headers of its own in what looks like one inner frame.
        if (_depth == MaxInnerFrames || (Layers.HasTransport && Offload.SegmentSize > 0 && IsSegmentedAtOuterTransport))
            return null;

        FrameBuffer inner = _inner ??= new FrameBuffer(this);
        inner.Enter(found, caller);
        return found.LinkType == LinkType.RawIp && inner.Layers.Network == EtherType.None ? null : inner;
    }

    /// <summary>Lets lengths and checksums follow what happened inside. To be called before anything here is read.</summary>
    internal void SettleInner()
    {
        if (_inner is { Edited: true })
            Settle(_inner);
    }

    private void Enter(in Encapsulation found, string caller)
    {
        ref readonly Layers layers = ref _outer!._layers;
        int start = _outer.Start + found.Offset, length = found.End - found.Offset;
        if (_isOpen && start == Start && length == _length && found.LinkType == LinkType && found.IsAssumed == _place.IsAssumed)
            return;

        if (_isOpen)
            Leave(caller);
        Start = start;
        _length = length;
        _place = found;
        _carrierLength = found.Offset - _outer.CarrierStart;
        _outerOverhead = (layers.Network == EtherType.None ? found.End : layers.NetworkEnd) - layers.NetworkOffset - _length;
        _trailerLength = _outer.CarrierEnd - found.End;
        _facts = new FrameFacts { LinkType = found.LinkType, From = _outer.From };
        _walked = NotWalked;
        _isOpen = true;
    }

    /// <summary>Ends what was got of this inner frame: it is no longer where it was.</summary>
    private void Leave(string edit)
    {
        Abandon();
        NoteMove(edit);
        Generation++;
        _walked = NotWalked;
        _inner?.Leave(edit);
    }

    private void Abandon()
    {
        Edited = false;
        _isOpen = false;
        _inner?.Abandon();
    }

    /// <summary>Notes what the outer frame has to follow. All that changes next stands saved.</summary>
    private void BeginInnerEdit()
    {
        if (Edited)
            return;

        FrameBuffer outer = _outer!;
        // Walked once more if a setter of the outer frame has decided that it is to be read otherwise.
        _ = outer.Layers.StoppedAt;
        if (Start - outer.Start != outer.CarrierStart + _carrierLength
            || Start - outer.Start + _length + _trailerLength != outer.CarrierEnd)
        {
            throw new InvalidOperationException("The outer frame has changed its layout: get the inner frame anew.");
        }

        if (outer._outer is not null)
            outer.BeginInnerEdit();

        _lengthBefore = _length;
        _sumBefore = outer.ChecksumOverInner().Kind == ChecksumKind.Absent ? (ushort)0 : WireSum();
        Edited = true;
        // Whoever asks for the outer layers next has to settle first.
        outer._walked = NotWalked;
    }

    private void Settle(FrameBuffer inner)
    {
        inner.SettleInner();
        inner.Edited = false;
        int growth = inner._length - inner._lengthBefore;
        ChecksumField checksum = ChecksumOverInner();
        if (checksum.Kind != ChecksumKind.Absent)
        {
            (ushort old, ushort @new) = (inner._sumBefore, inner.WireSum());
            // RFC 1071 §2(B).
            if (int.IsOddInteger(inner._carrierLength))
                (old, @new) = (ReverseEndianness(old), ReverseEndianness(@new));
            if (old != @new)
                checksum.Adjust(old, @new);
        }

        if (growth != 0)
            FollowInnerLength(growth, checksum, inner);

        _walked = growth == 0 ? Generation : NotWalked;
    }

    private void FollowInnerLength(int growth, ChecksumField checksum, FrameBuffer inner)
    {
        ref readonly Layers layers = ref _layers;
        if (inner._place.LengthOffset > 0)
        {
            // Tags may have come before it since.
            PppoeHeader.FollowLength(Octets[(inner.Start - Start - (inner._place.Offset - inner._place.LengthOffset))..], growth);
        }

        if (layers.Network == EtherType.None)
            return;

        Span<byte> network = Octets[layers.NetworkOffset..layers.TransportOffset];
        int length = layers.NetworkEnd - layers.NetworkOffset + growth;
        if (layers.Network == EtherType.Ipv4)
            new ChecksumField(network.Slice(10, 2), ChecksumKind.Full, guard: null).Write(network, 2, (ushort)length);
        else
            Ipv6Fields.WriteLength(network, length);

        if (layers.HasTransport)
        {
            var old = (ushort)(layers.PayloadEnd - layers.TransportOffset);
            var @new = (ushort)(old + growth);
            if (layers.Transport == IpProtocol.Udp)
                checksum.Write(Octets.Slice(layers.TransportOffset, UdpHeader.Length), 4, @new);
            checksum.AdjustPseudoHeader(old, @new);
        }
    }

    /// <summary>The checksum, the transport's or GRE's, that covers the inner frame from where the transport would be.</summary>
    private ChecksumField ChecksumOverInner()
    {
        ref readonly Layers layers = ref _layers;
        Span<byte> carrier = Octets[layers.TransportOffset..];
        if (layers.HasTransport)
        {
            Offload offload = Offload;
            bool isPartial = offload.NeedsCsum && offload.ChecksumStart == layers.TransportOffset;
            ChecksumKind kind = isPartial ? ChecksumKind.Partial : ChecksumKind.Full;
            return layers.Transport switch
            {
                IpProtocol.Udp => UdpHeader.ChecksumOf(carrier, isPartial, guard: null),
                IpProtocol.Tcp => new ChecksumField(carrier.Slice(16, 2), kind, guard: null),
                _ => new ChecksumField(carrier.Slice(2, 2), kind, guard: null),
            };
        }

        return layers.NextProtocol == IpProtocol.Gre && GreHeader.TryRead(carrier, out GreHeader gre) && gre.HasChecksum
            ? new ChecksumField(carrier.Slice(4, 2), ChecksumKind.Full, guard: null)
            : default;
    }

    /// <summary>The sum of this frame as it will be on the wire.</summary>
    private ushort WireSum() => WireSum(0, _length);

    /// <summary>The sum, as they will be on the wire, of these octets of the frame, which reach to the end of its payload.</summary>
    internal ushort WireSum(int from, int end)
    {
        ReadOnlySpan<byte> octets = Octets[..end];
        Offload offload = Offload;
        if (!offload.NeedsCsum || offload.ChecksumStart < from || offload.ChecksumStart + offload.ChecksumOffset + sizeof(ushort) > end)
            return InternetChecksum.Sum(octets[from..]);

        // Once completed, what a checksum covers sums to the complement of the pseudo-header, which the field holds until then: whoever
        // made the outer checksum reckoned with that (local checksum offload).
        int start = offload.ChecksumStart;
        var completed = (ushort)~ReadUInt16BigEndian(octets[(start + offload.ChecksumOffset)..]);
        if (int.IsOddInteger(start - from))
            completed = ReverseEndianness(completed);

        return InternetChecksum.Fold((ulong)InternetChecksum.Sum(octets[from..start]) + completed);
    }
}
