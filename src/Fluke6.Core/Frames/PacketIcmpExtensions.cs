using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>ICMP: echoes, errors, reports of listeners. What they carry follows as a payload.</summary>
public static class PacketIcmpExtensions
{
    /// <summary>An ICMPv4 message. RFC 792.</summary>
    public static Packet<Icmpv4Fields> Icmpv4(this Packet<Ipv4Fields> packet, Icmpv4Fields fields) =>
        packet.With(fields, PacketLayerKind.Icmpv4, IpProtocol.Icmpv4);

    /// <summary>An ICMPv6 message. RFC 4443 §2.1.</summary>
    public static Packet<Icmpv6Fields> Icmpv6<T>(this Packet<T> packet, Icmpv6Fields fields)
        where T : IIpv6Fields
        => packet.With(fields, PacketLayerKind.Icmpv6, IpProtocol.Icmpv6);

    /// <summary>An echo request; what follows is to be echoed. RFC 792.</summary>
    public static Packet<Icmpv4Fields> EchoRequest(this Packet<Ipv4Fields> packet, ushort identifier, ushort sequenceNumber) =>
        packet.Icmpv4(Icmpv4Fields.EchoRequest(identifier, sequenceNumber));

    /// <summary>An echo request; what follows is to be echoed. RFC 4443 §4.1.</summary>
    public static Packet<Icmpv6Fields> EchoRequest<T>(this Packet<T> packet, ushort identifier, ushort sequenceNumber)
        where T : IIpv6Fields
        => packet.Icmpv6(Icmpv6Fields.EchoRequest(identifier, sequenceNumber));

    /// <summary>An echo reply; the echo follows. RFC 792.</summary>
    public static Packet<Icmpv4Fields> EchoReply(this Packet<Ipv4Fields> packet, ushort identifier, ushort sequenceNumber) =>
        packet.Icmpv4(Icmpv4Fields.EchoReply(identifier, sequenceNumber));

    /// <summary>An echo reply; the echo follows. RFC 4443 §4.2.</summary>
    public static Packet<Icmpv6Fields> EchoReply<T>(this Packet<T> packet, ushort identifier, ushort sequenceNumber)
        where T : IIpv6Fields
        => packet.Icmpv6(Icmpv6Fields.EchoReply(identifier, sequenceNumber));

    /// <summary>A packet cannot be delivered; it follows, or its beginning. RFC 792.</summary>
    /// <inheritdoc cref="Icmpv4Fields.DestinationUnreachable"/>
    public static Packet<Icmpv4Fields> DestinationUnreachable(this Packet<Ipv4Fields> packet, byte code, ushort nextHopMtu = 0) =>
        packet.Icmpv4(Icmpv4Fields.DestinationUnreachable(code, nextHopMtu));

    /// <inheritdoc cref="Icmpv6Fields.DestinationUnreachable"/>
    public static Packet<Icmpv6Fields> DestinationUnreachable<T>(this Packet<T> packet, byte code)
        where T : IIpv6Fields
        => packet.Icmpv6(Icmpv6Fields.DestinationUnreachable(code));

    /// <inheritdoc cref="Icmpv4Fields.TimeExceeded"/>
    public static Packet<Icmpv4Fields> TimeExceeded(this Packet<Ipv4Fields> packet, byte code = 0) =>
        packet.Icmpv4(Icmpv4Fields.TimeExceeded(code));

    /// <inheritdoc cref="Icmpv6Fields.TimeExceeded"/>
    public static Packet<Icmpv6Fields> TimeExceeded<T>(this Packet<T> packet, byte code = 0)
        where T : IIpv6Fields
        => packet.Icmpv6(Icmpv6Fields.TimeExceeded(code));

    /// <inheritdoc cref="Icmpv6Fields.PacketTooBig"/>
    public static Packet<Icmpv6Fields> PacketTooBig<T>(this Packet<T> packet, uint mtu)
        where T : IIpv6Fields
        => packet.Icmpv6(Icmpv6Fields.PacketTooBig(mtu));

    /// <inheritdoc cref="Icmpv4Fields.ParameterProblem"/>
    public static Packet<Icmpv4Fields> ParameterProblem(this Packet<Ipv4Fields> packet, byte pointer, byte code = 0) =>
        packet.Icmpv4(Icmpv4Fields.ParameterProblem(pointer, code));

    /// <inheritdoc cref="Icmpv6Fields.ParameterProblem"/>
    public static Packet<Icmpv6Fields> ParameterProblem<T>(this Packet<T> packet, byte code, uint pointer)
        where T : IIpv6Fields
        => packet.Icmpv6(Icmpv6Fields.ParameterProblem(code, pointer));

    /// <summary>
    /// A Multicast Listener Report, version 2, after the hop-by-hop header with a Router Alert that it needs. RFC 3810 §5, §5.2. It goes to
    /// <see cref="MulticastListenerReport.Routers"/>.
    /// </summary>
    /// <param name="packet">A packet that ends in an IPv6 header, whose source is link-local: routers ignore others. RFC 3810 §5.2.13.</param>
    /// <param name="type">What it says of each group.</param>
    /// <param name="groups">The groups: 70 fit an Ethernet packet of 1,500 octets.</param>
    public static Packet<MulticastListenerReportFields> MulticastListenerReport(
        this Packet<Ipv6Fields> packet, MulticastRecordType type, params ReadOnlySpan<Ipv6Address> groups)
    {
        var records = new MulticastAddressRecordFields[groups.Length];
        for (int i = 0; i < records.Length; i++)
            records[i] = new MulticastAddressRecordFields(type, groups[i]);
        return packet.MulticastListenerReport(new MulticastListenerReportFields(records));
    }

    /// <inheritdoc cref="MulticastListenerReport(Packet{Ipv6Fields}, MulticastRecordType, ReadOnlySpan{Ipv6Address})"/>
    /// <param name="fields">The report.</param>
    public static Packet<MulticastListenerReportFields> MulticastListenerReport(
        this Packet<Ipv6Fields> packet, MulticastListenerReportFields fields) =>
        packet.HopByHopOptions(Ipv6OptionFields.RouterAlert()).Value.WithMessage(fields, hopLimit: 1);
}
