using Fluke6.Frames;
using Fluke6.Wire;
using static Fluke6.Core.Tests.Frames.AddressEdits;
using static Fluke6.Core.Tests.Frames.NaiveHeader;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Checksums over addresses, of protocols without a view; and addresses that stand elsewhere than in the IP header.</summary>
public sealed class OtherTransportTests
{
    private const string A3 = "20010db8000000030000000000000003", A4 = "20010db8000000040000000000000004", A9 = "20010db8000000090000000000000009";
    private const string HomeAddressOption = "c910" + A9;

    /// <summary>What may stand before the transport, and decide whose addresses its pseudo-header holds.</summary>
    private static readonly Dictionary<string, byte[]> s_headers = new()
    {
        ["IPv4"] = Ipv4(""),
        ["IPv4, router alert"] = Ipv4("94040000"),
        ["IPv4, loose source route"] = Ipv4("01 830704 cb007109"),
        ["IPv4, strict source route of two"] = Ipv4("890b04 cb007109 c6336407 00"),
        ["IPv4, source route at its end"] = Ipv4("830708 cb007109 00"),
        ["IPv4, source route without addresses"] = Ipv4("830304 00"),
        ["IPv4, source route past the header"] = Ipv4("830c04 cb007109 00"),
        ["IPv6"] = Ipv6(),
        ["IPv6, options"] = Ipv6((0, "0000 050200000100"), (60, "0000 010400000000")),
        ["IPv6, type 0"] = Ipv6((43, "0004 0002 00000000" + A3 + A4)),
        ["IPv6, type 2"] = Ipv6((43, "0002 0201 00000000" + A3)),
        ["IPv6, segment routing"] = Ipv6((43, "0004 0401 01000000" + A3 + A4)),
        ["IPv6, segments spent"] = Ipv6((43, "0004 0400 01000000" + A3 + A4)),
        ["IPv6, RPL, 15 octets elided"] = Ipv6((43, "0001 0302 ff600000 01 02 000000000000")),
        ["IPv6, RPL, 8 octets elided"] = Ipv6((43, "0002 0302 88000000 1112131415161718 2122232425262728")),
        ["IPv6, compact routing"] = Ipv6((43, "0000 0501 00010000")),
        ["IPv6, home address"] = Ipv6((60, "0002 01020000" + HomeAddressOption)),
        ["IPv6, home address and type 2"] = Ipv6((43, "0002 0201 00000000" + A3), (60, "0002 01020000" + HomeAddressOption)),
        ["IPv6, authenticated"] = Ipv6((51, "0001 0000 00000001 00000001")),
        ["IPv6, atomic fragment"] = Ipv6((44, "0000 0000 cafebabe")),
        ["IPv6, Shim6 context"] = Ipv6((140, "0000 800000000001")),
    };

    public static TheoryData<string> Headers => [.. s_headers.Keys];

    [Theory]
    [MemberData(nameof(Headers))]
    public void ChecksumStaysAsRightOrAsWrongWhateverTheAddress(string name)
    {
        var random = new Random(1);
        ForEachSample(name, (sample, header, octets, buffer, error, isPartial) =>
        {
            for (int i = 0; i < 12; i++)
                SetAddress(new Frame(buffer), random);

            AssertError(error, sample, buffer, header, isPartial);
            Assert.Equal(0, NaiveSum.HeaderError(buffer.Octets));
            int field = 14 + header.Length + sample.ChecksumOffset;
            Assert.True(isPartial || !sample.IsNeverZero || ReadUInt16BigEndian(buffer.Octets[field..]) != 0);

            // Nothing else has changed, and it can be undone.
            byte[] expected = [.. octets];
            (int at, int length) = header[0] >> 4 == 4 ? (14 + 10, 10) : (14 + 8, 32);
            buffer.Octets.Slice(at, length).CopyTo(expected.AsSpan(at));
            buffer.Octets.Slice(field, 2).CopyTo(expected.AsSpan(field));
            Assert.Equal(Hex.Of(expected), Hex.Of(buffer.Octets));
            buffer.Undo();
            Assert.Equal(Hex.Of(octets), Hex.Of(buffer.Octets));
        });
    }

