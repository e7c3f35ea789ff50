using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Rules;

/// <summary>Packets are sent, become frames and become what frames carry.</summary>
public sealed class SendPacketTests
{
    private static readonly Packet<EthernetFields> s_ethernet =
        Packet.Ethernet(MacAddress.Parse("02:00:00:00:00:01"), MacAddress.Parse("02:00:00:00:00:02"));

    private static readonly Ipv6Address s_source = Ipv6Address.Parse("2001:db8::1"), s_destination = Ipv6Address.Parse("2001:db8::2");

    private static readonly Packet s_short = s_ethernet.Ipv6(s_source, s_destination).Udp(1, 2).Payload("hello"u8);
    private static readonly Packet s_long = s_ethernet.Ipv6(s_source, s_destination).Udp(1, 2).Payload(new byte[9000]);

    [Fact]
    public void ARuleSendsPackets()
    {
        using var test = new TestBridge();
        test.Publish("send", context => (ref frame) =>
        {
            context.Send(frame.From, s_short);
            context.Send(Side.Right, s_ethernet.Ipv6(s_source, s_destination).EchoRequest(1, 2));
            context.Send(Side.Right, s_long);
            return Verdict.Drop;
        });
        test.Pass(Side.Left, s_short.ToArray());

        Assert.Equal([s_short.ToArray()], test.Left.SentFrames);
        Assert.Equal([s_ethernet.Ipv6(s_source, s_destination).EchoRequest(1, 2).ToArray(), s_long.ToArray()], test.Right.SentFrames);
    }

    [Fact]
    public void ASideThatIsNoneIsAFaultAndNothingIsSent()
    {
        using var test = new TestBridge();
        test.Publish("octets", context => (ref frame) =>
        {
            context.Send((Side)9, frame.Octets);
            return Verdict.Continue;
        });
        test.Pass(Side.Left, s_short.ToArray());
        test.Publish("copy", context => (ref frame) =>
        {
            context.Send((Side)2, frame.Copy());
            return Verdict.Continue;
        });
        test.Pass(Side.Left, s_short.ToArray());
        test.Publish("frame", context => (ref frame) =>
        {
            context.Send((Side)255, in frame);
            return Verdict.Continue;
        });
        test.Pass(Side.Left, s_short.ToArray());

        Assert.Equal((1, 0), (test.Bridge.Chain.Entries[0].Counters.Faults, test.Bridge.Chain.Entries[0].Counters.Sent));
        Assert.Equal("there is no side 255: it is Side.Left or Side.Right", Assert.Throws<ArgumentException>(() => Guard.From((Side)255)).Message);
    }

    [Fact]
    public void APacketWithoutLinkHeaderIsAFaultOnEthernet()
    {
        using var test = new TestBridge();
        test.Publish("send", context => (ref frame) =>
        {
            context.Send(Side.Left, Packet.Ipv6(s_source, s_destination).EchoRequest(1, 2));
            return Verdict.Continue;
        });
        test.Pass(Side.Left, s_short.ToArray());

        Assert.Empty(test.Left.SentFrames);
        Assert.Equal(1, test.Bridge.Chain.Entries[0].Counters.Faults);
    }

    [Fact]
    public void APacketBecomesTheFrame()
    {
        FrameBuffer buffer = Load(s_short);

        Assert.Equal(EditResult.Refused, new Frame(buffer).Replace(Packet.Ipv6(s_source, s_destination).EchoRequest(1, 2)));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).Replace(s_short));
        Assert.Equal(EditResult.Changed, new Frame(buffer).Replace(s_long));

        Assert.Equal(s_long.ToArray(), buffer.Octets.ToArray());
    }

    [Fact]
    public void APacketBecomesThePayload()
    {
        Packet inner = Packet.Ipv6(s_destination, s_source).EchoRequest(1, 2);
        FrameBuffer buffer = Load(s_short);

        Assert.Equal(EditResult.Changed, new Frame(buffer).ReplacePayload(inner));

        Assert.Equal(s_ethernet.Ipv6(s_source, s_destination).Udp(1, 2).Payload(inner).ToArray(), buffer.Octets.ToArray());
    }

    private static FrameBuffer Load(Packet packet)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(packet.ToArray(), LinkType.Ethernet, Side.Left);
        return buffer;
    }
}
