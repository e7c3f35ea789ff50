using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// Turns a Neighbor Solicitation into the advertisement that answers it. RFC 4861 §7.2.4: to who asked or, where its source is
    /// unspecified (duplicate address detection, RFC 4862 §5.4.3), to all nodes. On Ethernet it goes to the solicitation's Source Link-Layer Address or,
    /// without that option, to where the frame came from. Whether the solicitation asks for
    /// <see cref="NeighborAdvertisementFields.Target"/> is the caller's to decide.
    /// </summary>
    /// <param name="fields">What to say; its S flag is chosen here.</param>
    /// <param name="source">Where the packet says it comes from; if null, from <see cref="NeighborAdvertisementFields.Target"/>.</param>
    /// <param name="linkLayerSource">
    /// The MAC address that it comes from; if null, <see cref="NeighborAdvertisementFields.LinkLayerAddress"/> or, if that is null, too, the one
    /// that the solicitation went to.
    /// </param>
    /// <param name="solicited">The S flag; if null, set unless the solicitation's source is unspecified.</param>
    /// <returns>
    /// <see cref="Verdict.Continue"/>, the frame untouched, if this is no solicitation that a node may answer, RFC 4861 §7.1.1 lists what makes it valid, or nothing says which MAC address
    /// the answer to a group's solicitation comes from.
    /// </returns>
    public readonly Verdict Answer(
        NeighborAdvertisementFields fields, Ipv6Address? source = null, MacAddress? linkLayerSource = null, bool? solicited = null)
    {
        if (!TryGetIpv6(out Ipv6Header ipv6) || !IsValidSolicitation(ipv6, out MacAddress? linkLayerAddress))
            return Verdict.Continue;

        MacAddress? sender = linkLayerSource ?? fields.LinkLayerAddress;
        if (TryGetEthernet(out EthernetHeader ethernet) && sender is null)
        {
            if (ethernet.Destination.IsMulticast)
                return Verdict.Continue;
            sender = ethernet.Destination;
        }

        Ipv6Address asker = ipv6.Source;
        Ipv6Address destination = asker.IsUnspecified ? Ipv6Address.AllNodes : asker;
        fields = fields with { Solicited = solicited ?? !asker.IsUnspecified };
        Span<byte> packet = stackalloc byte[Ipv6Header.Length + fields.Length];
        new Ipv6Fields(source ?? fields.Target, destination, IpProtocol.Icmpv6) { HopLimit = 255 }.Write(packet);
        fields.Write(packet[Ipv6Header.Length..]);
        UpperLayerChecksum.Write(packet, Ipv6Header.Length, IpProtocol.Icmpv6);

        _buffer.BeforeWholeEdit();
        if (LinkType == LinkType.Ethernet && sender is { } mac)
        {
            ethernet.Destination = asker.IsUnspecified ? MacAddress.ForMulticast(destination) : linkLayerAddress ?? ethernet.Source;
            ethernet.Source = mac;
        }

        ReplacePacket(packet);
        return Verdict.Reflect;
    }

    /// <summary>Whether this is a valid Neighbor Solicitation, and the source link-layer address it gives. RFC 4861 §7.1.1.</summary>
    private readonly bool IsValidSolicitation(Ipv6Header ipv6, out MacAddress? linkLayerAddress)
    {
        linkLayerAddress = null;
        ref readonly Layers layers = ref Layers;
        if (!TryGetNeighborSolicitation(out NeighborSolicitation solicitation) || HasFixedLength || layers.HasOtherAddresses
            || ipv6.HopLimit != 255 || ipv6.Source.IsMulticast || solicitation.Target.IsMulticast || solicitation.Options.IsMalformed)
        {
            return false;
        }

        ReadOnlySpan<byte> message = _buffer.Octets[layers.TransportOffset..layers.PayloadEnd];
        ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(ipv6.Addresses, (byte)IpProtocol.Icmpv6, message.Length);
        if (!_buffer.ChecksumIsPartial(layers.TransportOffset) && InternetChecksum.Compute(message, pseudoHeader) != 0)
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
