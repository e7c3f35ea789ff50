using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Tests.Frames;

/// <summary>Frames that have, all together, every view that there is.</summary>
internal static class ViewSamples
{
    private const string Macs = "020000000002 020000000001";
    private const string Addresses = "20010db8000000010000000000000001 20010db8000000020000000000000002";

    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        ["TCP"] = new FrameSample { TcpOptions = FrameShapes.LinuxSyn, VlanTags = 1, Ipv4Options = [0x94, 0x04, 0, 0] }.ToOctets(),
        ["extension headers"] = new FrameSample
        {
            IsIpv6 = true, Transport = IpProtocol.Udp, Payload = [1, 2, 3],
            ExtensionHeaders = [.. FrameShapes.Extensions],
        }.ToOctets(),
        ["destination options"] = new FrameSample
        {
            IsIpv6 = true, Transport = IpProtocol.Icmpv4, Payload = [1, 2, 3], ExtensionHeaders = FrameShapes.Extensions[^1..],
        }.ToOctets(),
        ["ICMPv4"] = new FrameSample { Transport = IpProtocol.Icmpv4, Payload = [1, 2, 3] }.ToOctets(),
        ["ARP"] = AnswerArpTests.Request().Octets.ToArray(),
        ["router solicitation"] = Icmpv6("8500 0000 00000000 0101 020000000001"),
        ["router advertisement"] = Icmpv6(
            "8600 0000 40f8 0708 00007530 000003e8 0101 020000000001 0501 0000 000005dc"
            + "0304 40c0 00278d00 00093a80 00000000 20010db8000100000000000000000000"
            + "1802 3008 00000e10 20010db800020000 1903 0000 00000e10 20010db8000000000000000000000053"
            + "1f03 0000 00000e10 076578616d706c65 00 0161 0162 00 00 00 2602 0708 0064ff9b 0000000000000000"
            + "9003 0001 00000e10 0005 03 646e73 00 000000000000000000"),
        ["neighbor solicitation"] = Icmpv6("8700 0000 00000000 20010db8000000020000000000000002 0101 020000000001"),
        ["neighbor advertisement"] = Icmpv6("8800 0000 60000000 20010db8000000020000000000000002 0201 020000000001"),
        ["redirect"] = SampleFrames.Redirect,
        ["DNS addresses"] = Dns("0000 0002 0000 0000" + "00 0001 0001 0000003c 0004 c0000201" + "00 001c 0001 0000003c 0010" + Addresses[..32]),
        ["DNS alias"] = Dns("0001 0001 0000 0000 0361626300 0001 0001" + "c00c 0005 0001 0000003c 0005 0378797a00"),
        ["DNS authority"] = Dns(
            "0000 0000 0001 0000" + "00 0006 0001 0000003c 001e 036e737300 036f707300 00000001 00000002 00000003 00000004 00000005"),
        ["DNS text"] = Dns("0000 0001 0000 0000" + "00 0010 0001 0000003c 0004 03616263"),
        ["DNS service"] = Dns(
            "0000 0001 0000 0000" + "00 0041 0001 0000003c 0027 0001 0361626300 0004 0004 c0000201 0006 0010 20010db8000000000000000000000001 ffff 0000"),
        ["EDNS"] = Dns("0000 0000 0000 0001" + "00 0029 04d0 00008000 000b 0008 0007 0001 18 00 c00002"),
        ["PPPoE"] = Link(LinkKind.Pppoe),
        ["MPLS"] = Link(LinkKind.Mpls),
        ["GENEVE"] = Tunnel(TunnelKind.Geneve),
        ["GRE"] = Tunnel(TunnelKind.GreWithEverything),
        ["VXLAN"] = Tunnel(TunnelKind.Vxlan),
        ["Teredo"] = Tunnel(TunnelKind.TeredoWithIndications),
    };

    public static TheoryData<string> Names => [.. All.Keys];

    public static FrameBuffer Load(string name) => Sample.Buffer(All[name]);

    private static byte[] Icmpv6(string message)
    {
        byte[] octets = Hex.Octets(message);
        return [.. Hex.Octets(Macs + "86dd 60000000"), (byte)(octets.Length >> 8), (byte)octets.Length, 58, 255, .. Hex.Octets(Addresses), .. octets];
    }

    private static byte[] Dns(string message)
    {
        byte[] octets = [0x12, 0x34, 0x81, 0x80, .. Hex.Octets(message)];
        byte[] frame = new FrameSample { Transport = IpProtocol.Udp, Payload = octets }.ToOctets();
        (frame[34], frame[35]) = (0, 53);
        return frame;
    }

    private static byte[] Link(LinkKind kind)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        new TunnelSample(new FrameSample { IsRawIp = true }).Wrap(TunnelKind.IpInIp, inIpv6: true).WithEthernet(kind).LoadInto(buffer);
        return buffer.Octets.ToArray();
    }

    private static byte[] Tunnel(TunnelKind kind)
    {
        var inner = new FrameSample { IsRawIp = kind != TunnelKind.Vxlan, IsIpv6 = true, TcpFlags = 2, TcpOptions = FrameShapes.LinuxSyn };
        var buffer = new FrameBuffer(new FrameUndo());
        new TunnelSample(inner).Wrap(kind, inIpv6: false).WithEthernet().LoadInto(buffer);
        return buffer.Octets.ToArray();
    }
}
