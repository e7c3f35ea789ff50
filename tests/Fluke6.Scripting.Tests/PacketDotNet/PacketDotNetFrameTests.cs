using Fluke6.Frames;
using PacketDotNet;
using EditResult = Fluke6.Wire.EditResult;
using Packet = PacketDotNet.Packet;

namespace Fluke6.Scripting.Tests;

public sealed class PacketDotNetFrameTests
{
    private static byte[] Segment(int payload)
    {
        var tcp = new TcpPacket(40000, 80) { PayloadData = [.. Enumerable.Range(0, payload).Select(i => (byte)i)], WindowSize = 1000 };
        var ip = new IPv4Packet(System.Net.IPAddress.Parse("192.0.2.1"), System.Net.IPAddress.Parse("198.51.100.2")) { PayloadPacket = tcp };
        var ethernet = new EthernetPacket(
            System.Net.NetworkInformation.PhysicalAddress.Parse("02-00-00-00-00-01"),
            System.Net.NetworkInformation.PhysicalAddress.Parse("02-00-00-00-00-02"),
            EthernetType.IPv4) { PayloadPacket = ip };
        tcp.UpdateCalculatedValues();
        ip.UpdateCalculatedValues();
        tcp.UpdateTcpChecksum();
        ip.UpdateIPChecksum();
        return ethernet.Bytes;
    }

