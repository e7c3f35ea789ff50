using System.Net;
using System.Net.Sockets;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Tests;

/// <summary>Super-segments longer than 64 KiB, and frames whose tags or labels make them longer than the MTU.</summary>
public sealed class LongFrameTests
{
    private const int Octets = 100 * 1024 * 1024;

    [Theory]
    [InlineData("veth", true)]
    [InlineData("tap", true)]
    [InlineData("veth", false)]
    public void BigTcpPasses(string rightKind, bool offload)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), left = lab.AddHost("left", middle, "left", "192.0.2.1", "2001:db8::1"), right;
        IPort rightPort;
        if (rightKind == "tap")
        {
            right = lab.Add("right");
            rightPort = PortSpecification.Parse($"tap:h0@{right}").Open(offload);
            lab.Address(right, "h0", "192.0.2.2", "2001:db8::2");
        }
        else
        {
            right = lab.AddHost("right", middle, "right", "192.0.2.2", "2001:db8::2");
            rightPort = PortSpecification.Parse($"right@{middle}").Open(offload);
        }

        lab.Ip(left, "link set h0 gso_max_size 300000 gro_max_size 300000");
        IPort leftPort = PortSpecification.Parse($"left@{middle}").Open(offload);
        using var pump = new Pump(leftPort, rightPort);
        Traffic.TransferTcp(left, right, "2001:db8::2", Octets);
        Traffic.TransferTcp(left, right, "192.0.2.2", Octets);
        if (offload)
            Assert.InRange(pump.LongestFromLeft, 60_000, 65_535);
        Assert.Equal(0, leftPort.Counters.RxDropped);
    }

    [Fact]
    public void ABigFrameArrivesInPacketsAndInOrder()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        lab.Ip(host, "link set h0 gso_max_size 300000");
        using var port = new Wire($"port@{middle}");
        using var plain = new Wire($"h0@{host}");
        using Socket big = OpenPacketSocket(lab, host);
        byte[] data = new byte[150_000];
        new Random(6).NextBytes(data);
        plain.Send(TestFrames.Plain(1));
        Assert.Equal(10 + 14 + 48 + 20 + data.Length, big.Send(BigTcp(data, 1400)));
        plain.Send(TestFrames.Plain(2));
        big.Send(BigTcp(data[..80_000], 1400));
        plain.Send(TestFrames.Plain(3));

        List<FrameBuffer> arrived = port.Receive(8);
        Assert.Equal([1, 0, 0, 0, 2, 0, 0, 3], arrived.Select(frame => frame.Octets[11]));
        // The host's own few short frames count, too.
        int octets = arrived.Sum(frame => frame.Length);
        Assert.InRange(port.Counters.RxBytes, octets, octets + 10_000);
        Assert.InRange(port.Counters.RxFrames, 8, 100);
        Assert.Equal(0, port.Counters.RxDropped);
        List<byte> payload = [];
        foreach (FrameBuffer frame in arrived.Skip(1).Take(3))
        {
            Assert.True(new Frame(frame).TryGetTcp(out TcpHeader tcp));
            Assert.Equal((uint)payload.Count, tcp.SequenceNumber);
            Assert.Equal(1400, frame.Offload.SegmentSize);
            payload.AddRange(new Frame(frame).Payload);
        }

        Assert.Equal(data, payload);

        // From here on frames are read straight into the bridge's buffers again.
        for (byte i = 10; i < 30; i++)
        {
            plain.Send(TestFrames.Plain(i));
            Assert.Equal(i, port.Receive(1)[0].Octets[11]);
        }
    }

    private static Socket OpenPacketSocket(Namespaces lab, string host)
    {
        int index = int.Parse(lab.Ip(host, "-o link show h0").Split(':')[0]);
        return Traffic.In(host, () =>
        {
            var socket = new Socket(AddressFamily.Packet, SocketType.Raw, 0) { SendBufferSize = 1 << 20 };
            const int SOL_PACKET = 263, PACKET_VNET_HDR = 15;
            socket.SetRawSocketOption(SOL_PACKET, PACKET_VNET_HDR, [1, 0, 0, 0]);
            socket.Bind(new LinkEndPoint(index));
            return socket;
        });
    }

    /// <summary>A TCP segment with its virtio header, as Linux leaves it to a card: its length is in a hop-by-hop option. RFC 2675.</summary>
    private static byte[] BigTcp(byte[] data, ushort segmentSize)
    {
        byte[] addresses = Convert.FromHexString("20010db8000000000000000000000001" + "20010db8000000000000000000000002");
        byte[] tcp = [0x0F, 0xA0, 0x13, 0x88, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0x10, 2, 0, 0, 0, 0, 0];
        WriteUInt16BigEndian(tcp.AsSpan(16), InternetChecksum.PseudoHeaderSum(addresses, 6, tcp.Length + data.Length));
        byte[] jumbo = [6, 0, 0xC2, 4, 0, 0, 0, 0];
        WriteInt32BigEndian(jumbo.AsSpan(4), jumbo.Length + tcp.Length + data.Length);
        byte[] offload = new byte[Offload.Length];
        new Offload(offload).SetPartialChecksum(14 + 48, 16);
        new Offload(offload).SetSegmentation(SegmentationKind.Tcpv6, segmentSize, 14 + 48 + 20);
        return
        [
            .. offload, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 0, 0x86, 0xDD, 0x60, 0, 0, 0, 0, 0, 0, 64, .. addresses, .. jumbo, .. tcp, .. data,
        ];
    }

    [Theory]
    [InlineData(1500, new ushort[] { 0x8100 }, 0)]
    [InlineData(1500, new ushort[] { 0x88A8 }, 0)]
    [InlineData(1496, new ushort[] { 0x88A8, 0x8100 }, 0)]
    [InlineData(1500, new ushort[] { }, 1)]
    [InlineData(1496, new ushort[] { 0x88A8 }, 1)]
    public void TagsAndLabelsComeOnTopOfTheMtu(int packet, ushort[] tags, int labels)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        FrameBuffer full = Labelled(packet, tags, labels), tooLong = Labelled(packet + 20, tags, labels);
        for (int i = 0; i < 200; i++)
            port.Send(TestFrames.Plain(1), full, tooLong, TestFrames.Plain(3));

        List<FrameBuffer> arrived = peer.Receive(600);
        for (int i = 0; i < 600; i += 3)
        {
            Assert.Equal(1, arrived[i].Octets[11]);
            Assert.Equal(full.Octets, arrived[i + 1].Octets);
            Assert.Equal(3, arrived[i + 2].Octets[11]);
        }

        Assert.Equal((600, 200), (port.Counters.TxFrames, port.Counters.TxDropped));
    }

    [Fact]
    public void WhatAnInterfaceHasNoRoomForIsCountedAndExplained()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        port.Send(Labelled(1500, [0x88A8, 0x8100], 0));
        Assert.Equal(1, port.Counters.TxDropped);
        Assert.Equal(1, port.Counters.TxDroppedByNumber[EMSGSIZE]);
        Assert.Contains("set port mtu 1508`", port.Port.ExplainRefusal(EMSGSIZE), StringComparison.Ordinal);
        Assert.Equal(4, port.Port.TagRoom);
    }

    [Theory]
    [InlineData(1508, 0)]
    [InlineData(9000, 1)]
    public void AnMtuThatLeavesRoomForTagsIsNoWarning(int mtu, int warnings)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle");
        lab.AddHost("left", middle, "left", "192.0.2.1", "2001:db8::1");
        lab.AddHost("right", middle, "right", "192.0.2.2", "2001:db8::2");
        lab.Ip(middle, $"link set right mtu {mtu}");
        using var ports = PortPair.Open(PortSpecification.Parse($"left@{middle}"), PortSpecification.Parse($"right@{middle}"), offload: true);
        Assert.Equal(warnings, ports.Warnings.Count);
    }

    private static FrameBuffer Labelled(int packet, ushort[] tags, int labels)
    {
        FrameBuffer plain = TestFrames.Plain(2, 14 + packet + (4 * labels), tags);
        if (labels > 0)
        {
            Span<byte> label = plain.Octets[(14 + (4 * tags.Length))..];
            WriteUInt16BigEndian(plain.Octets[(12 + (4 * tags.Length))..], 0x8847);
            label[2] |= 1;
        }

        return plain;
    }
}
