using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Setters of fields that decide how the rest of the frame is read.</summary>
public class LayoutEditTests
{
    public static TheoryData<string> Edits => ["ethertype", "vlan ethertype", "more fragments", "fragment offset"];

    [Theory]
    [MemberData(nameof(Edits))]
    public void LaterEditsInTheSameRuleAreUndoneWithIt(string edit)
    {
        FrameBuffer buffer = new FrameShape { VlanTags = 1, Payload = [1, 2, 3, 4, 5, 6, 7, 8] }.ToBuffer();
        var before = new Snapshot(buffer);
        var frame = new Frame(buffer);

        Change(frame, edit);
        frame.Edit()[^1] ^= 0xFF;
        buffer.Undo();

        before.AssertSame(buffer, edit);
        Assert.True(frame.TryGetTcp(out _));
    }

    [Fact]
    public void AnotherEtherTypeIsAnotherNetworkLayer()
    {
        var frame = new Frame(new FrameShape().ToBuffer());
        Assert.True(frame.TryGetIpv4(out _));
        Assert.True(frame.TryGetEthernet(out EthernetHeader ethernet));

        ethernet.EtherType = (EtherType)0x88B5;

        Assert.False(frame.TryGetIpv4(out _));
        Assert.Equal(LayerStop.UnknownEtherType, frame.Layers.StoppedAt);
    }

    [Fact]
    public void ALaterFragmentHasNoTransportHeader()
    {
        var frame = new Frame(new FrameShape().ToBuffer());
        Assert.True(frame.TryGetIpv4(out Ipv4Header ipv4));

        ipv4.FragmentOffset = 8;

        Assert.False(frame.TryGetTcp(out _));
    }

    private static void Change(Frame frame, string edit)
    {
        switch (edit)
        {
            case "ethertype":
                Assert.True(frame.TryGetEthernet(out EthernetHeader ethernet));
                ethernet.EtherType = (EtherType)0x88B5;
                break;
            case "vlan ethertype":
                Assert.True(frame.TryGetVlanTag(out VlanTag tag));
                tag.EtherType = EtherType.Arp;
                break;
            case "more fragments":
                Assert.True(frame.TryGetIpv4(out Ipv4Header ipv4));
                ipv4.MoreFragments = true;
                break;
            default:
                Assert.True(frame.TryGetIpv4(out Ipv4Header header));
                header.FragmentOffset = 8;
                break;
        }
    }
}
