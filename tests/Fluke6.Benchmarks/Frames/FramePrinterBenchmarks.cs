using BenchmarkDotNet.Attributes;
using Fluke6.Frames;

namespace Fluke6.Benchmarks.Frames;

/// <summary>One line of text for a frame: what a rule pays that logs. The line itself is allocated.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class FramePrinterBenchmarks
{
    [Benchmark]
    public string Syn() => FramePrinter.Print(SampleFrames.Syn, LinkType.Ethernet);

    [Benchmark]
    public string TaggedUdp() => FramePrinter.Print(SampleFrames.TaggedUdp, LinkType.Ethernet);
}
