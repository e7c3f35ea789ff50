using BenchmarkDotNet.Attributes;
using Fluke6.Wire;

namespace Fluke6.Benchmarks.Wire;

/// <summary>Walking the five options of a Linux SYN.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class TcpOptionsBenchmarks
{
    private readonly byte[] _segment = KnownFrames.TcpOverIpv4[34..];

    [Benchmark]
    public int WalkAll()
    {
        int octets = 0;
        if (TcpHeader.TryRead(_segment, out TcpHeader tcp))
        {
            foreach (TcpOption option in tcp.Options)
                octets += option.Length;
        }

        return octets;
    }

    [Benchmark]
    public bool FindLast() => TcpHeader.TryRead(_segment, out TcpHeader tcp) && tcp.Options.Contains(TcpOptionKind.WindowScale);

    [Benchmark]
    public EditResult StripWhatIsNotThere() =>
        TcpHeader.TryRead(_segment, out TcpHeader tcp) ? tcp.Options.Strip(TcpOptionKind.UserTimeout) : EditResult.Refused;
}
