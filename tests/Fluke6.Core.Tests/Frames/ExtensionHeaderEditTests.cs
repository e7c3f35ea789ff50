using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public class ExtensionHeaderEditTests
{
    private static readonly byte[] s_hopByHop = Convert.FromHexString("0000010400000000"), s_routing = Convert.FromHexString("0000000000000000");

    public static TheoryData<FrameShape> Samples =>
    [
        new FrameShape { IsIpv6 = true, Payload = [1, 2, 3] },
        new FrameShape { IsIpv6 = true, Transport = IpProtocol.Udp, VlanTags = 1, Payload = [1, 2, 3, 4], Trailer = 3 },
        new FrameShape { IsIpv6 = true, Transport = IpProtocol.Icmpv4, IsRawIp = true, ExtensionHeaders = [(IpProtocol.HopByHopOptions, s_hopByHop)] },
        new FrameShape { IsIpv6 = true, HasPartialChecksum = true, SegmentSize = 2, Payload = new byte[500] },
        new FrameShape { IsIpv6 = true, ChecksumError = 0x1234, ExtensionHeaders = [(IpProtocol.HopByHopOptions, s_hopByHop), (IpProtocol.Routing, s_routing)] },
    ];

    [Theory]
    [MemberData(nameof(Samples))]
    public void OptionGoesInFrontOfTheTransport(FrameShape sample)
    {
        FrameBuffer buffer = sample.ToBuffer();
        Assert.Equal(EditResult.Changed, new Frame(buffer).AddDestinationOption((Ipv6OptionType)0x9E, [1, 2, 3]));

        byte[] header = [0, 0, 0x9E, 3, 1, 2, 3, 0];
        Assert.Equal(Octets(sample with { ExtensionHeaders = [.. sample.ExtensionHeaders, (IpProtocol.DestinationOptions, header)] }), Octets(buffer));
        Assert.Equal(sample.ChecksumError, FrameCheck.Read(buffer, sample.Trailer).ChecksumError);
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void RemovingLetsTheTransportFollowTheHeader(FrameShape sample)
    {
        FrameBuffer buffer = sample.ToBuffer();
        bool hasSome = sample.ExtensionHeaders.Length > 0;
        Assert.Equal(hasSome ? EditResult.Changed : EditResult.Unchanged, new Frame(buffer).RemoveExtensionHeaders());

        Assert.Equal(Octets(sample with { ExtensionHeaders = [] }), Octets(buffer));
        Assert.Equal(sample.ChecksumError, FrameCheck.Read(buffer, sample.Trailer).ChecksumError);
    }

    /// <summary>Mobility and HIP messages are laid out as extension headers, and nothing may follow them. RFC 6275 §6.1.1, RFC 7401 §5.1.</summary>
    [Theory]
    [InlineData(IpProtocol.Mobility, false)]
    [InlineData(IpProtocol.Mobility, true)]
    [InlineData(IpProtocol.HostIdentity, false)]
    [InlineData(IpProtocol.HostIdentity, true)]
    public void MessageThatLooksLikeAnExtensionHeaderStaysLast(IpProtocol protocol, bool hasHopByHop)
    {
        NaiveMessage sample = NaiveMessage.All(8).Single(message => message.Protocol == (byte)protocol);
        byte[] header = Convert.FromHexString("60000000000000402001" + "0db8000000010000000000000001" + "20010db8000000020000000000000002");
        byte[] withHopByHop = [.. header, .. s_hopByHop];
        withHopByHop[6] = (byte)IpProtocol.HopByHopOptions;
        byte[] octets = sample.Over(hasHopByHop ? withHopByHop : header);
        FrameBuffer buffer = Load(octets);

        Assert.Equal(EditResult.Changed, new Frame(buffer).AddDestinationOption((Ipv6OptionType)0x1E, [1, 2, 3]));
        byte[] option = [(byte)protocol, 0, 0x1E, 3, 1, 2, 3, 0];
        int at = 14 + (hasHopByHop ? 48 : 40), link = hasHopByHop ? 14 + 40 : 14 + 6;
        byte[] expected = [.. octets[..at], .. option, .. octets[at..]];
        expected[link] = (byte)IpProtocol.DestinationOptions;
        expected[14 + 5] += 8;
        Assert.Equal(Convert.ToHexString(expected), Octets(buffer));
        Assert.Equal(0, sample.Error(buffer.Octets, at + 8 - 14));

        Assert.Equal(EditResult.Changed, new Frame(buffer).RemoveExtensionHeaders());
        Assert.Equal(Convert.ToHexString(sample.Over(header)), Octets(buffer));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).RemoveExtensionHeaders());

        static FrameBuffer Load(byte[] octets)
        {
            var buffer = new FrameBuffer(new FrameUndo());
            buffer.Load(octets, LinkType.Ethernet, Side.Left);
            return buffer;
        }
    }

    [Fact]
    public void PaddingFillsUpToEightOctets()
    {
        for (int length = 0; length < 30; length++)
        {
            FrameBuffer buffer = new FrameShape { IsIpv6 = true }.ToBuffer();
            var frame = new Frame(buffer);
            frame.AddDestinationOption((Ipv6OptionType)0x1E, new byte[length]);
            Assert.True(frame.TryGetDestinationOptions(out Ipv6Options options) && !options.IsMalformed);
            Assert.True(options.TryGet((Ipv6OptionType)0x1E, out Ipv6Option option));
            Assert.Equal(length, option.Data.Length);
        }
    }

    [Fact]
    public void ThatWhichWouldNotHoldIsRefused()
    {
        // In a fragment; past the MTU; longer than an option can be; the destination would be another.
        byte[] fragment = Convert.FromHexString("0000000112345678");
        Assert.Equal(EditResult.Refused, Add(new FrameShape { IsIpv6 = true, ExtensionHeaders = [(IpProtocol.Fragment, fragment)] }, 4));
        Assert.Equal(EditResult.Refused, Add(new FrameShape { IsIpv6 = true, Mtu = 67 }, 4));
        Assert.Equal(EditResult.Changed, Add(new FrameShape { IsIpv6 = true, Mtu = 68 }, 4));
        Assert.Equal(EditResult.Refused, Add(new FrameShape { IsIpv6 = true }, 256));
        Assert.Equal(EditResult.Unchanged, Add(new FrameShape(), 4));
        byte[] routing = [0, 2, 0, 1, 0, 0, 0, 0, .. new byte[16]];
        var routed = new FrameShape { IsIpv6 = true, ExtensionHeaders = [(IpProtocol.Routing, routing)] };
        Assert.Equal(EditResult.Refused, new Frame(routed.ToBuffer()).RemoveExtensionHeaders());
        Assert.Equal(
            EditResult.Refused,
            new Frame(new FrameShape { IsIpv6 = true, ExtensionHeaders = [(IpProtocol.Fragment, fragment)] }.ToBuffer()).RemoveExtensionHeaders());

        static EditResult Add(FrameShape sample, int length) =>
            new Frame(sample.ToBuffer()).AddDestinationOption((Ipv6OptionType)0x1E, new byte[length]);
    }

    private static string Octets(FrameShape sample) => Octets(sample.ToBuffer());

    private static string Octets(FrameBuffer buffer) => Convert.ToHexString(buffer.Octets);
}
