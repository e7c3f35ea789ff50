using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public sealed class FrameDiffTests
{
    private delegate void Change(ref Frame frame);

    [Fact]
    public void SaysNothingOfEqualFrames() => Assert.Empty(Differences(Syn(), (ref _) => { }));

    [Fact]
    public void NamesAStrippedOption() => Assert.Equal(
        ["tcp option sack-permitted removed"],
        Differences(Syn(), (ref frame) => Tcp(frame).Options.Strip(TcpOptionKind.SackPermitted)));

    [Fact]
    public void NamesAnOptionsValues() => Assert.Equal(
        ["tcp option mss 1460 → 1220"],
        Differences(Syn(), (ref frame) =>
        {
            Tcp(frame).Options.TryGet(TcpOptionKind.MaximumSegmentSize, out TcpOption mss);
            mss.UInt16 = 1220;
        }));

    [Fact]
    public void NamesAddedOptions()
    {
        byte[] plain = TestBridge.FromClient(TcpFlags.Syn), more = TestBridge.FromClient(TcpFlags.Syn, [4, 2, 253, 4, 7, 8, 1, 1]);
        Assert.Equal(
            ["tcp option sack-permitted added", "tcp option 253 0708 added"],
            FrameDiff.Compare(plain, more, LinkType.Ethernet).Select(change => change.ToString()));
    }

    [Fact]
    public void NamesFieldsOfEachLayerInOrder() => Assert.Equal(
        ["ethernet source 02:00:00:00:00:01 → 02:00:00:00:00:09", "ipv6 source 2001:db8::1 → 2001:db8::9", "ipv6 hop limit 255 → 3",
            "tcp flags syn → syn+ack", "tcp window 1000 → 2"],
        Differences(Segment.Tcp("2001:db8::1", 1, "2001:db8::2", 2, TcpFlags.Syn), (ref frame) =>
        {
            frame.TryGetEthernet(out EthernetHeader ethernet);
            ethernet.Source = MacAddress.Parse("02:00:00:00:00:09");
            frame.TryGetIpv6(out Ipv6Header ipv6);
            ipv6.Source = Ipv6Address.Parse("2001:db8::9");
            ipv6.HopLimit = 3;
            frame.TryGetTcp(out TcpHeader tcp);
            tcp.Ack = true;
            tcp.Window = 2;
        }));

    [Fact]
    public void NamesTheFirstOctetOfPayloadThatDiffers() => Assert.Equal(
        ["payload at octet 3 00 → 2a"],
        Differences(Segment.Udp("192.0.2.1", 1, "192.0.2.2", 2, payload: 9), (ref frame) => frame.Edit()[45] = 42));

    [Fact]
    public void NamesAChecksumOnlyWhereNothingElseDiffers()
    {
        string change = Assert.Single(Differences(Syn(), (ref frame) =>
        {
            TcpHeader tcp = Tcp(frame);
            tcp.Checksum = 0x1234;
        }));
        Assert.EndsWith("→ 1234", change);
        Assert.StartsWith("tcp checksum ", change);
    }

    [Fact]
    public void NumbersFieldsOfOneName()
    {
        byte[] before = TestBridge.FromClient(TcpFlags.Syn, [253, 4, 1, 1, 253, 4, 2, 2, 253, 4, 3, 3]);
        byte[] after = TestBridge.FromClient(TcpFlags.Syn, [253, 4, 1, 1, 253, 4, 9, 9, 1, 1, 1, 1]);
        Assert.Equal(
            ["tcp option 253 #2 0202 → 0909", "tcp option 253 #3 removed"],
            FrameDiff.Compare(before, after, LinkType.Ethernet).Select(change => change.ToString()));
    }

    [Fact]
    public void ComparesAnyOctets()
    {
        var random = new Random(1);
        byte[] sample = Syn();
        for (int i = 0; i < 5_000; i++)
        {
            byte[] before = Mutilate(sample, random), after = Mutilate(sample, random);
            LinkType linkType = (LinkType)(i & 1);
            Assert.Equal(before.AsSpan().SequenceEqual(after), FrameDiff.Compare(before, after, linkType).Count == 0);
        }
    }

    private static byte[] Mutilate(byte[] sample, Random random)
    {
        byte[] octets = sample[..random.Next(sample.Length + 1)];
        for (int i = 0; i < 4 && octets.Length > 0; i++)
            octets[random.Next(octets.Length)] = (byte)random.Next(256);
        return octets;
    }

    private static byte[] Syn() => TestBridge.FromClient(TcpFlags.Syn, Segment.LinuxOptions());

    private static TcpHeader Tcp(Frame frame)
    {
        Assert.True(frame.TryGetTcp(out TcpHeader tcp));
        return tcp;
    }

    private static string[] Differences(byte[] octets, Change change)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        var frame = new Frame(buffer);
        change(ref frame);
        return [.. FrameDiff.Compare(octets, buffer.Octets, LinkType.Ethernet).Select(field => field.ToString())];
    }
}
