using Fluke6.Ports;

namespace Fluke6.Linux.Tests;

/// <summary>Two hosts that leave checksums and segmentation to their network cards, with ports of every kind between them.</summary>
public sealed class BulkTransferTests
{
    private const int Octets = 20 * 1024 * 1024;

    [Theory]
    [InlineData("tap", "tap")]
    [InlineData("veth", "veth")]
    [InlineData("tap", "veth")]
    [InlineData("tun", "tun")]
    public void TcpPassesAsSuperSegmentsInBothDirections(string leftKind, string rightKind)
    {
        using var lab = new Namespaces();
        (Pump pump, string left, string right) = Connect(lab, leftKind, rightKind, offload: true);
        using (pump)
        {
            foreach ((string leftAddress, string rightAddress) in new[] { ("192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8::2") })
            {
                long before = pump.SuperSegmentsFromLeft;
                Traffic.TransferTcp(left, right, rightAddress, Octets);
                Assert.True(pump.SuperSegmentsFromLeft > before, "no super-segment came from the left");

                before = pump.SuperSegmentsFromRight;
                Traffic.TransferTcp(right, left, leftAddress, Octets);
                Assert.True(pump.SuperSegmentsFromRight > before, "no super-segment came from the right");
            }

            // SYNs are not super-segments: their checksums were partial by themselves.
            Assert.True(pump.PartialFromLeft > pump.SuperSegmentsFromLeft);
            Assert.True(pump.PartialFromRight > pump.SuperSegmentsFromRight);
        }
    }

    [Theory]
    [InlineData("tap", "tap")]
    [InlineData("veth", "veth")]
    [InlineData("tap", "veth")]
    [InlineData("veth", "tap")]
    [InlineData("tun", "tun")]
    public void SegmentedUdpArrivesAsTheDatagramsThatWereSent(string leftKind, string rightKind)
    {
        using var lab = new Namespaces();
        (Pump pump, string left, string right) = Connect(lab, leftKind, rightKind, offload: true);
        using (pump)
        {
            Traffic.TransferUdp(left, right, "192.0.2.2", datagrams: 40, size: 1200);
            Traffic.TransferUdp(left, right, "2001:db8::2", datagrams: 40, size: 1200);
            Assert.True(pump.SuperSegmentsFromLeft >= 2, "the datagrams did not come as super-segments");
        }
    }

    [Theory]
    [InlineData("tap", "tap")]
    [InlineData("veth", "veth")]
    [InlineData("tap", "veth")]
    [InlineData("tun", "tun")]
    public void WithoutOffloadOnlyWireSizedFramesWithFullChecksumsPass(string leftKind, string rightKind)
    {
        using var lab = new Namespaces();
        (Pump pump, string left, string right) = Connect(lab, leftKind, rightKind, offload: false);
        using (pump)
        {
            long wrong = 0, transports = 0;
            pump.Inspect = frame =>
            {
                if (!WireCheck.AreChecksumsRight(frame, out bool hasTransport))
                    Interlocked.Increment(ref wrong);
                if (hasTransport)
                    Interlocked.Increment(ref transports);
                return true;
            };
            Traffic.TransferTcp(left, right, "192.0.2.2", Octets);
            Traffic.TransferTcp(right, left, "2001:db8::1", Octets);
            Traffic.TransferUdp(left, right, "2001:db8::2", datagrams: 40, size: 1200);
            Assert.Equal(0, wrong);
            Assert.True(transports > Octets / 1500);
            Assert.Equal(0, pump.SuperSegmentsFromLeft + pump.SuperSegmentsFromRight + pump.PartialFromLeft + pump.PartialFromRight);
            Assert.InRange(pump.LongestFromLeft, 1000, 1514);
            Assert.InRange(pump.LongestFromRight, 1000, 1514);
        }
    }

    private static (Pump Pump, string Left, string Right) Connect(Namespaces lab, string leftKind, string rightKind, bool offload)
    {
        string middle = lab.Add("middle");
        (IPort leftPort, string left) = Host(lab, leftKind, "left", middle, "192.0.2.1", "2001:db8::1", offload);
        (IPort rightPort, string right) = Host(lab, rightKind, "right", middle, "192.0.2.2", "2001:db8::2", offload);
        return (new Pump(leftPort, rightPort), left, right);
    }

    private static (IPort Port, string Host) Host(
        Namespaces lab, string kind, string role, string middle, string address4, string address6, bool offload)
    {
        if (kind == "veth")
        {
            string host = lab.AddHost(role, middle, role, address4, address6);
            return (PortSpecification.Parse($"{role}@{middle}").Open(offload), host);
        }

        string own = lab.Add(role);
        IPort port = PortSpecification.Parse($"{kind}:h0@{own}").Open(offload);
        lab.Address(own, "h0", address4, address6);
        return (port, own);
    }
}
