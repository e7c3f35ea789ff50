using System.Globalization;
using System.Net.Sockets;
using Fluke6.Frames;
using Fluke6.Wire;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Tests;

/// <summary>What ports do with frames that the kernel takes only in part, or not at all.</summary>
public sealed class TransmitTests
{
    [Fact]
    public void ARefusedFrameIsCountedAndTheRestStillGo()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        port.Send(TestFrames.Plain(1), TestFrames.Plain(2, 3000), TestFrames.Plain(3), TestFrames.Runt(), TestFrames.Plain(5));

        Assert.Equal([1, 3, 5], peer.Receive(3).Select(frame => frame.Octets[11]));
        Assert.Equal(3, port.Counters.TxFrames);
        Assert.Equal(180, port.Counters.TxBytes);
        Assert.Equal(2, port.Counters.TxDropped);
        Assert.Equal(2, port.Counters.Errors);
        Assert.Equal(1, port.Counters.ErrorsByNumber[EMSGSIZE]);
        Assert.Equal(1, port.Counters.ErrorsByNumber[EINVAL]);
    }

    [Fact]
    public void AFrameThatTheInterfacesQueueDropsIsCountedAndExplained()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        lab.Exec(middle, "tc", "qdisc", "add", "dev", "port", "root", "pfifo", "limit", "0");
        port.Send(TestFrames.Plain(1), TestFrames.Plain(2));
        lab.Exec(middle, "tc", "qdisc", "del", "dev", "port", "root");
        port.Send(TestFrames.Plain(3));

        Assert.Equal(3, peer.Receive(1)[0].Octets[11]);
        Assert.Equal((1, 2), (port.Counters.TxFrames, port.Counters.TxDropped));
        Assert.Equal(2, port.Counters.TxDroppedByNumber[ENOBUFS]);
        Assert.Contains("txqueuelen 10000", port.Port.ExplainRefusal(ENOBUFS), StringComparison.Ordinal);
    }

    [Fact]
    public void FramesThatLeaveTheInterfaceDoNotArriveFromIt()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        // Another program's socket at the same interface; another port of ours would be refused.
        int index = int.Parse(lab.Ip(middle, "-o link show port").Split(':')[0], CultureInfo.InvariantCulture);
        using Socket neighbour = Traffic.In(middle, () => new Socket(AddressFamily.Packet, SocketType.Raw, 0));
        neighbour.Bind(new LinkEndPoint(index));
        using var peer = new Wire($"h0@{host}");
        port.Send([.. Enumerable.Range(1, 10).Select(i => TestFrames.Plain((byte)i))]);
        foreach (int i in Enumerable.Range(11, 10))
            neighbour.Send(TestFrames.Plain((byte)i).Octets);
        peer.Receive(20);
        peer.Send(TestFrames.Plain(99));
        Assert.Equal(99, port.Receive(1)[0].Octets[11]);
    }

    [Theory]
    [InlineData("tap", 0)]
    [InlineData("tap", 65535)]
    [InlineData("veth", 0)]
    [InlineData("veth", 65535)]
    public void AHeaderLengthThatIsNotTrueDoesNotHoldAFrameUp(string kind, int headerLength)
    {
        using var lab = new Namespaces();
        (Wire port, Wire peer) = Open(lab, kind);
        using (port)
        using (peer)
        {
            FrameBuffer super = TestFrames.Tcp(ipv6: false, 5_000, 1400), plain = TestFrames.Plain(1);
            Offload ofSuper = super.Offload, ofPlain = plain.Offload;
            ofSuper.HeaderLength = ofPlain.HeaderLength = (ushort)headerLength;
            port.Send(super, plain);
            List<FrameBuffer> arrived = peer.Receive(2);
            Assert.Equal(super.Octets, arrived[0].Octets);
            Assert.Equal(1400, arrived[0].Offload.SegmentSize);
            Assert.Equal(plain.Octets, arrived[1].Octets);
            Assert.Equal(0, port.Counters.TxDropped);
        }
    }

    [Theory]
    [InlineData("tap")]
    [InlineData("veth")]
    public void SuperSegmentsThatTheKernelDoesNotTakeAreCutHere(string kind)
    {
        using var lab = new Namespaces();
        (Wire port, Wire peer) = Open(lab, kind);
        using (port)
        using (peer)
        {
            // The kernel cuts a datagram into 128 at the most.
            FrameBuffer super = TestFrames.Udp(ipv6: false, 13_000, 100), plain = TestFrames.Plain(1);
            for (int i = 0; i < 10; i++)
                port.Send(super, plain);

            List<FrameBuffer> arrived = peer.Receive(10 * 131);
            Assert.Equal(10 * 131, arrived.Count);
            Assert.All(arrived.Where((_, i) => i % 131 != 130), frame => Assert.Equal(142, frame.Length));
            Assert.All(arrived.Where((_, i) => i % 131 == 130), frame => Assert.Equal(plain.Octets, frame.Octets));
            Assert.Equal(10 * 131, port.Counters.TxFrames);
            Assert.Equal(0, port.Counters.Errors);
        }
    }

    [Theory]
    [InlineData("tap")]
    [InlineData("veth")]
    public void AnOffloadHeaderThatPointsOutsideTheFrameIsRefusedAndCounted(string kind)
    {
        using var lab = new Namespaces();
        (Wire port, Wire peer) = Open(lab, kind);
        using (port)
        using (peer)
        {
            FrameBuffer super = TestFrames.Tcp(ipv6: false, 5_000, 1400), partial = TestFrames.Plain(2);
            super.Offload.SetPartialChecksum(60_000, 16);
            partial.Offload.SetPartialChecksum(60_000, 16);
            port.Send(super, partial, TestFrames.Plain(3));
            Assert.Equal(3, peer.Receive(1)[0].Octets[11]);
            Assert.Equal(2, port.Counters.TxDropped);
            Assert.Equal(2, port.Counters.ErrorsByNumber[EINVAL]);
        }
    }

    [Theory]
    [InlineData("tap")]
    [InlineData("veth")]
    public void AnSctpChecksumIsCompletedBeforeTheKernelTakesItForAnother(string kind)
    {
        using var lab = new Namespaces();
        (Wire port, Wire peer) = Open(lab, kind);
        using (port)
        using (peer)
        {
            FrameBuffer sctp = TestFrames.Udp(ipv6: false, 100, 1400);
            sctp.Offload.Clear();
            sctp.Octets[23] = 132;
            sctp.Octets[(TestFrames.Headers - 20 + 8)..].Slice(0, 4).Clear();
            sctp.Offload.SetPartialChecksum(TestFrames.Headers - 20, 8);
            byte[] expected = new Frame(sctp).ToArray();
            port.Send(sctp, TestFrames.Plain(3));

            List<FrameBuffer> arrived = peer.Receive(2);
            Assert.Equal(expected, arrived[0].Octets);
            Assert.False(arrived[0].Offload.NeedsCsum);
            uint crc = Crc32c.Compute([.. expected[34..42], 0, 0, 0, 0, .. expected[46..]]);
            Assert.Equal(BitConverter.GetBytes(crc), expected[42..46]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnAbsentUdpChecksumStaysAbsent(bool offload)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1"), right = lab.Add("right");
        using var sender = new Wire($"h0@{host}");
        using var port = new Wire($"port@{middle}", offload);
        using var tap = new Wire($"tap:h0@{right}", offload);
        using var receiver = new Wire($"h0@{right}");
        FrameBuffer sent = TestFrames.Udp(ipv6: false, 100, 1400);
        sent.Offload.Clear();
        sent.Octets[40] = sent.Octets[41] = 0;
        sender.Send(sent);
        tap.Send([.. port.Receive(1)]);
        Assert.Equal(sent.Octets, receiver.Receive(1)[0].Octets);
    }

    private static (Wire Port, Wire Peer) Open(Namespaces lab, string kind)
    {
        string middle = lab.Add("middle");
        if (kind == "tap")
            return (new Wire($"tap:port@{middle}"), new Wire($"port@{middle}"));

        string host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        return (new Wire($"port@{middle}"), new Wire($"h0@{host}"));
    }
}
