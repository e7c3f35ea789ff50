using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    private const byte SourceLinkLayerAddressOption = 1, TargetLinkLayerAddressOption = 2;          // RFC 4861 §4.6.1
    private const int NeighborMessageLength = 24, LinkLayerAddressOptionLength = 8;

    /// <summary>
    /// Turns a Neighbor Solicitation into the advertisement that answers it. RFC 4861 §7.2.4: to who asked or, where its source is
    /// unspecified (duplicate address detection, RFC 4862 §5.4.3), to all nodes and without the S flag. On Ethernet it goes to the
    /// solicitation's Source Link-Layer Address or, without that option, to where the frame came from. Whether the solicitation asks for
    /// <see cref="NeighborAdvertisementFields.Target"/> is the caller's to decide.
    /// </summary>
    /// <returns>False if this is no solicitation that a node may answer: RFC 4861 §7.1.1 lists what makes it valid.</returns>
    public readonly bool Answer(NeighborAdvertisementFields fields)
    {
        if (!TryGetIpv6(out Ipv6Header ipv6) || !IsNeighborSolicitation(ipv6, out MacAddress? linkLayerAddress))
            return false;

        Ipv6Address asker = ipv6.Source;
        Ipv6Address destination = asker.IsUnspecified ? Ipv6Address.AllNodes : asker;
        Span<byte> packet = stackalloc byte[Ipv6Header.Length + NeighborMessageLength + LinkLayerAddressOptionLength];
        packet.Clear();
        if (!fields.IncludeLinkLayerAddress)
            packet = packet[..^LinkLayerAddressOptionLength];

        packet[0] = 6 << 4;
        WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - Ipv6Header.Length));
        packet[6] = (byte)IpProtocol.Icmpv6;
        packet[7] = 255;
        (fields.Source ?? fields.Target).WriteTo(packet[8..]);
        destination.WriteTo(packet[24..]);

        Span<byte> message = packet[Ipv6Header.Length..];
        message[0] = (byte)Icmpv6Type.NeighborAdvertisement;
        message[4] = (byte)((fields.Router ? 0x80 : 0)
            | (fields.Solicited ?? !asker.IsUnspecified ? 0x40 : 0)
            | (fields.Override ? 0x20 : 0));
        fields.Target.WriteTo(message[8..]);
        if (fields.IncludeLinkLayerAddress)
        {
            message[24] = TargetLinkLayerAddressOption;
            message[25] = LinkLayerAddressOptionLength / 8;
            fields.LinkLayerAddress.WriteTo(message[26..]);
        }

        ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(packet.Slice(8, 32), (byte)IpProtocol.Icmpv6, message.Length);
        WriteUInt16BigEndian(message[2..], InternetChecksum.Compute(message, pseudoHeader));

        _buffer.BeforeWholeEdit();
        if (TryGetEthernet(out EthernetHeader ethernet))
        {
            ethernet.Destination = asker.IsUnspecified ? MacAddress.ForMulticast(destination) : linkLayerAddress ?? ethernet.Source;
            ethernet.Source = fields.LinkLayerAddress;
        }

        ReplacePacket(packet);
        return true;
    }

    /// <summary>Whether this is a valid Neighbor Solicitation, and the Source Link-Layer Address it gives. RFC 4861 §7.1.1.</summary>
    private readonly bool IsNeighborSolicitation(Ipv6Header ipv6, out MacAddress? linkLayerAddress)
    {
        linkLayerAddress = null;
        ref readonly Layers layers = ref Layers;
        if (!layers.HasTransport || layers.Transport != IpProtocol.Icmpv6 || layers.IsFragment || layers.IsSourceRouted)
            return false;

        ReadOnlySpan<byte> message = _buffer.Octets[layers.TransportOffset..layers.PayloadEnd];
        if (message[0] != (byte)Icmpv6Type.NeighborSolicitation || message[1] != 0 || message.Length < NeighborMessageLength
            || ipv6.HopLimit != 255 || ipv6.Source.IsMulticast || Ipv6Address.Read(message[8..]).IsMulticast)
        {
            return false;
        }

        ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(ipv6.Addresses, (byte)IpProtocol.Icmpv6, message.Length);
        if (!ChecksumIsPartial(layers.TransportOffset) && InternetChecksum.Compute(message, pseudoHeader) != 0)
            return false;

        for (ReadOnlySpan<byte> options = message[NeighborMessageLength..]; !options.IsEmpty;)
        {
            int length = options.Length < 2 ? 0 : options[1] * 8;
            if (length == 0 || length > options.Length)
                return false;
            if (options[0] == SourceLinkLayerAddressOption && length == LinkLayerAddressOptionLength)
                linkLayerAddress ??= MacAddress.Read(options[2..]);

            options = options[length..];
        }

        // Who has no address yet asks the group, and must not be remembered.
        return !ipv6.Source.IsUnspecified || (linkLayerAddress is null && IsSolicitedNodeMulticast(ipv6.Destination));
    }

    private static bool IsSolicitedNodeMulticast(Ipv6Address address) => address == address.SolicitedNodeMulticast;
}
