using BenchmarkDotNet.Attributes;
using Fluke6.Wire;

namespace Fluke6.Benchmarks.Wire;

/// <summary>Summing octets anew.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ChecksumBenchmarks
{
    private byte[] _octets = [];

    [Params(64, 1500, 65536)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _octets = new byte[Length];
        new Random(6).NextBytes(_octets);
    }

    [Benchmark]
    public ushort Sum() => InternetChecksum.Sum(_octets);
}

/// <summary>Following an edit instead (RFC 1624).</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ChecksumAdjustmentBenchmarks
{
    private readonly byte[] _segment = KnownFrames.TcpOverIpv4[34..];
    private ushort _window;

    [Benchmark]
    public ushort AdjustOneWord() => InternetChecksum.Adjust(0x1234, _window++, 0x5678);

    [Benchmark]
    public void SetWindow()
    {
        if (TcpHeader.TryRead(_segment, out TcpHeader tcp))
            tcp.Window = _window++;
    }
}
