using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>Transports, and TCP's options.</summary>
public static class PacketTransportExtensions
{
    /// <summary>A TCP header; options may follow. RFC 9293 §3.1.</summary>
    /// <param name="packet">A packet that ends in an IP header or an extension header.</param>
    /// <param name="sourcePort">The source port.</param>
    /// <param name="destinationPort">The destination port.</param>
    /// <param name="flags">The control bits: <c>TcpFlags.Syn | TcpFlags.Ack</c>.</param>
    /// <param name="sequence">The first data octet's number; in a SYN, the initial sequence number.</param>
    /// <param name="acknowledgment">The next sequence number expected.</param>
    /// <param name="window">The receive window, unscaled.</param>
    public static Packet<TcpFields> Tcp<T>(
        this Packet<T> packet, ushort sourcePort, ushort destinationPort, TcpFlags flags, uint sequence = 0, uint acknowledgment = 0,
        ushort window = ushort.MaxValue)
        where T : INetworkFields
        => packet.With(
            new TcpFields(sourcePort, destinationPort, flags) { SequenceNumber = sequence, AcknowledgmentNumber = acknowledgment, Window = window },
            PacketLayerKind.Tcp, IpProtocol.Tcp);

    /// <summary>A TCP header with the options of the fields; more may follow. RFC 9293 §3.1.</summary>
    public static Packet<TcpFields> Tcp<T>(this Packet<T> packet, TcpFields fields)
        where T : INetworkFields
    {
        Packet<TcpFields> tcp = packet.With(fields with { Options = default }, PacketLayerKind.Tcp, IpProtocol.Tcp);
        foreach (TcpOptionFields option in fields.Options)
            tcp = tcp.Option(option);
        return tcp;
    }

    /// <summary>A TCP option. RFC 9293 §3.2. The header is padded to whole words by itself.</summary>
    /// <exception cref="InvalidOperationException">There are more than 40 octets of options.</exception>
    public static Packet<TcpFields> Option(this Packet<TcpFields> packet, TcpOptionFields option) =>
        packet.Value.WithTcpOption(option.Kind, option.Data.Span);

    /// <summary>TCP options as they stand on the wire, which are not looked at, so that experiments may send malformed ones.</summary>
    /// <exception cref="InvalidOperationException">There are more than 40 octets of options.</exception>
    public static Packet<TcpFields> Options(this Packet<TcpFields> packet, ReadOnlySpan<byte> encoded) => packet.Value.WithTcpOptions(encoded);

    /// <summary>MSS: the largest segment that the sender of a SYN takes, in octets of data. RFC 9293 §3.7.1.</summary>
    public static Packet<TcpFields> MaximumSegmentSize(this Packet<TcpFields> packet, ushort octets) =>
        packet.Value.WithTcpOption(TcpOptionKind.MaximumSegmentSize, [(byte)(octets >> 8), (byte)octets]);

    /// <summary>Window scale: by how many bits windows are shifted; 0 to 14 have a meaning. RFC 7323 §2.2.</summary>
    public static Packet<TcpFields> WindowScale(this Packet<TcpFields> packet, byte shift) =>
        packet.Value.WithTcpOption(TcpOptionKind.WindowScale, [shift]);

    /// <summary>The sender of a SYN can take SACK. RFC 2018 §2.</summary>
    public static Packet<TcpFields> SackPermitted(this Packet<TcpFields> packet) =>
        packet.Value.WithTcpOption(TcpOptionKind.SackPermitted, []);

    /// <summary>The sender's clock, and what it last saw of the other's. RFC 7323 §3.2.</summary>
    public static Packet<TcpFields> Timestamps(this Packet<TcpFields> packet, uint value, uint echoReply)
    {
        Span<byte> data = stackalloc byte[2 * sizeof(uint)];
        WriteUInt32BigEndian(data, value);
        WriteUInt32BigEndian(data[sizeof(uint)..], echoReply);
        return packet.Value.WithTcpOption(TcpOptionKind.Timestamps, data);
    }

    /// <summary>NOP: padding in front of an option. RFC 9293 §3.2.</summary>
    public static Packet<TcpFields> NoOperation(this Packet<TcpFields> packet) => packet.Value.WithTcpOption(TcpOptionKind.NoOperation, []);

    /// <summary>A UDP header. RFC 768.</summary>
    /// <param name="packet">A packet that ends in an IP header or an extension header.</param>
    /// <param name="sourcePort">The source port.</param>
    /// <param name="destinationPort">The destination port.</param>
    /// <param name="checksum">Whether there is a checksum: IPv4 needs none, nor do tunnels over IPv6 (RFC 6935).</param>
    public static Packet<UdpFields> Udp<T>(this Packet<T> packet, ushort sourcePort, ushort destinationPort, bool checksum = true)
        where T : INetworkFields
        => packet.With(
            new UdpFields(sourcePort, destinationPort), checksum ? PacketLayerKind.Udp : PacketLayerKind.UdpWithoutChecksum, IpProtocol.Udp);

    /// <summary>GRE. RFC 2784 §2.</summary>
    public static Packet<GreFields> Gre<T>(this Packet<T> packet, GreFields fields = default)
        where T : INetworkFields
        => packet.With(fields, PacketLayerKind.Gre, IpProtocol.Gre);

    /// <summary>A VXLAN header; an Ethernet header follows. RFC 7348 §5: the datagram goes to port 4789.</summary>
    /// <param name="packet">A packet that ends in a UDP header.</param>
    /// <param name="networkIdentifier">VNI: which virtual network, 24 bits.</param>
    public static Packet<VxlanFields> Vxlan(this Packet<UdpFields> packet, uint networkIdentifier) =>
        packet.With(new VxlanFields(networkIdentifier), PacketLayerKind.Other);

    /// <summary>A GENEVE header; an Ethernet or IP header follows. RFC 8926 §3.4: the datagram goes to port 6081.</summary>
    public static Packet<GeneveFields> Geneve(this Packet<UdpFields> packet, GeneveFields fields) => packet.With(fields, PacketLayerKind.Geneve);

    /// <summary>What Teredo puts in front of an IPv6 packet, which follows. RFC 4380 §5.1.1.</summary>
    public static Packet<TeredoFields> Teredo(this Packet<UdpFields> packet, TeredoFields fields = default) =>
        packet.With(fields, PacketLayerKind.Other);
}
