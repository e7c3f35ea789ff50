using Fluke6.Frames;
using Fluke6.Ports;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Tests;

/// <summary>Two hosts that put VXLAN around what they leave to their cards to cut up. RFC 7348.</summary>
public sealed class TunnelTests
{
    private const int Octets = 8 * 1024 * 1024;

    [Theory]
    [InlineData("veth", "veth", true, true)]
    [InlineData("veth", "veth", true, false)]
    [InlineData("veth", "veth", false, true)]
    [InlineData("veth", "tap", true, true)]
    [InlineData("veth", "tap", true, false)]
    [InlineData("tap", "veth", false, true)]
    [InlineData("tap", "tap", true, true)]
    public void BulkTransfersPass(string leftKind, string rightKind, bool offload, bool checksum)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle");
        (IPort leftPort, string left) = Host(lab, leftKind, "left", middle, 1, offload);
        (IPort rightPort, string right) = Host(lab, rightKind, "right", middle, 2, offload);
        using var pump = new Pump(leftPort, rightPort);
        foreach (bool outerIpv6 in new[] { false, true })
        {
            string name = AddVxlan(lab, left, 1, outerIpv6, checksum);
            AddVxlan(lab, right, 2, outerIpv6, checksum);
            foreach (string network in new[] { "198.51.100.", "2001:db8:88::" })
            {
                Traffic.TransferTcp(left, right, network + 2, Octets);
                Traffic.TransferTcp(right, left, network + 1, Octets);
            }

            Traffic.TransferUdp(left, right, "198.51.100.2", datagrams: 40, size: 1200);
            lab.Ip(left, $"link del {name}");
            lab.Ip(right, $"link del {name}");
        }

        Assert.True(!offload || leftKind == "tap" || pump.SuperSegmentsFromLeft > 0, "no super-segment came");
        Assert.True(!offload || leftKind == "tap" || rightKind == "tap" || rightPort.Counters.TxFrames < pump.SegmentsFromLeft, "all were cut");
        Assert.Equal(0, Lost(leftPort.Counters) + Lost(rightPort.Counters));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public void PiecesAreTheKernelsToTheOctet(bool outerIpv6, bool checksum)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        lab.Ip(host, "link set h0 address 02:00:00:00:00:01");
        AddVxlan(lab, host, 1, outerIpv6, checksum);
        lab.Ip(middle, "link add br0 type bridge");
        lab.Ip(middle, "link set br0 up");
        lab.Ip(middle, "link set port master br0");
        using var cutByKernel = new Wire($"tap:out0@{middle}", offload: false);
        lab.Ip(middle, "link set out0 master br0");
        Namespaces.Until(() => lab.Exec(middle, "bridge", "link").Split("state forwarding").Length == 3, "both bridge ports to forward");
        using var port = new Wire($"port@{middle}");
        lab.Ip(host, "neigh replace 192.0.2.2 lladdr 02:00:00:00:00:02 dev h0");
        lab.Ip(host, "neigh replace 2001:db8::2 lladdr 02:00:00:00:00:02 dev h0");
        lab.Ip(host, "neigh replace 198.51.100.2 lladdr 02:00:00:00:00:03 dev vx0");

        Traffic.SendSegmented(host, "198.51.100.2", datagrams: 10, size: 1200);
        // What else the host says is short.
        FrameBuffer super = ReceiveLong(port, 1)[0];
        Assert.Equal(1200, super.Offload.SegmentSize);
        Assert.False(super.IsSegmentedAtOuterTransport);
        List<FrameBuffer> expected = ReceiveLong(cutByKernel, 10);

        var segmentation = new Segmentation();
        Assert.True(segmentation.Begin(super));
        var piece = new FrameBuffer(new FrameUndo());
        foreach (FrameBuffer segment in expected)
        {
            Assert.True(segmentation.TryNext(piece));
            Assert.Equal(Convert.ToHexString(segment.Octets), Convert.ToHexString(piece.Octets));
        }

        Assert.False(segmentation.HasNext);
    }

    [Fact]
    public void WhatCannotBeCutIsCountedAndExplained()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        FrameBuffer super = TestFrames.Tcp(ipv6: false, 5_000, 1400);
        super.Octets[12] = 0x88;
        super.Octets[13] = 0xB5;
        port.Send(super, TestFrames.Plain(1), super);

        Assert.Equal(1, peer.Receive(1)[0].Octets[11]);
        Assert.Equal(2, port.Counters.TxDropped);
        Assert.Equal(1, port.Counters.TxFrames);
        Assert.Equal(2, port.Counters.TxDroppedByNumber[EINVAL]);
        Assert.Contains("ethtool -K", port.Port.ExplainRefusal(EINVAL), StringComparison.Ordinal);
    }

    // Queues may be full on a busy machine, which TCP makes up for; nothing else is to be lost.
    private static long Lost(PortCounters counters) =>
        counters.TxDropped - counters.TxDroppedByNumber[ENOBUFS] - counters.TxDroppedByNumber[EAGAIN]
        + counters.RxDropped - counters.RxDroppedByReason[(int)ReceiveLoss.SocketFull] - counters.RxDroppedByReason[(int)ReceiveLoss.QueueFull];

    private static List<FrameBuffer> ReceiveLong(Wire wire, int count)
    {
        List<FrameBuffer> frames = [];
        Namespaces.Until(() =>
        {
            wire.ReceiveInto(frames);
            frames.RemoveAll(frame => frame.Length < 1000);
            return frames.Count >= count;
        }, $"{count} frames");
        return frames;
    }

    private static (IPort Port, string Host) Host(Namespaces lab, string kind, string role, string middle, int number, bool offload)
    {
        (string address4, string address6) = ($"192.0.2.{number}", $"2001:db8::{number}");
        if (kind == "veth")
        {
            string host = lab.AddHost(role, middle, role, address4, address6);
            return (PortSpecification.Parse($"{role}@{middle}").Open(offload), host);
        }

        string own = lab.Add(role);
        IPort port = PortSpecification.Parse($"tap:h0@{own}").Open(offload);
        lab.Address(own, "h0", address4, address6);
        return (port, own);
    }

    private static string AddVxlan(Namespaces lab, string host, int number, bool outerIpv6, bool checksum)
    {
        (string local, string remote) = outerIpv6
            ? ($"2001:db8::{number}", $"2001:db8::{3 - number}") : ($"192.0.2.{number}", $"192.0.2.{3 - number}");
        string options = outerIpv6
            ? (checksum ? "noudp6zerocsumtx noudp6zerocsumrx" : "udp6zerocsumtx udp6zerocsumrx") : (checksum ? "udpcsum" : "noudpcsum");
        lab.Ip(host, $"link add vx0 type vxlan id 7 local {local} remote {remote} dstport 4789 dev h0 {options}");
        lab.Address(host, "vx0", $"198.51.100.{number}", $"2001:db8:88::{number}");
        return "vx0";
    }
}
