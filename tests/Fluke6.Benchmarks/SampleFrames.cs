using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Benchmarks;

/// <summary>Frames as two Linux hosts send them, and buffers that hold them.</summary>
internal static class SampleFrames
{
    private const string Ethernet = "020000000002 020000000001";
    private const string Ports = "9c40 1389";

    /// <summary>A SYN over IPv4: MSS, SACK-permitted, timestamps, NOP, window scale.</summary>
    public static byte[] Syn { get; } = TcpOverIpv4(
        $"{Ports} 00000001 00000000 a002 faf0 0000 0000  020405b4 0402 080a0000000100000000 01 030307", padding: 0);

    /// <summary>Where SACK-permitted stands in <see cref="Syn"/>.</summary>
    public const int SackPermittedOffset = 14 + 20 + 20 + 4;

    /// <summary>Where the TCP checksum stands in <see cref="Syn"/>.</summary>
    public const int TcpChecksumOffset = 14 + 20 + 16;

    /// <summary>A bare ACK over IPv4, without options, padded to the 60 octets of Ethernet.</summary>
    public static byte[] Ack { get; } = TcpOverIpv4($"{Ports} 00000001 00000001 5010 0100 0000 0000", padding: 6);

    /// <summary>An ACK with timestamps over IPv6.</summary>
    public static byte[] AckOverIpv6 { get; } = Convert.FromHexString(Dense(
        $"{Ethernet} 86dd  60000000 0020 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002 " +
        $"{Ports} 00000001 00000001 8010 0100 0000 0000 0101 080a0000000100000001"));

    /// <summary>A DNS-sized UDP datagram over IPv4, behind one VLAN tag.</summary>
    public static byte[] TaggedUdp { get; } = Convert.FromHexString(Dense(
        $"{Ethernet} 8100 0006 0800  4500 0028 0001 4000 40 11 b6c0 c0000201 c0000202  c350 0035 0014 0000 " +
        "000102030405060708090a0b"));

    /// <summary>An ARP request.</summary>
    public static byte[] Arp { get; } = Convert.FromHexString(Dense(
        $"ffffffffffff 020000000001 0806  0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202"));

    /// <summary>A buffer that holds a frame as a port leaves it.</summary>
    public static FrameBuffer Load(byte[] octets, FrameUndo? undo = null)
    {
        var buffer = new FrameBuffer(undo ?? new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        return buffer;
    }

    private static byte[] TcpOverIpv4(string segment, int padding)
    {
        byte[] tcp = Convert.FromHexString(Dense(segment));
        byte[] ip = Convert.FromHexString(Dense("4500 0000 0001 4000 40 06 0000 c0000201 c0000202"));
        ip[3] = (byte)(ip.Length + tcp.Length);
        Put(ip, 10, InternetChecksum.Compute(ip));
        Put(tcp, 16, InternetChecksum.Compute(tcp, InternetChecksum.PseudoHeaderSum(ip.AsSpan(12, 8), (byte)IpProtocol.Tcp, tcp.Length)));
        return [.. Convert.FromHexString(Dense($"{Ethernet} 0800")), .. ip, .. tcp, .. new byte[padding]];
    }

    private static void Put(byte[] octets, int offset, ushort value) =>
        (octets[offset], octets[offset + 1]) = ((byte)(value >> 8), (byte)value);

    private static string Dense(string hex) => hex.Replace(" ", "", StringComparison.Ordinal);
}
