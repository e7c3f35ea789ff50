using System.Buffers;
using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    private const int MaxPacketOnStack = 2048;

    /// <summary>
    /// Makes these octets the whole frame. They are taken as they would stand on a wire, as <see cref="ToArray"/> gives them: every
    /// checksum in full. A super-segment stays one if the octets still hold more payload than one segment.
    /// </summary>
    /// <param name="octets">From the link header on.</param>
    /// <returns>
    /// <see cref="EditResult.Refused"/>, with the frame as it was, if there are none or more than the ports take;
    /// <see cref="EditResult.Unchanged"/> if the frame already is that, and then what was left to complete stays so.
    /// </returns>
    public readonly EditResult Replace(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty || !_buffer.MayGrow(octets.Length - Length) || (_buffer.HasFixedLength && octets.Length != Length))
            return EditResult.Refused;
        if (IsOnTheWire(octets))
            return EditResult.Unchanged;

        Offload offload = _buffer.Offload;
        LayerWalk.Walk(octets, LinkType, out Layers layers);
        bool isSuperSegment = IsSegmentable(layers, offload);
        int linkHeader = LinkType == LinkType.RawIp ? 0 : EthernetHeader.Length + (layers.VlanTags * VlanTag.Length);
        // A frame that arrived longer than the MTU allows was let in; it may stay as long as it is.
        if (!isSuperSegment && octets.Length > Math.Max(Mtu + linkHeader, SegmentSize > 0 ? 0 : Length))
            return EditResult.Refused;

        _buffer.BeforeWholeEdit();
        int growth = octets.Length - Length;
        _buffer.MakeRoom(octets.Length);
        _buffer.Resize(octets.Length);
        octets.CopyTo(_buffer.Octets);
        _buffer.OctetsMoved(growth);

        // It may stand elsewhere now.
        offload = _buffer.Offload;
        if (isSuperSegment)
            MakeChecksumPartial(layers, offload);
        else
            offload.Clear();
        return EditResult.Changed;
    }

    /// <summary>Makes a packet the whole frame, to be sent back with <c>Verdict.Reflect</c> or on.</summary>
    /// <param name="packet">It begins as the frame does, with an Ethernet header or with an IP header; else this is refused.</param>
    /// <inheritdoc cref="Replace(ReadOnlySpan{byte})"/>
    public readonly EditResult Replace(in Packet packet)
    {
        if (packet.LinkType != LinkType)
            return EditResult.Refused;
        if (packet.Length > MaxPacketOnStack)
            return Replace(packet.ToArray());

        Span<byte> octets = stackalloc byte[MaxPacketOnStack];
        return Replace(octets[..packet.Write(octets)]);
    }

    /// <summary>Whether these octets are the frame's, once its checksum is completed.</summary>
    private readonly bool IsOnTheWire(ReadOnlySpan<byte> octets)
    {
        if (octets.Length != Length)
            return false;
        if (!HasPartialChecksum)
            return Octets.SequenceEqual(octets);

        byte[] completed = ArrayPool<byte>.Shared.Rent(Length);
        Span<byte> frame = completed.AsSpan(0, Length);
        Octets.CopyTo(frame);
        PartialChecksum.Complete(frame, LinkType, _buffer.Offload);
        bool isSame = frame.SequenceEqual(octets);
        ArrayPool<byte>.Shared.Return(completed);
        return isSame;
    }

    /// <summary>Whether the offload header's way of cutting up fits these headers, and there is more than one segment to cut.</summary>
    private static bool IsSegmentable(in Layers layers, Offload offload)
    {
        if (!layers.HasTransport || layers.IsFragment || layers.PayloadEnd - layers.PayloadOffset <= offload.SegmentSize)
            return false;

        return offload.Segmentation switch
        {
            SegmentationKind.Tcpv4 => layers.Transport == IpProtocol.Tcp && layers.Network == EtherType.Ipv4,
            SegmentationKind.Tcpv6 => layers.Transport == IpProtocol.Tcp && layers.Network == EtherType.Ipv6,
            SegmentationKind.Udp => layers.Transport == IpProtocol.Udp,
            _ => false,
        };
    }

    // Whoever cuts a super-segment up computes each piece's checksum from the pseudo-header's sum. virtio 1.2 §5.1.6.2.
    private readonly void MakeChecksumPartial(in Layers layers, Offload offload)
    {
        Span<byte> packet = _buffer.Octets[layers.NetworkOffset..layers.PayloadEnd];
        UpperLayerChecksum.Write(packet, layers.TransportOffset - layers.NetworkOffset, layers.Transport, partial: true);
        offload.SetPartialChecksum(layers.TransportOffset, UpperLayerChecksum.OffsetOf(layers.Transport));
        offload.HeaderLength = (ushort)layers.PayloadOffset;
    }
}
