using Fluke6.Wire;

namespace Fluke6.Frames;

// The steps that all edits which change a length have in common.
public ref partial struct Frame
{
    /// <summary>The largest IP packet that edits make, in octets.</summary>
    private const int MaxPacketLength = 65535;

    /// <summary>
    /// Whether no edit may change a length: the lengths and checksums of a fragment, and of a packet that an ICMP error quotes, cover octets
    /// that travel elsewhere, and around a frame that a rule found by itself may stand a length that nobody knows.
    /// </summary>
    private readonly bool HasFixedLength => Layers.IsFragment || _buffer.HasFixedLength;

    /// <summary>Whether the transport header may become this much longer, or shorter, in octets.</summary>
    private readonly bool HeadersMayGrow(int growth)
    {
        ref readonly Layers layers = ref Layers;
        // A checksum of the whole datagram knows its length; a fragment does not.
        if (HasFixedLength)
            return false;
        if (growth <= 0)
            return true;

        int packet = layers.NetworkEnd - layers.NetworkOffset + growth;
        int onTheWire = packet;
        if (SegmentSize > 0)
            onTheWire = Math.Min(packet, _buffer.SegmentHeaderLength - layers.NetworkOffset + growth + SegmentSize);
        return packet <= MaxPacketLength && onTheWire <= Mtu && _buffer.HasHeadroom(growth);
    }

    /// <summary>
    /// Writes the lengths that follow from a transport header or payload that grows, and adjusts checksums over them. The octets
    /// have not moved yet, and stand saved.
    /// </summary>
    private readonly void FollowLength(int growth)
    {
        ref readonly Layers layers = ref Layers;
        Span<byte> network = _buffer.Octets[layers.NetworkOffset..layers.TransportOffset];
        int length = layers.NetworkEnd - layers.NetworkOffset + growth;
        if (layers.Network == EtherType.Ipv4)
            new ChecksumField(network.Slice(10, 2), ChecksumKind.Full, _buffer).Write(network, 2, (ushort)length);
        else
            Ipv6Fields.WriteLength(network, length);

        var old = (ushort)(layers.PayloadEnd - layers.TransportOffset);
        var @new = (ushort)(old + growth);
        if (layers.Transport == IpProtocol.Udp)
            TransportChecksum().Write(_buffer.Octets[layers.TransportOffset..layers.PayloadEnd], 4, @new);

        PseudoHeaderChecksum(layers).AdjustPseudoHeader(old, @new);
    }
}
