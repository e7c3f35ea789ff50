using Fluke6.Frames;

namespace Fluke6.Linux.Tests;

/// <summary>The kernel moves the outermost VLAN tag out of the frame before a packet socket sees it.</summary>
public sealed class VlanTests
{
    [Theory]
    [InlineData(0x8100)]
    [InlineData(0x88A8)]
    [InlineData(0x88A8, 0x8100)]
    public void TagsComeBackWithTheirProtocolIdentifiers(params int[] identifiers)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var sender = new Wire($"h0@{host}");
        using var port = new Wire($"port@{middle}");
        FrameBuffer sent = TestFrames.Plain(1, 60, [.. identifiers.Select(identifier => (ushort)identifier)]);
        sender.Send(sent);
        Assert.Equal(sent.Octets, port.Receive(1)[0].Octets);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ATaggedSuperSegmentCrossesFromAPacketPortToATap(bool ipv6)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), left = lab.AddHost("left", middle, "port", "192.0.2.1", "2001:db8::1"), right = lab.Add("right");
        using var sender = new Wire($"h0@{left}");
        using var port = new Wire($"port@{middle}");
        using var tap = new Wire($"tap:h0@{right}");
        using var receiver = new Wire($"h0@{right}");
        FrameBuffer sent = TestFrames.Tcp(ipv6, 20_000, 1400, tags: 0x8100);
        sender.Send(sent);
        Assert.Equal(0, sender.Counters.TxDropped);

        FrameBuffer crossing = port.Receive(1)[0];
        Assert.Equal(sent.Octets, crossing.Octets);
        Assert.Equal(1400, crossing.Offload.SegmentSize);
        Assert.Equal(sent.Offload.ChecksumStart, crossing.Offload.ChecksumStart);

        tap.Send(crossing);
        Assert.Equal(1, tap.Counters.TxFrames);
        FrameBuffer arrived = receiver.Receive(1)[0];
        Assert.Equal(sent.Octets, arrived.Octets);
        Assert.Equal(1400, arrived.Offload.SegmentSize);
    }
}