    [Theory]
    [MemberData(nameof(Headers))]
    public void ChecksumStaysAsRightOrAsWrongWhateverTheRoute(string name)
    {
        var random = new Random(2);
        ForEachSample(name, (sample, header, _, buffer, error, isPartial) =>
        {
            for (int i = 0; i < 12; i++)
            {
                SetRoute(new Frame(buffer), random);
                AssertError(error, sample, buffer, header, isPartial);
                SetAddress(new Frame(buffer), random);
                AssertError(error, sample, buffer, header, isPartial);
            }
        });
    }

    /// <summary>What a home address is put into is summed with it from then on. RFC 6275 §11.3.1.</summary>
    [Fact]
    public void HomeAddressThatIsAddedIsTheSource() =>
        ForEachSample("IPv6", (sample, header, _, buffer, error, isPartial) =>
        {
            Assert.Equal(EditResult.Changed, new Frame(buffer).AddDestinationOption(Ipv6OptionType.HomeAddress, Convert.FromHexString(A9)));
            Assert.Equal(error, sample.Error(buffer.Octets, header.Length + 24, isPartial));
            Assert.True(buffer.Layers.HasHomeAddress);
        });

    [Theory]
    [InlineData("SCTP", 132, "13881389000000011234567801000014" + "00000000000000000000000000000000")]
    [InlineData("IGMP", 2, "1600090400000000")]
    [InlineData("ESP", 50, "00000001000000010102030405060708")]
    [InlineData("OSPFv2", 89, "0201002c01010101000000001234000000000000000000000000")]
    [InlineData("PIM", 103, "2000dfff0001000200690014000001")]
    [InlineData("VRRPv2", 112, "2101640100010000c0000201")]
    [InlineData("GRE", 47, "80000800123400004500")]
    [InlineData("RSVP", 46, "10010000ff00001c")]
    [InlineData("authentication header", 51, "3204000000000001000000010000000000000000000000000000000000000000")]
    public void ProtocolThatSumsNoAddressesIsLeftAlone(string name, byte protocol, string message)
    {
        byte[] octets = new NaiveMessage(name, protocol, 0, Convert.FromHexString(message)).Over(Ipv4(""));
        Convert.FromHexString(message).CopyTo(octets.AsSpan(34));
        FrameBuffer buffer = Load(octets);
        SetBothAddresses(new Frame(buffer));
        Assert.Equal(message, Hex.Of(buffer.Octets[34..]));
        Assert.Equal(0, NaiveSum.HeaderError(buffer.Octets));
    }

    /// <summary>RFC 9568 §5.2.8 sums the message alone over IPv4; others include a pseudo-header. Each is left right by its own lights.</summary>
    [Fact]
    public void VrrpOverIpv4IsSummedAsItsSenderDid()
    {
        byte[] message = [0x31, 1, 100, 1, 0, 100, 0, 0, 192, 0, 2, 1];
        WriteUInt16BigEndian(message.AsSpan(6), (ushort)(0xFFFF - NaiveSum.Sum(message)));
        byte[] octets = new NaiveMessage("VRRP", 112, 6, message).Over(Ipv4(""));
        Assert.NotEqual(Hex.Of(message), Hex.Of(octets.AsSpan(34)));
        message.CopyTo(octets, 34);
        FrameBuffer buffer = Load(octets);
        SetBothAddresses(new Frame(buffer));
        Assert.Equal(Hex.Of(message), Hex.Of(buffer.Octets[34..]));
    }

    /// <summary>No sum at all is nothing to follow: UDP (RFC 768), OSPFv3 with a trailer (RFC 7166 §4.1); zero in UDP-Lite must stay what is discarded.</summary>
    [Theory]
    [InlineData(17, "9c400035000c0000" + "01020304")]
    [InlineData(136, "9c40003500000000" + "01020304")]
    [InlineData(89, "030100100101010100000000" + "00000000" + "000100100000000000000000000000aa")]
    public void AbsentChecksumStaysAbsent(byte protocol, string message)
    {
        byte[] octets = new NaiveMessage("", protocol, 2, Convert.FromHexString(message)).Over(Ipv6());
        Convert.FromHexString(message).CopyTo(octets.AsSpan(54));
        FrameBuffer buffer = Load(octets);
        SetBothAddresses(new Frame(buffer));
        Assert.Equal(message, Hex.Of(buffer.Octets[54..]));
    }