    private static FrameBuffer Buffer(byte[] octets, int mtu = 1500)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left, mtu);
        return buffer;
    }

    [Fact]
    public void PacketComesFromTheFrameAndGoesBack()
    {
        FrameBuffer buffer = Buffer(Segment(5));
        var frame = new Frame(buffer);
        Packet packet = frame.ToPacket()!;
        TcpPacket tcp = packet.Extract<TcpPacket>();
        Assert.Equal(1000, tcp.WindowSize);
        tcp.WindowSize = 2000;
        tcp.PayloadData = [1, 2, 3, 4, 5, 6, 7];
        var ip = (IPv4Packet)tcp.ParentPacket;
        ip.UpdateCalculatedValues();
        tcp.UpdateTcpChecksum();
        ip.UpdateIPChecksum();
        Assert.Equal(EditResult.Changed, frame.Replace(packet));

        Assert.True(frame.TryGetTcp(out var changed));
        Assert.Equal(2000, changed.Window);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], frame.Payload.ToArray());
        Assert.True(frame.ToPacket()!.Extract<TcpPacket>().ValidTcpChecksum);
        Assert.True(buffer.Edited);
    }

    [Fact]
    public void FrameThatCannotBeParsedIsNoPacket()
    {
        var random = new Random(6);
        for (int i = 0; i < 2000; i++)
        {
            byte[] octets = Segment(5)[..random.Next(0, 59)];
            for (int flips = random.Next(4); flips > 0 && octets.Length > 0; flips--)
                octets[random.Next(octets.Length)] = (byte)random.Next(256);
            var frame = new Frame(Buffer(octets));
            _ = frame.ToPacket();
        }
    }

    [Fact]
    public void PacketOfAFrameWithPartialChecksumHasItInFull()
    {
        FrameBuffer buffer = PartialSegment(100, segmentSize: 0);
        var frame = new Frame(buffer);
        Packet packet = frame.ToPacket()!;
        Assert.True(packet.Extract<TcpPacket>().ValidTcpChecksum);
        Assert.Equal(EditResult.Unchanged, frame.Replace(packet));
        Assert.True(frame.HasPartialChecksum);
        Assert.Equal(Segment(100), frame.ToArray());

        packet.Extract<TcpPacket>().WindowSize = 77;
        packet.Extract<TcpPacket>().UpdateTcpChecksum();
        Assert.Equal(EditResult.Changed, frame.Replace(packet));
        Assert.False(frame.HasPartialChecksum);
        Assert.True(frame.ToPacket()!.Extract<TcpPacket>().ValidTcpChecksum);
        Assert.True(frame.TryGetTcp(out var tcp));
        Assert.Equal(77, tcp.Window);
    }

    [Fact]
    public void SuperSegmentStaysOneWithItsPartialChecksum()
    {
        FrameBuffer buffer = PartialSegment(5000, segmentSize: 1460);
        byte[] before = buffer.Octets.ToArray();
        var frame = new Frame(buffer);
        Assert.Equal(EditResult.Unchanged, frame.Replace(frame.ToPacket()));
        Assert.Equal(before, frame.Octets.ToArray());
        Assert.Equal(1460, frame.SegmentSize);
        Assert.True(frame.HasPartialChecksum);
        Assert.Equal(Segment(5000), frame.ToArray());
    }

    [Fact]
    public void SuperSegmentCutToOneSegmentIsAnOrdinaryFrame()
    {
        var frame = new Frame(PartialSegment(5000, segmentSize: 1460));
        Assert.Equal(EditResult.Changed, frame.Replace(Segment(1460)));
        Assert.Equal(0, frame.SegmentSize);
        Assert.False(frame.HasPartialChecksum);
        Assert.Equal(Segment(1460), frame.ToArray());
    }

    [Theory]
    [InlineData(1460, true)]
    [InlineData(1461, false)]
    [InlineData(0, true)]
    public void FrameLargerThanTheMtuIsRefusedAndChangesNothing(int payload, bool fits)
    {
        byte[] before = Segment(5);
        var frame = new Frame(Buffer(before));
        Assert.Equal(fits ? EditResult.Changed : EditResult.Refused, frame.Replace(Segment(payload)));
        Assert.Equal(fits ? Segment(payload) : before, frame.ToArray());
        Assert.Equal(EditResult.Refused, frame.Replace([]));
        Assert.Equal(EditResult.Refused, frame.Replace(new byte[FrameBuffer.MaxFrameLength + 1]));
    }

    [Fact]
    public void RuleThatThrowsAfterReplaceLeavesTheFrame()
    {
        FrameBuffer buffer = PartialSegment(5000, segmentSize: 1460);
        byte[] before = buffer.Octets.ToArray();
        var frame = new Frame(buffer);
        buffer.BeginRule();
        Assert.True(frame.TryGetTcp(out var tcp));
        tcp.Window = 7;
        Assert.Equal(EditResult.Changed, frame.Replace(Segment(3)));
        buffer.Undo();
        Assert.Equal(before, frame.Octets.ToArray());
        Assert.Equal(1460, frame.SegmentSize);
    }

    [Fact]
    public void ScriptSendsAPacket()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            using PacketDotNet;
            Verdict Apply(ref Frame frame)
            {
                if (frame.ToPacket() is EthernetPacket packet && packet.Extract<TcpPacket>() is { } tcp)
                {
                    tcp.WindowSize = 77;
                    tcp.UpdateTcpChecksum();
                    Packet whole = packet;    // PacketDotNet's: a file's own using goes before Fluke6's name
                    Send(Side.Left, whole);
                    frame.Replace(whole);
                }

                return Verdict.Continue;
            }
            """);
        Assert.Empty(live.Start());
        byte[] passed = live.Pass(Segment(5))!;
        Assert.Equal([passed], live.Left.SentFrames);
        var frame = new Frame(Buffer(passed));
        Assert.True(frame.TryGetTcp(out var tcp));
        Assert.Equal(77, tcp.Window);
        Assert.Equal((1L, 1L, 1L), (live.Rule("10-x").Counters.Hits, live.Rule("10-x").Counters.Rewritten, live.Rule("10-x").Counters.Sent));
    }

    // As it comes from a local stack that leaves the checksum, and the cutting up, to the card.
    private static FrameBuffer PartialSegment(int payload, int segmentSize)
    {
        FrameBuffer buffer = Buffer(Segment(payload));
        ushort sum = Wire.InternetChecksum.PseudoHeaderSum(buffer.Octets.Slice(26, 8), 6, payload + 20);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(buffer.Octets[50..], sum);
        buffer.Offload.SetPartialChecksum(34, 16);
        if (segmentSize > 0)
            buffer.Offload.SetSegmentation(SegmentationKind.Tcpv4, segmentSize, 54);
        return buffer;
    }
}
