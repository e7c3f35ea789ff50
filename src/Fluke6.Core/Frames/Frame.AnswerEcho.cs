using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// Turns an echo request into its reply, from the address it was sent to. RFC 792, RFC 4443 §4.2. Identifier, sequence number and
    /// data stay; a checksum that was wrong stays as wrong. Hop limit and time to live are 64, traffic class and flow label 0 (IPv4's
    /// type of service stays, RFC 1349 §5.1), IPv6 extension headers go.
    /// </summary>
    /// <returns><see cref="Verdict.Continue"/>, the frame untouched, if this is no whole echo request from one host to one host: for one sent to a group, say who answers.</returns>
    public readonly Verdict AnswerEcho()
    {
        if (!IsEchoRequest(EtherType.Ipv4) && !IsEchoRequest(EtherType.Ipv6))
            return Verdict.Continue;
        if (!DestinationIsOneHost())
            return Verdict.Continue;

        TurnEchoAround();
        return Verdict.Reflect;
    }

    /// <summary>As <see cref="AnswerEcho()"/>, from <paramref name="source"/>, also where the request went to a group.</summary>
    /// <param name="source">The address that the reply comes from.</param>
    /// <param name="linkLayerAddress">The MAC address that it comes from; TUN ports have none.</param>
    /// <returns><see cref="Verdict.Continue"/>, the frame untouched, if this is no whole echo request over IPv4 from one host.</returns>
    public readonly Verdict AnswerEcho(Ipv4Address source, MacAddress linkLayerAddress)
    {
        if (!IsEchoRequest(EtherType.Ipv4) || !TryGetIpv4(out Ipv4Header ipv4))
            return Verdict.Continue;

        ipv4.Destination = source;
        if (TryGetEthernet(out EthernetHeader ethernet))
            ethernet.Destination = linkLayerAddress;

        TurnEchoAround();
        return Verdict.Reflect;
    }

    /// <inheritdoc cref="AnswerEcho(Ipv4Address, MacAddress)"/>
    /// <returns><see cref="Verdict.Continue"/>, the frame untouched, if this is no whole echo request over IPv6 from one host.</returns>
    public readonly Verdict AnswerEcho(Ipv6Address source, MacAddress linkLayerAddress)
    {
        if (!IsEchoRequest(EtherType.Ipv6) || !TryGetIpv6(out Ipv6Header ipv6))
            return Verdict.Continue;

        ipv6.Destination = source;
        if (TryGetEthernet(out EthernetHeader ethernet))
            ethernet.Destination = linkLayerAddress;

        TurnEchoAround();
        return Verdict.Reflect;
    }

    private readonly bool IsEchoRequest(EtherType network)
    {
        ref readonly Layers layers = ref Layers;
        (IpProtocol protocol, byte type) = network == EtherType.Ipv4
            ? (IpProtocol.Icmpv4, (byte)Icmpv4Type.Echo)
            : (IpProtocol.Icmpv6, (byte)Icmpv6Type.EchoRequest);
        if (!layers.HasTransport || layers.Transport != protocol || HasFixedLength || layers.HasOtherAddresses)
            return false;

        ReadOnlySpan<byte> message = _buffer.Octets[layers.TransportOffset..];
        return message[0] == type && message[1] == 0 && SourceIsOneHost();
    }

    private readonly void TurnEchoAround()
    {
        Mirror();
        if (TryGetIcmpv4(out Icmpv4Header icmpv4) && TryGetIpv4(out Ipv4Header ipv4))
        {
            icmpv4.Type = Icmpv4Type.EchoReply;
            ipv4.TimeToLive = DefaultHopLimit;
        }
        else if (TryGetIcmpv6(out Icmpv6Header icmpv6) && TryGetIpv6(out Ipv6Header ipv6))
        {
            icmpv6.Type = Icmpv6Type.EchoReply;
            ipv6.TrafficClass = 0;
            ipv6.FlowLabel = 0;
            ipv6.HopLimit = DefaultHopLimit;
            RemoveExtensionHeaders(Layers.TransportOffset, IpProtocol.Icmpv6, nameof(AnswerEcho));
        }
    }

    /// <summary>Lets what begins there follow the IPv6 header. The frame stands saved whole.</summary>
    private readonly void RemoveExtensionHeaders(int start, IpProtocol transport, string edit)
    {
        ref readonly Layers layers = ref Layers;
        int at = layers.NetworkOffset + Ipv6Header.Length, octets = start - at;
        if (octets == 0)
            return;

        Span<byte> frame = _buffer.Octets;
        Ipv6Fields.WriteNextHeader(frame[layers.NetworkOffset..], transport);
        _buffer.FollowPacketLength(layers, -octets);
        // The message moves and not the headers: these may be as long as a packet, and the headroom's end is not to wander that far.
        frame[start..].CopyTo(frame[at..]);
        _buffer.Offload.Shift(-octets, start);
        _buffer.Resize(_buffer.Length - octets);
        _buffer.OctetsMoved(-octets, edit);
    }
}