    /// <summary>Linux takes a length of zero over IPv6 for the whole payload, as in jumbograms (RFC 2675 §4).</summary>
    [Fact]
    public void DatagramOfLengthZeroFollowsToo()
    {
        var sample = new NaiveMessage("UDP", 17, 6, [0x9C, 0x40, 0, 53, 0, 0, 0, 0, 1, 2, 3]);
        FrameBuffer buffer = Load(sample.Over(Ipv6()));
        SetBothAddresses(new Frame(buffer));
        Assert.Equal(0, sample.Error(buffer.Octets, 40));
    }

    /// <summary>A first fragment may be too short for the checksum, which then stands in a later one. RFC 791 §3.2.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void ChecksumIsFoundInWhicheverFragmentHasIt(int firstLength)
    {
        foreach (NaiveMessage sample in NaiveMessage.All(61))
        {
            foreach (byte[] header in new[] { Ipv4(""), Ipv6() })
            {
                bool isIpv4 = header[0] >> 4 == 4;
                bool isCovered = sample.PseudoLength is null && (sample.Coverage == 0 || sample.Coverage > 24);
                if (!(isIpv4 ? sample.OverIpv4 : sample.OverIpv6) || !isCovered)
                    continue;
                // Over IPv4 the version, which says whether OSPF and VRRP sum a pseudo-header, travels in the first fragment alone.
                if (isIpv4 && sample.Protocol == 89 && firstLength < 16)
                    continue;

                byte[] whole = sample.Over(header);
                byte[] first = Fragment(whole, isIpv4, 0, firstLength), rest = Fragment(whole, isIpv4, firstLength, whole.Length - 14 - header.Length - firstLength);
                FrameBuffer[] fragments = [Load(first), Load(rest)];
                int headers = first.Length - firstLength;
                byte[] reassembled = [.. whole[..(14 + header.Length)]];
                foreach (FrameBuffer fragment in fragments)
                {
                    SetBothAddresses(new Frame(fragment));
                    reassembled = [.. reassembled, .. fragment.Octets[headers..]];
                }

                int at = isIpv4 ? 12 : 8;
                fragments[0].Octets.Slice(14 + at, isIpv4 ? 8 : 32).CopyTo(reassembled.AsSpan(14 + at));
                Assert.True(sample.Error(reassembled, header.Length) == 0, $"{sample.Name}, IPv4 {isIpv4}, {firstLength}");
            }
        }
    }

    /// <summary>An ICMP error may quote no more than the beginning. RFC 4443 §3.1.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(24)]
    public void ChecksumOfAQuotedMessageFollowsHoweverLittleIsThere(int length)
    {
        foreach (NaiveMessage sample in NaiveMessage.All(40).Where(sample => sample.OverIpv6 && sample.ChecksumOffset + 2 <= length))
        {
            byte[] whole = sample.Over(Ipv6())[14..];
            byte[] error = [1, 4, 0, 0, 0, 0, 0, 0, .. whole[..(40 + length)]];
            var outer = new NaiveMessage("ICMPv6", 58, 2, error);
            FrameBuffer buffer = Load(outer.Over(Ipv6()));
            Assert.True(new Frame(buffer).TryGetInner(out Frame inner));
            SetBothAddresses(inner);
            buffer.EndRule();

            byte[] quoted = [.. new byte[14], .. buffer.Octets[62..], .. whole[(40 + length)..]];
            Assert.True(sample.Error(quoted, 40) == 0, sample.Name);
            Assert.Equal(0, outer.Error(buffer.Octets, 40));
        }
    }

