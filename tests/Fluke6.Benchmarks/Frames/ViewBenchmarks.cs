using BenchmarkDotNet.Attributes;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Benchmarks.Frames;

/// <summary>What a rule pays to ask for a view: the first one that asks walks the headers, the others find them noted.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ViewBenchmarks
{
    private readonly FrameBuffer _ack = Arrived.Buffer(KnownFrames.Ack);
    private readonly FrameBuffer _udp = Arrived.Buffer(KnownFrames.TaggedUdp);

    [Benchmark]
    public bool TcpOfTcpFirstTime() => Arrive(_ack).TryGetTcp(out TcpHeader tcp) && tcp.Syn;

    [Benchmark]
    public bool TcpOfTcpAgain() => new Frame(_ack).TryGetTcp(out TcpHeader tcp) && tcp.Syn;

    [Benchmark]
    public bool TcpOfUdpFirstTime() => Arrive(_udp).TryGetTcp(out TcpHeader tcp) && tcp.Syn;

    [Benchmark]
    public bool TcpOfUdpAgain() => new Frame(_udp).TryGetTcp(out TcpHeader tcp) && tcp.Syn;

    [Benchmark]
    public bool Ipv4Again() => new Frame(_ack).TryGetIpv4(out Ipv4Header ipv4) && ipv4.TimeToLive == 1;

    private static Frame Arrive(FrameBuffer buffer)
    {
        buffer.Arrive(buffer.Length, LinkType.Ethernet, Side.Left, 1500);
        return new Frame(buffer);
    }
}
