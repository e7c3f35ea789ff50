using BenchmarkDotNet.Attributes;
using Fluke6.Frames;

namespace Fluke6.Benchmarks.Frames;

/// <summary>One line of text for a frame: what a rule pays that logs. The line itself is allocated.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class FramePrinterBenchmarks
{
    private readonly byte[] _syn = KnownFrames.TcpOverIpv4, _udp = KnownFrames.TaggedUdp;

    [Benchmark]
    public string Syn() => FramePrinter.Print(_syn, LinkType.Ethernet);

    [Benchmark]
    public string TaggedUdp() => FramePrinter.Print(_udp, LinkType.Ethernet);
}
