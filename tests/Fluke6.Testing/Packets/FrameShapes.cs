using Fluke6.Wire;

namespace Fluke6.Testing.Packets;

/// <summary>Frames that real stacks send, and shapes of frame that every edit has to cope with.</summary>
public static class FrameShapes
{
    /// <summary>The options of Linux's SYN: MSS 1460, SACK-permitted, timestamps, NOP, window scale 7.</summary>
    public static readonly byte[] LinuxSyn = Convert.FromHexString("020405b4" + "0402" + "080a1234567800000000" + "01" + "030307");

    /// <summary>The options of macOS's SYN: MSS, NOP, window scale, NOP, NOP, timestamps, SACK-permitted, end of list.</summary>
    public static readonly byte[] MacSyn = Convert.FromHexString("020405b4" + "01" + "030306" + "0101" + "080a1234567800000000" + "0402" + "0000");

    /// <summary>The options of Windows' SYN: MSS, NOP, window scale, NOP, NOP, SACK-permitted.</summary>
    public static readonly byte[] WindowsSyn = Convert.FromHexString("020405b4" + "01" + "030308" + "0101" + "0402");

    /// <summary>The options of a segment that reports a loss: timestamps and one SACK block, each after two NOPs.</summary>
    public static readonly byte[] TimestampsAndSack =
        Convert.FromHexString("0101" + "080a1234567887654321" + "0101" + "050a0000100000002000");

    /// <summary>Hop-by-hop options, a spent routing header, destination options, an atomic fragment header.</summary>
    public static readonly (IpProtocol, byte[])[] Extensions =
    [
        (IpProtocol.HopByHopOptions, Convert.FromHexString("0000050200000100")),
        (IpProtocol.Routing, Convert.FromHexString("0002030000000000" + "20010db8000000030000000000000003")),
        (IpProtocol.Fragment, Convert.FromHexString("00000000cafebabe")),
        (IpProtocol.DestinationOptions, Convert.FromHexString("0001010c000000000000000000000000")),
    ];

    /// <summary>A routing header with one segment left.</summary>
    public static readonly (IpProtocol, byte[])[] SourceRoute =
        [(IpProtocol.Routing, Convert.FromHexString("0002030100000000" + "20010db8000300000000000000000003"))];

    /// <summary>Octets that differ from place to place.</summary>
    public static byte[] Data(int length, int seed = 1)
    {
        var octets = new byte[length];
        new Random(seed).NextBytes(octets);
        return octets;
    }

    /// <summary>The shapes that an edit of <paramref name="sample"/> must cope with, by name.</summary>
    public static IEnumerable<(string Name, FrameShape Sample)> Of(FrameShape sample)
    {
        foreach (bool ipv6 in new[] { false, true })
        {
            FrameShape plain = sample with { IsIpv6 = ipv6 };
            string version = ipv6 ? "IPv6" : "IPv4";
            yield return (version, plain);
            yield return (version + " on TUN", plain with { IsRawIp = true });
            yield return (version + " with two tags", plain with { VlanTags = 2 });
            yield return (version + " with a trailer", plain with { Trailer = 7 });
            yield return (version + " corrupt", plain with { ChecksumError = 0x1234 });
            if (sample.Transport != IpProtocol.Icmpv4)
                yield return (version + " with a partial checksum", plain with { HasPartialChecksum = true, VlanTags = 1 });
            if (sample.Transport == IpProtocol.Udp)
                yield return (version + " without a checksum", plain with { HasNoChecksum = true });
            if (ipv6)
            {
                yield return ("IPv6 with extension headers", plain with { ExtensionHeaders = Extensions });
                yield return ("IPv6, source routed", plain with { ExtensionHeaders = SourceRoute });
            }
            else
            {
                yield return ("IPv4 with options", plain with { HasRouterAlert = true });
            }
        }
    }

    /// <summary>A frame at random: every shape above and their mixtures.</summary>
    public static FrameShape Any(Random random)
    {
        bool ipv6 = random.Next(2) == 0;
        IpProtocol transport = random.Next(4) switch { 0 => IpProtocol.Udp, 1 => IpProtocol.Icmpv4, _ => IpProtocol.Tcp };
        bool partial = transport != IpProtocol.Icmpv4 && random.Next(3) == 0;
        bool superSegment = partial && random.Next(2) == 0;
        bool absent = !partial && transport == IpProtocol.Udp && random.Next(4) == 0;
        bool sourceRouted = ipv6 && random.Next(6) == 0;
        byte[][] options = [[], LinuxSyn, MacSyn, WindowsSyn, TimestampsAndSack, Convert.FromHexString("0101080a0000000100000002")];
        bool raw = random.Next(4) == 0;
        return new FrameShape
        {
            IsIpv6 = ipv6,
            IsRawIp = raw,
            VlanTags = raw ? 0 : random.Next(4),
            Transport = transport,
            TcpFlags = (byte)random.Next(256),
            TcpOptions = options[random.Next(options.Length)],
            Payload = Data(superSegment ? random.Next(1000, 6000) : random.Next(200), random.Next()),
            HasRouterAlert = random.Next(4) == 0,
            ExtensionHeaders = sourceRouted ? SourceRoute : random.Next(3) == 0 ? Extensions : [],
            IsFirstFragment = !ipv6 && random.Next(10) == 0,
            Trailer = random.Next(3) == 0 ? random.Next(1, 20) : 0,
            ChecksumError = !absent && random.Next(3) == 0 ? (ushort)random.Next(1, 0xFFFF) : (ushort)0,
            HasPartialChecksum = partial,
            HasNoChecksum = absent,
            SegmentSize = superSegment ? random.Next(500, 1000) : 0,
            Mtu = random.Next(2) == 0 ? 65535 : random.Next(150, 1500),
        };
    }
}
