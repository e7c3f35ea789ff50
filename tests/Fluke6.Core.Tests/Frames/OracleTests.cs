using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>The frames that tests begin with come from the writers: here the writers are held against what owes them nothing.</summary>
public sealed class OracleTests
{
    private static readonly byte[] s_data = FrameShapes.Data(33);

    private static readonly Ipv6Address s_source6 = Ipv6Address.Parse("2001:db8:0:1::1"), s_destination6 = Ipv6Address.Parse("2001:db8:0:2::2");

    private static readonly Ipv4Fields s_ipv4 =
        new(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("198.51.100.2")) { Identification = 0xFFFE };

    private static readonly Dictionary<string, Packet> s_written = new()
    {
        ["ip4/tcp"] = Tcp(Packet.Ipv4(s_ipv4)),
        ["ip6/tcp"] = Tcp(Packet.Ipv6(s_source6, s_destination6)),
        ["ip4/udp"] = Udp(Packet.Ipv4(s_ipv4)),
        ["eth/ip4o/udp"] = Udp(Ethernet.Ipv4(s_ipv4 with { Options = [Ipv4OptionFields.RouterAlert] })),
        ["eth/svlan/vlan/ip6/udp"] = Udp(
            Ethernet.Vlan(5, priority: 1, EtherType.Dot1Ad).Vlan(5, priority: 1).Ipv6(s_source6, s_destination6)),
        ["eth/ip4/gre/ip6/tcp"] = Tcp(Ethernet.Ipv4(s_ipv4).Gre().Ipv6(s_source6, s_destination6)),
        ["eth/ip6/gree/ip4/udp"] = Udp(
            Ethernet.Ipv6(s_source6, s_destination6).Gre(new GreFields { HasChecksum = true, Key = 42, SequenceNumber = 0x1_FFFE }).Ipv4(s_ipv4)),
        ["eth/ip6/udpc/vxlan/eth/ip4/tcp"] = Tcp(
            Vxlan(Ethernet.Ipv6(s_source6, s_destination6).Udp(0x1234, 4789)).Ipv4(s_ipv4)),
        ["eth/ip4/udp0/vxlan/eth/ip6/udp"] = Udp(
            Vxlan(Ethernet.Ipv4(s_ipv4).Udp(0x1234, 4789, checksum: false)).Ipv6(s_source6, s_destination6)),
        ["ip4/ip6/ip4/tcp"] = Tcp(Packet.Ipv4(s_ipv4).Ipv6(s_source6, s_destination6).Ipv4(s_ipv4)),
    };

    public static TheoryData<string> Stacks => [.. s_written.Keys];

    private static Packet<EthernetFields> Ethernet =>
        Packet.Ethernet(MacAddress.Parse("02:00:00:00:00:02"), MacAddress.Parse("02:00:00:00:00:01"));

    [Theory]
    [MemberData(nameof(Stacks))]
    public void WritersWriteWhatIsLaidOutByHand(string stack)
    {
        byte[] byHand = Assert.Single(new NaivePacket(stack.Split('/'), s_data, s_data.Length).Segments());
        Assert.Equal(Hex.Of(byHand), Hex.Of(s_written[stack].ToArray()));
    }

    [Fact]
    public void ShapesAreAsTheySay()
    {
        for (int seed = 0; seed < 2000; seed++)
        {
            FrameShape shape = FrameShapes.Any(new Random(seed));
            FrameBuffer buffer = shape.ToBuffer();
            var check = FrameCheck.Read(buffer, shape.Trailer);
            Assert.Equal((shape.NetworkOffset, shape.TransportOffset, shape.Protocol), (check.NetworkOffset, check.TransportOffset, check.Protocol));
            Assert.Equal(shape.Payload, buffer.Octets.Slice(check.PayloadOffset, check.PayloadLength).ToArray());
            Assert.Equal(shape.HasNoChecksum, check.ChecksumField is null);
            Assert.Equal(shape.ChecksumError % 0xFFFF, check.ChecksumError);
        }
    }

    private static Packet<EthernetFields> Vxlan(Packet<UdpFields> udp) =>
        udp.Vxlan(7).Ethernet(MacAddress.Parse("02:00:00:00:00:02"), MacAddress.Parse("02:00:00:00:00:01"));

    private static Packet Tcp<T>(Packet<T> network)
        where T : INetworkFields
        => network.Tcp(4000, 5000, (TcpFlags)0x99, 0xFFFF_FF00, 0x0102_0304, window: 512)
            .NoOperation().NoOperation().Timestamps(0x0102_0304, 0x0506_0708).Payload(s_data);

    private static Packet Udp<T>(Packet<T> network)
        where T : INetworkFields
        => network.Udp(4000, 5000).Payload(s_data);
}
