using System.Buffers.Binary;

namespace Fluke6.Tests;

/// <summary>Valid Ethernet frames of every kind that has a view, put together octet by octet.</summary>
internal static class SampleFrames
{
    public const string Options = "020405b4 0402 080a 00000001 00000000 01 030307";
    public const string Ipv6Source = "20010db8000000000000000000000001";
    public const string Ipv6Destination = "20010db8000000000000000000000002";
    public const string OtherAddress = "20010db80001000000000000000000aa";
    public const string FinalAddress = "20010db80002000000000000000000bb";

    private const string Macs = "020000000002 020000000001";
    private const string TcpSyn = "3039 0050 00000001 00000000 a002 faf0 0000 0000" + Options;

    public static byte[] TcpOverIpv4 => Ipv4(6, TcpSyn);

    public static byte[] TcpOverIpv6 => Ipv6(6, TcpSyn);

    public static byte[] TcpWithPayload => Ipv6(6, "3039 0050 00000001 00000002 5018 faf0 0000 0000" + "48656c6c6f");

    public static byte[] TcpInVlan => Ipv6(6, TcpSyn, vlan: "88a8 0064 8100 2005");

    public static byte[] UdpOverIpv4 => Ipv4(17, "1389 0035 000d 0000 48656c6c6f");

    public static byte[] UdpOverIpv6 => Ipv6(17, "1389 0035 000d 0000 48656c6c6f");

    public static byte[] EchoOverIpv4 => Ipv4(1, "0800 0000 1234 0001 61626364 65");

    public static byte[] EchoOverIpv6 => Ipv6(58, "8000 0000 1234 0001 61626364 65");

    public static byte[] Ipv4WithOptions => Ipv4(17, "1389 0035 0009 0000 48", options: "94040000 01 8603 0a 00000000");

    public static byte[] HopByHop => Ipv6(0, "1100 05020000 0100" + "1389 0035 0009 0000 48", checksumAt: 8 + 6);

    public static byte[] SegmentRouting => Ipv6(43, "06040401 01000000" + FinalAddress + OtherAddress + TcpSyn, checksumAt: 40 + 16);

    public static byte[] SourceRoute => Ipv6(43, "06040001 00000000" + OtherAddress + FinalAddress + TcpSyn, checksumAt: 40 + 16);

    public static byte[] MobileHomeAddress => Ipv6(43, "06020201 00000000" + FinalAddress + TcpSyn, checksumAt: 24 + 16);

    public static byte[] AtomicFragment => Ipv6(44, "3a000000 12345678" + "8000 0000 1234 0001 6162", checksumAt: 8 + 2);

    public static byte[] RouterAdvertisement => Ipv6(58,
        "8600 0000 40f8 0708 00007530 000003e8"
        + "0101 020000000001"
        + "0501 0000 000005dc"
        + "0304 40c0 00278d00 00093a80 00000000 20010db8000100000000000000000000"
        + "1802 3008 00000e10 20010db800020000"
        + "1903 0000 00000e10 20010db8000000000000000000000053"
        + "1f03 0000 00000e10 076578616d706c65 00 0161 0162 00 00 00");

    public static byte[] Redirect => Ipv6(58,
        "8900 0000 00000000" + OtherAddress + FinalAddress + "0201 020000000009" + "0402 000000000000 6000000000000000");

    public static TheoryData<string> Names => [.. All.Keys];

    public static IReadOnlyDictionary<string, byte[]> All { get; } = new Dictionary<string, byte[]>
    {
        [nameof(TcpOverIpv4)] = TcpOverIpv4,
        [nameof(TcpOverIpv6)] = TcpOverIpv6,
        [nameof(TcpWithPayload)] = TcpWithPayload,
        [nameof(TcpInVlan)] = TcpInVlan,
        [nameof(UdpOverIpv4)] = UdpOverIpv4,
        [nameof(UdpOverIpv6)] = UdpOverIpv6,
        [nameof(EchoOverIpv4)] = EchoOverIpv4,
        [nameof(EchoOverIpv6)] = EchoOverIpv6,
        [nameof(Ipv4WithOptions)] = Ipv4WithOptions,
        [nameof(HopByHop)] = HopByHop,
        [nameof(SegmentRouting)] = SegmentRouting,
        [nameof(SourceRoute)] = SourceRoute,
        [nameof(MobileHomeAddress)] = MobileHomeAddress,
        [nameof(AtomicFragment)] = AtomicFragment,
        [nameof(RouterAdvertisement)] = RouterAdvertisement,
        [nameof(Redirect)] = Redirect,
    };

    public static byte[] Ipv4(byte protocol, string segment, string options = "", bool fill = true)
    {
        byte[] body = Hex.Octets(segment), extra = Hex.Octets(options);
        byte[] header = Hex.Octets($"4500 0000 1234 4000 40{protocol:x2} 0000 c0000201 c6336402");
        header[0] += (byte)(extra.Length / 4);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(header.Length + extra.Length + body.Length));
        byte[] whole = [.. header, .. extra];
        BinaryPrimitives.WriteUInt16BigEndian(whole.AsSpan(10), (ushort)~NaiveSum.Sum(whole));
        return Checksummed([.. Hex.Octets(Macs), 8, 0, .. whole, .. body], fill);
    }

    public static byte[] Ipv6(byte next, string payload, string vlan = "", int checksumAt = 0, bool fill = true)
    {
        byte[] body = Hex.Octets(payload);
        byte[] header = Hex.Octets($"60000000 {body.Length:x4} {next:x2} ff {Ipv6Source} {Ipv6Destination}");
        byte[] frame = Checksummed([.. Hex.Octets(Macs), .. Hex.Octets(vlan), 0x86, 0xDD, .. header, .. body], fill);
        if (checksumAt > 0)
            Assert.Equal(frame.Length - body.Length + checksumAt, NaiveSum.Recompute(frame).Field);
        return frame;
    }

    private static byte[] Checksummed(byte[] frame, bool fill)
    {
        if (!fill)
            return frame;

        (int field, ushort value) = NaiveSum.Recompute(frame);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(field), value);
        return frame;
    }
}
