using Fluke6.Frames;
using Fluke6.Wire;
using PacketDotNet;
using Packet = PacketDotNet.Packet;

namespace Fluke6.Core.Tests.Frames;

/// <summary>What PacketDotNet, which shares no line with Fluke6, makes of edited frames.</summary>
public class EditOracleTests
{
    private const int Rounds = 500;

    [Theory]
    [MemberData(nameof(FrameEdits.Names), MemberType = typeof(FrameEdits))]
    public void PacketDotNetFindsEveryLengthAndChecksumRight(string name)
    {
        int changed = 0;
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            // What PacketDotNet reads reliably: one tag, no extension headers, whole packets.
            FrameShape sample = FrameShapes.Any(random) with
            {
                IsRawIp = false, VlanTags = random.Next(2), ExtensionHeaders = [], IsFirstFragment = false,
                Trailer = 0, ChecksumError = 0, HasPartialChecksum = false, HasNoChecksum = false, SegmentSize = 0,
            };
            FrameBuffer buffer = sample.ToBuffer();
            var frame = new Frame(buffer);
            if (FrameEdits.All[name](frame, random) != EditResult.Changed || buffer.Layers.VlanTags > 1)
                continue;

            changed++;
            AssertRight(frame, $"{name}, seed {seed}");
        }

        Assert.True(changed > Rounds / 20, $"only {changed} frames changed");
    }

    [Fact]
    public void PacketDotNetReadsTheOptionsAsTheyWereSet()
    {
        FrameBuffer buffer = new FrameShape { IsIpv6 = true, TcpFlags = 2, TcpOptions = FrameShapes.LinuxSyn }.ToBuffer();
        var frame = new Frame(buffer);
        frame.RemoveTcpOption(TcpOptionKind.SackPermitted);
        frame.SetMaximumSegmentSize(1220);
        frame.SetWindowScale(3);
        frame.ReorderTcpOptions(TcpOptionKind.Timestamps);

        var tcp = Packet.ParsePacket(LinkLayers.Ethernet, frame.ToArray()).Extract<TcpPacket>();

        Assert.Equal(
            ["TSOPT", "MaximumSegmentSize", "WindowScaleFactor"],
            from option in tcp.OptionsCollection
            where option is not (PacketDotNet.Tcp.NoOperationOption or PacketDotNet.Tcp.EndOfOptionsOption)
            select option.Kind switch
            {
                PacketDotNet.Tcp.OptionTypes.Timestamp => "TSOPT",
                var kind => kind.ToString(),
            });
        Assert.Equal(1220, tcp.OptionsCollection.OfType<PacketDotNet.Tcp.MaximumSegmentSizeOption>().Single().Value);
    }

    private static void AssertRight(Frame frame, string message)
    {
        byte[] octets = frame.ToArray();
        Packet packet = Packet.ParsePacket(LinkLayers.Ethernet, octets);
        IPPacket ip = packet.Extract<IPPacket>();
        Assert.Equal(octets.Length, ip.BytesSegment.Offset + ip.TotalPacketLength);
        if (ip is IPv4Packet ipv4)
            Assert.True(ipv4.ValidChecksum, message);

        byte[]? payload = null;
        switch (ip.PayloadPacket)
        {
            case TcpPacket tcp:
                Assert.True(tcp.ValidTcpChecksum, message);
                payload = tcp.PayloadData;
                break;
            case UdpPacket udp:
                Assert.True(udp.ValidUdpChecksum, message);
                Assert.Equal(ip.PayloadLength, (ushort)udp.Length);
                payload = udp.PayloadData;
                break;
            case IcmpV4Packet icmp:
                Assert.True(icmp.ValidIcmpChecksum, message);
                break;
            case IcmpV6Packet icmp:
                Assert.True(icmp.ValidIcmpChecksum, message);
                break;
            default:
                Assert.Fail($"{message}: {ip.PayloadPacket}");
                break;
        }

        if (payload is not null)
            Assert.Equal(frame.Payload.ToArray(), payload);
    }
}
