using BenchmarkDotNet.Attributes;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Benchmarks.Wire;

/// <summary>What it costs to write a packet in one expression; nothing is allocated.</summary>
[MemoryDiagnoser]
public class PacketBenchmarks
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly Ipv6Address s_source = Ipv6Address.Parse("2001:db8::1"), s_destination = Ipv6Address.Parse("2001:db8::2");
    private readonly byte[] _octets = new byte[256];

    [Benchmark]
    public int NeighborAdvertisement() => Packet.Ethernet(s_mac).Ipv6(s_source, s_destination)
        .NeighborAdvertisement(s_source, router: false).TargetLinkLayer(s_mac).Write(_octets);

    [Benchmark]
    public int Syn() => Packet.Ethernet(s_mac).Ipv6(s_source, s_destination).Tcp(40000, 80, TcpFlags.Syn)
        .MaximumSegmentSize(1440).SackPermitted().Timestamps(1, 0).NoOperation().WindowScale(7).Write(_octets);
}