    [Fact]
    public void OuterChecksumFollowsAnInnerOne()
    {
        NaiveMessage sample = NaiveMessage.All(33).First(sample => sample.Protocol == 136);
        byte[] inner = sample.Over(Ipv6())[14..];
        byte[] gre = [0x80, 0, 0x86, 0xDD, 0, 0, 0, 0, .. inner];
        WriteUInt16BigEndian(gre.AsSpan(4), (ushort)(0xFFFF - NaiveSum.Sum(gre)));
        byte[] octets = new NaiveMessage("GRE", 47, 0, gre).Over(Ipv4(""));
        gre.CopyTo(octets, 34);
        FrameBuffer buffer = Load(octets);
        Assert.True(new Frame(buffer).TryGetInner(out Frame frame));
        SetBothAddresses(frame);
        buffer.EndRule();
        Assert.Equal(0xFFFF, NaiveSum.Sum(buffer.Octets[34..]));
        Assert.Equal(0, sample.Error([.. octets[..14], .. buffer.Octets[42..]], 40));
    }

    [Fact]
    public void SegmentAfterAnAuthenticationHeaderInIpv4Follows()
    {
        NaiveMessage tcp = NaiveMessage.All(9).First();
        byte[] header = [.. Ipv4(""), .. Convert.FromHexString("060100000000000100000001")];
        byte[] octets = tcp.Over(Ipv4(""));
        octets = [.. octets[..34], .. header[20..], .. octets[34..]];
        octets[14 + 9] = 51;
        octets[14 + 3] += 12;
        FrameBuffer buffer = Load(octets);
        SetBothAddresses(new Frame(buffer));
        Assert.Equal(0, tcp.Error([.. buffer.Octets[..34], .. buffer.Octets[46..]], 20));
    }

    /// <summary>A packet whose ends are not those of its IP header is not turned around unasked.</summary>
    [Theory]
    [InlineData("IPv4, loose source route")]
    [InlineData("IPv4, strict source route of two")]
    [InlineData("IPv6, type 2")]
    [InlineData("IPv6, home address")]
    [InlineData("IPv6, Shim6 context")]
    public void OtherAddressesAreNotMirrored(string name)
    {
        byte[] octets = NaiveMessage.All(8).First().Over(s_headers[name]);
        FrameBuffer buffer = Load(octets);
        Assert.Equal(EditResult.Refused, new Frame(buffer).Mirror());
        Assert.Equal(Verdict.Continue, new Frame(buffer).AnswerWithReset());
        Assert.NotEqual(EditResult.Changed, new Frame(buffer).RemoveExtensionHeaders());
        Assert.Equal(Hex.Of(octets), Hex.Of(buffer.Octets));
    }

    private delegate void Try(NaiveMessage sample, byte[] header, byte[] octets, FrameBuffer buffer, int error, bool isPartial);

    private static void ForEachSample(string name, Try attempt)
    {
        byte[] header = s_headers[name];
        bool isIpv4 = header[0] >> 4 == 4;
        int tried = 0;
        foreach (int payload in new[] { 4, 33, 64, 65 })
        {
            foreach (NaiveMessage sample in NaiveMessage.All(payload))
            {
                if (!(isIpv4 ? sample.OverIpv4 : sample.OverIpv6))
                    continue;

                foreach ((ushort error, bool isPartial) in new (ushort, bool)[] { (0, false), (0x1234, false), (0, true), (0x1234, true) })
                {
                    // Without a sum that is right, nobody can tell whether it holds a pseudo-header.
                    if (isIpv4 && sample.Protocol == 112 && error != 0)
                        continue;

                    byte[] octets = sample.Over(header, error, isPartial);
                    FrameBuffer buffer = Load(octets);
                    if (isPartial)
                        buffer.Offload.SetPartialChecksum(14 + header.Length, sample.ChecksumOffset);
                    AssertError(error, sample, buffer, header, isPartial);
                    attempt(sample, header, octets, buffer, error, isPartial);
                    tried++;
                }
            }
        }

        Assert.InRange(tried, 100, int.MaxValue);
    }

    private static void AssertError(int error, NaiveMessage sample, FrameBuffer buffer, byte[] header, bool isPartial) =>
        Assert.Equal((sample.Name, isPartial, error), (sample.Name, isPartial, sample.Error(buffer.Octets, header.Length, isPartial)));

    private static FrameBuffer Load(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        return buffer;
    }
}
