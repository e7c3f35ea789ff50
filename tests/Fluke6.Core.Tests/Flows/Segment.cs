using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Flows;

/// <summary>Makes whole frames for tests: Ethernet, one VLAN tag if wanted, IP, TCP or others, with right checksums.</summary>
internal static class Segment
{
    public const byte Fin = 1, Syn = 2, Rst = 4, Ack = 0x10, Ece = 0x40, Cwr = 0x80;

    /// <summary>What a Linux host offers, in its order: MSS 1460, SACK-permitted, timestamps, NOP, window scale 7.</summary>
    public static byte[] LinuxOptions(ushort mss = 1460, byte shift = 7) =>
        [2, 4, (byte)(mss >> 8), (byte)mss, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, shift];

    public static byte[] Timestamps => [1, 1, 8, 10, 0, 0, 0, 2, 0, 0, 0, 1];

    public static byte[] Tcp(
        string source, int sourcePort, string destination, int destinationPort, byte flags, byte[]? options = null, int payload = 0, int vlan = 0)
    {
        options ??= [];
        byte[] tcp = new byte[20 + options.Length + payload];
        WriteUInt16BigEndian(tcp, (ushort)sourcePort);
        WriteUInt16BigEndian(tcp.AsSpan(2), (ushort)destinationPort);
        tcp[12] = (byte)((20 + options.Length) / 4 << 4);
        tcp[13] = flags;
        WriteUInt16BigEndian(tcp.AsSpan(14), 1000);
        options.CopyTo(tcp, 20);
        return Ip(source, destination, IpProtocol.Tcp, tcp, checksumAt: 16, vlan);
    }

    public static byte[] Udp(string source, int sourcePort, string destination, int destinationPort, int payload = 0, int vlan = 0)
    {
        byte[] udp = new byte[8 + payload];
        WriteUInt16BigEndian(udp, (ushort)sourcePort);
        WriteUInt16BigEndian(udp.AsSpan(2), (ushort)destinationPort);
        WriteUInt16BigEndian(udp.AsSpan(4), (ushort)udp.Length);
        return Ip(source, destination, IpProtocol.Udp, udp, checksumAt: 6, vlan);
    }

    public static byte[] Echo(string source, string destination, bool reply, ushort identifier)
    {
        bool v6 = source.Contains(':', StringComparison.Ordinal);
        byte[] icmp = [(byte)(v6 ? reply ? 129 : 128 : reply ? 0 : 8), 0, 0, 0, (byte)(identifier >> 8), (byte)identifier, 0, 1];
        return Ip(source, destination, v6 ? IpProtocol.Icmpv6 : IpProtocol.Icmpv4, icmp, checksumAt: 2);
    }

    public static byte[] Icmpv6(string source, string destination, byte[] message) =>
        Ip(source, destination, IpProtocol.Icmpv6, message, checksumAt: 2);

    public static byte[] Ip(string source, string destination, IpProtocol protocol, byte[] transport, int checksumAt, int vlan = 0)
    {
        byte[] packet, pseudo;
        bool v6 = source.Contains(':', StringComparison.Ordinal);
        if (v6)
        {
            packet = new byte[40 + transport.Length];
            packet[0] = 0x60;
            WriteUInt16BigEndian(packet.AsSpan(4), (ushort)transport.Length);
            packet[6] = (byte)protocol;
            packet[7] = 255;
            Ipv6Address.Parse(source).WriteTo(packet.AsSpan(8));
            Ipv6Address.Parse(destination).WriteTo(packet.AsSpan(24));
            pseudo = packet[8..40];
        }
        else
        {
            packet = new byte[20 + transport.Length];
            packet[0] = 0x45;
            WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
            packet[8] = 64;
            packet[9] = (byte)protocol;
            Ipv4Address.Parse(source).WriteTo(packet.AsSpan(12));
            Ipv4Address.Parse(destination).WriteTo(packet.AsSpan(16));
            WriteUInt16BigEndian(packet.AsSpan(10), InternetChecksum.Compute(packet.AsSpan(0, 20)));
            pseudo = packet[12..20];
        }

        transport.CopyTo(packet, packet.Length - transport.Length);
        bool hasPseudo = protocol != IpProtocol.Icmpv4;
        uint sum = hasPseudo ? InternetChecksum.Sum(pseudo) + (uint)protocol + (uint)transport.Length : 0;
        WriteUInt16BigEndian(
            packet.AsSpan(packet.Length - transport.Length + checksumAt), (ushort)~InternetChecksum.Sum(transport, sum));

        byte[] tag = vlan == 0 ? [] : [0x81, 0, (byte)(vlan >> 8), (byte)vlan];
        byte[] link = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, .. tag, .. v6 ? new byte[] { 0x86, 0xDD } : [8, 0]];
        return [.. link, .. packet];
    }
}
