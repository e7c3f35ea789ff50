using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Checksums looked at anew: those that are right, and each as wrong once a bit of the message changed.</summary>
public sealed class FrameFaultsTests
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly Ipv4Address s_ipv4 = Ipv4Address.Parse("192.0.2.1");
    private static readonly Ipv6Address s_ipv6 = Ipv6Address.Parse("2001:db8::1");

    [Fact]
    public void RightChecksumsAreRightAndWrongOnesAreWrong()
    {
        byte[][] frames =
        [
            // RFC 792: no pseudo-header.
            Packet.Ethernet(s_mac, s_mac).Ipv4(s_ipv4, s_ipv4).EchoRequest(1, 2).Payload([3]).ToArray(),
            Packet.Ethernet(s_mac, s_mac).Ipv6(s_ipv6, s_ipv6).EchoRequest(1, 2).Payload([3]).ToArray(),
            Packet.Ethernet(s_mac, s_mac).Ipv4(s_ipv4, s_ipv4).Udp(1, 2).Payload([3]).ToArray(),
            Packet.Ethernet(s_mac, s_mac).Ipv6(s_ipv6, s_ipv6).Tcp(1, 2, TcpFlags.Ack).Payload([3]).ToArray(),
        ];
        foreach (byte[] frame in frames)
        {
            Assert.Empty(FrameFaults.Of(frame, LinkType.Ethernet));
            frame[^1] ^= 0x10;
            Assert.EndsWith(" checksum is wrong", Assert.Single(FrameFaults.Of(frame, LinkType.Ethernet)));
        }
    }
}
