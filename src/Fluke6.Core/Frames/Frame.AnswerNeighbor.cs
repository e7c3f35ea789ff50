using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    private const int LinkLayerAddressOptionLength = 8;     // RFC 4861 §4.6.1

    /// <summary>
    /// Turns a Neighbor Solicitation into the advertisement that answers it. RFC 4861 §7.2.4: to who asked or, where its source is
    /// unspecified (duplicate address detection, RFC 4862 §5.4.3), to all nodes and without the S flag. On Ethernet it goes to the
    /// solicitation's Source Link-Layer Address or, without that option, to where the frame came from. Whether the solicitation asks for
    /// <see cref="NeighborAdvertisementFields.Target"/> is the caller's to decide.
    /// </summary>
    /// <returns>False if this is no solicitation that a node may answer: RFC 4861 §7.1.1 lists what makes it valid.</returns>
    public readonly bool Answer(NeighborAdvertisementFields fields)
    {
        if (!TryGetIpv6(out Ipv6Header ipv6) || !IsValidSolicitation(ipv6, out MacAddress? linkLayerAddress))
            return false;

        Ipv6Address asker = ipv6.Source;
        Ipv6Address destination = asker.IsUnspecified ? Ipv6Address.AllNodes : asker;
        Span<byte> packet = stackalloc byte[Ipv6Header.Length + NeighborAdvertisement.MinLength + LinkLayerAddressOptionLength];
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
            message[24] = (byte)NeighborDiscoveryOptionType.TargetLinkLayerAddress;
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

    /// <summary>Whether this is a valid Neighbor Solicitation, and the source link-layer address it gives. RFC 4861 §7.1.1.</summary>
    private readonly bool IsValidSolicitation(Ipv6Header ipv6, out MacAddress? linkLayerAddress)
    {
        linkLayerAddress = null;
        ref readonly Layers layers = ref Layers;
        if (!TryGetNeighborSolicitation(out NeighborSolicitation solicitation) || layers.IsFragment || layers.HasOtherAddresses
            || ipv6.HopLimit != 255 || ipv6.Source.IsMulticast || solicitation.Target.IsMulticast || solicitation.Options.IsMalformed)
        {
            return false;
        }

        ReadOnlySpan<byte> message = _buffer.Octets[layers.TransportOffset..layers.PayloadEnd];
        ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(ipv6.Addresses, (byte)IpProtocol.Icmpv6, message.Length);
        if (!ChecksumIsPartial(layers.TransportOffset) && InternetChecksum.Compute(message, pseudoHeader) != 0)
            return false;

        foreach (NeighborDiscoveryOption option in solicitation.Options)
        {
            if (option.Type == NeighborDiscoveryOptionType.SourceLinkLayerAddress
                && option.TryGetLinkLayerAddress(out LinkLayerAddressOption source))
            {
                linkLayerAddress ??= source.Address;
            }
        }

        // Who has no address yet asks the group, and must not be remembered.
        return !ipv6.Source.IsUnspecified
            || (linkLayerAddress is null && ipv6.Destination == ipv6.Destination.SolicitedNodeMulticast);
    }
}
