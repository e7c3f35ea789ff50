using BenchmarkDotNet.Attributes;
using Fluke6.Frames;

namespace Fluke6.Benchmarks.Frames;

/// <summary>The walk through a frame's headers, done once for each frame.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class LayerWalkBenchmarks
{
    private byte[] _octets = [];

    [Params("Ack", "AckOverIpv6", "TaggedUdp", "Arp")]
    public string Frame { get; set; } = "";

    [GlobalSetup]
    public void Choose() => _octets = Frame switch
    {
        "Ack" => KnownFrames.Ack,
        "AckOverIpv6" => KnownFrames.AckOverIpv6,
        "TaggedUdp" => KnownFrames.TaggedUdp,
        "Arp" => KnownFrames.Arp,
        _ => throw new InvalidOperationException($"There is no sample frame {Frame}."),
    };

    [Benchmark]
    public int Walk()
    {
        LayerWalk.Walk(_octets, LinkType.Ethernet, out Layers layers);
        return layers.PayloadOffset;
    }
}
