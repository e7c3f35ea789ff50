using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Fluke6.Benchmarks.Rules;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Benchmarks.Flows;

/// <summary>
/// What the bridge does with a bare ACK between receiving and sending it, headers walked anew each time: with no flow table, with one that
/// sees the same flow, or a few, one that sees as many as fit, and one through which a million flows rush.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class FlowBenchmarks
{
    private const int Capacity = 65_536;
    private const int SourceAddress = 26;   // behind Ethernet, in IPv4

    private readonly FrameBuffer _ack = Arrived.Buffer(KnownFrames.Ack);
    private readonly RuleCall _call = new();
    private readonly RuleFaults _faults = new(FaultPolicy.Pass, 16, new BridgeJournal());
    private readonly FlowObserver _observer = new(Capacity, new BridgeJournal());
    private readonly RuleChain _chain = SampleRules.ChainOf(1);
    private int _next;

    [GlobalSetup]
    public void Fill()
    {
        _observer.BeginBatch(Moment.At(1));
        for (int i = 0; i < Capacity; i++)
            AsManyFlowsAsFit();
    }

    [Benchmark(Baseline = true)]
    public Verdict Off()
    {
        Arrive((uint)_next++ % 16);
        return Run();
    }

    [Benchmark]
    public Verdict OneFlow()
    {
        Arrive(0);
        return Observe();
    }

    [Benchmark]
    public Verdict SixteenFlows()
    {
        Arrive((uint)_next++ % 16);
        return Observe();
    }

    [Benchmark]
    public Verdict AsManyFlowsAsFit()
    {
        Arrive((uint)_next++ % Capacity);
        return Observe();
    }

    [Benchmark]
    public Verdict MillionFlows()
    {
        Arrive((uint)_next++ % 1_000_000);
        return Observe();
    }

    private void Arrive(uint source)
    {
        _ack.Arrive(_ack.Length, LinkType.Ethernet, Side.Left, 1500);
        // Spread out, or neighbours in the table would be neighbours in time.
        BinaryPrimitives.WriteUInt32BigEndian(_ack.Octets[SourceAddress..], source * 2_654_435_769);
    }

    private Verdict Observe()
    {
        _observer.Arrived(_ack);
        Verdict verdict = Run();
        _observer.Departed(_ack, verdict, decider: null);
        return verdict;
    }

    private Verdict Run()
    {
        if (_ack.Layers.StoppedAt != LayerStop.Complete)
            return Verdict.Drop;

        return _chain.Run(_ack, _call, 0, _faults);
    }
}
