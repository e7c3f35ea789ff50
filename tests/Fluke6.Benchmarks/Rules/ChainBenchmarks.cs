using BenchmarkDotNet.Attributes;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Benchmarks.Rules;

/// <summary>A chain over a bare ACK that none of its rules matches; its headers are walked before, as the bridge does.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ChainBenchmarks
{
    private readonly FrameBuffer _ack = Arrived.Buffer(KnownFrames.Ack);
    private readonly RuleCall _call = new();
    private readonly RuleFaults _faults = new(FaultPolicy.Pass, 16, new BridgeJournal());
    private RuleChain _chain = RuleChain.Empty;

    [Params(0, 1, 10, 100)]
    public int Rules { get; set; }

    [GlobalSetup]
    public void Load() => _chain = SampleRules.ChainOf(Rules);

    [Benchmark]
    public Verdict Run()
    {
        return _chain.Run(_ack, _call, 0, _faults);
    }
}
