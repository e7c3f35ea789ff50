using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>How much may stand after the payload and still be kept while the frame's own octets become its payload.</summary>
    private const int MaxTrailerOnStack = 256;

    /// <summary>
    /// Overwrites payload octets in place; the transport checksum follows. Nothing moves, and views still hold. Refused for a super-segment
    /// of UDP, which holds many datagrams' data.
    /// </summary>
    /// <remarks>
    /// A tunnel's payload may hold a checksum that is left to complete (<see cref="HasPartialChecksum"/>). It is completed if its two
    /// octets stay as they are; what is written over them goes out as written.
    /// </remarks>
    /// <param name="offset">Where in <see cref="Payload"/>; reaching past its end is refused.</param>
    /// <param name="octets">The new octets.</param>
    public readonly EditResult WritePayload(int offset, ReadOnlySpan<byte> octets)
    {
        ref readonly Layers layers = ref Layers;
        if (!layers.HasTransport)
            return EditResult.Unchanged;

        ReadOnlySpan<byte> payload = Payload;
        if (HoldsManyDatagrams || offset < 0 || offset > payload.Length || octets.Length > payload.Length - offset)
            return EditResult.Refused;
        if (payload.Slice(offset, octets.Length).SequenceEqual(octets))
            return EditResult.Unchanged;
        if (TryFindPartialChecksumInPayload(out int field))
            return WriteAroundPartialChecksum(offset, octets, field);

        _buffer.BeforeWholeEdit();
        Span<byte> segment = _buffer.Octets[layers.TransportOffset..layers.PayloadEnd];
        TransportChecksum().Write(segment, layers.PayloadOffset - layers.TransportOffset + offset, octets);
        return EditResult.Changed;
    }

    private readonly EditResult WriteAroundPartialChecksum(int offset, ReadOnlySpan<byte> octets, int field)
    {
        ref readonly Layers layers = ref Layers;
        int end = layers.PayloadOffset + offset + octets.Length;
        // Cut up on the wire, every piece needs the checksum made for it.
        if (SegmentSize > 0 && field + sizeof(ushort) > layers.PayloadOffset + offset && field < end)
            return EditResult.Refused;

        _buffer.BeforeWholeEdit();
        ushort partial = ReadUInt16BigEndian(_buffer.Octets[field..]);
        ushort old = _buffer.WireSum(layers.PayloadOffset, layers.PayloadEnd);
        octets.CopyTo(_buffer.Octets[(layers.PayloadOffset + offset)..end]);
        FollowPartialChecksum(field, partial, layers.PayloadEnd);
        TransportChecksum().Adjust(old, _buffer.WireSum(layers.PayloadOffset, layers.PayloadEnd));
        return EditResult.Changed;
    }

    /// <summary>Finds the field of a checksum that is left to complete and belongs to what the payload carries.</summary>
    private readonly bool TryFindPartialChecksumInPayload(out int field)
    {
        field = 0;
        if (!_buffer.HasOffload || !_buffer.Offload.NeedsCsum || _buffer.Offload.ChecksumStart < Layers.PayloadOffset)
            return false;

        field = _buffer.Offload.ChecksumStart + _buffer.Offload.ChecksumOffset;
        return field + sizeof(ushort) <= Layers.PayloadEnd;
    }

    /// <summary>Leaves a checksum in the payload to be completed only if it is still there.</summary>
    private readonly void FollowPartialChecksum(int field, ushort partial, int payloadEnd)
    {
        if (field + sizeof(ushort) > payloadEnd || ReadUInt16BigEndian(_buffer.Octets[field..]) != partial)
            _buffer.Offload.ClearPartialChecksum();
    }

    /// <summary>
    /// Replaces what TCP, UDP or ICMP carries; lengths and checksums follow. What stands after the payload, such as link-layer padding,
    /// still stands after it.
    /// </summary>
    /// <remarks>
    /// A payload that grows must keep within the MTU, or in a super-segment (<see cref="SegmentSize"/> above 0) within a packet of 65,535
    /// octets. A super-segment whose new payload fits into one segment becomes an ordinary frame; one of UDP, which holds many datagrams'
    /// data, is refused. A checksum in the payload that is left to complete (<see cref="HasPartialChecksum"/>) is completed if its two
    /// octets are where and as they were; else the payload goes out as given.
    /// </remarks>
    /// <param name="octets">The new payload; it may be a part of this frame.</param>
    public readonly EditResult ReplacePayload(ReadOnlySpan<byte> octets) => ReplacePayload(octets, nameof(ReplacePayload));

    private readonly EditResult ReplacePayload(ReadOnlySpan<byte> octets, string edit)
    {
        ref readonly Layers layers = ref Layers;
        if (!layers.HasTransport || Payload.SequenceEqual(octets))
            return EditResult.Unchanged;

        int growth = octets.Length - Payload.Length;
        int trailer = Length - layers.PayloadEnd;
        bool isOwn = octets.Overlaps(_buffer.Array);
        if (HoldsManyDatagrams || !PayloadMayGrow(growth) || (isOwn && (trailer > MaxTrailerOnStack || !_buffer.HasTailroom(growth))))
            return EditResult.Refused;

        bool carriesPartial = TryFindPartialChecksumInPayload(out int field);
        ushort partial = carriesPartial ? ReadUInt16BigEndian(_buffer.Octets[field..]) : (ushort)0;
        // Cut up on the wire, every piece needs the checksum made for it.
        if (carriesPartial && SegmentSize > 0 && (growth != 0 || ReadUInt16BigEndian(octets[(field - layers.PayloadOffset)..]) != partial))
            return EditResult.Refused;

        _buffer.BeforeWholeEdit();
        ushort old = _buffer.WireSum(layers.PayloadOffset, layers.PayloadEnd);
        int length = Length + growth;
        _buffer.MakeRoom(length);
        Place(octets, isOwn, trailer);

        int end = layers.PayloadOffset + octets.Length;
        if (carriesPartial)
            FollowPartialChecksum(field, partial, end);

        // Only now: the new payload may hold the very headers that are adjusted here.
        TransportChecksum().Adjust(old, _buffer.WireSum(layers.PayloadOffset, end));
        if (growth != 0)
            _buffer.FollowLength(layers, growth);

        _buffer.Resize(length);
        _buffer.OctetsMoved(growth, edit);
        FollowPayload(octets.Length);
        return EditResult.Changed;
    }

    /// <summary>Replaces what TCP, UDP or ICMP carries by a packet: a tunnel's, or one that an ICMP error reports on.</summary>
    /// <param name="packet">The packet; lengths and checksums are filled in.</param>
    /// <inheritdoc cref="ReplacePayload(ReadOnlySpan{byte})"/>
    public readonly EditResult ReplacePayload(in Packet packet)
    {
        if (packet.Length > MaxPacketOnStack)
            return ReplacePayload(packet.ToArray());

        Span<byte> octets = stackalloc byte[MaxPacketOnStack];
        return ReplacePayload(octets[..packet.Write(octets)]);
    }

    private readonly bool HoldsManyDatagrams => SegmentSize > 0 && Layers.Transport == IpProtocol.Udp;

    /// <summary>Copies the payload, and what stands after it, to where they will be.</summary>
    private readonly void Place(ReadOnlySpan<byte> octets, bool isOwn, int trailerLength)
    {
        ref readonly Layers layers = ref Layers;
        Span<byte> trailer = _buffer.Octets.Slice(layers.PayloadEnd, trailerLength);
        Span<byte> payload = _buffer.Octets[layers.PayloadOffset..];
        if (isOwn)
        {
            // Either may stand where the other has to be read from.
            Span<byte> saved = stackalloc byte[MaxTrailerOnStack];
            trailer.CopyTo(saved);
            octets.CopyTo(payload);
            saved[..trailerLength].CopyTo(payload[octets.Length..]);
        }
        else
        {
            trailer.CopyTo(payload[octets.Length..]);
            octets.CopyTo(payload);
        }
    }

    private readonly bool PayloadMayGrow(int growth)
    {
        ref readonly Layers layers = ref Layers;
        if (growth == 0)
            return true;
        if (HasFixedLength)
            return false;
        if (growth < 0)
            return true;

        int packet = layers.NetworkEnd - layers.NetworkOffset + growth;
        bool isCutUp = SegmentSize > 0 && layers.PayloadEnd - layers.PayloadOffset + growth > SegmentSize;
        return packet <= FrameRegion.MaxPacketLength
            && (isCutUp || packet <= Mtu)
            && _buffer.MayGrow(growth);
    }

    /// <summary>Keeps the offload header true to a payload of another length.</summary>
    private readonly void FollowPayload(int length)
    {
        Offload offload = _buffer.Offload;
        if (SegmentSize > 0 && length <= SegmentSize)
            offload.ClearSegmentation();

        // Senders may put the length of all that was linear in memory here; the kernel takes no frame shorter than it says.
        if (offload.HeaderLength > Length)
            offload.HeaderLength = (ushort)Length;
    }
}
