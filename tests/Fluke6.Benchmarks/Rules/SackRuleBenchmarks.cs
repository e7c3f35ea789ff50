using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;

namespace Fluke6.Benchmarks.Rules;

/// <summary>
/// The SACK rule. On a SYN it changes the frame, which must be put back before it can do so again: sixteen frames at a time are put back
/// and then given to the rule (so that no read waits for a write just made), and <see cref="PutBack"/> alone is the baseline to take off.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class SackRuleBenchmarks
{
    private const int Frames = 16;
    private readonly FrameBuffer[] _syns = new FrameBuffer[Frames];
    private readonly FrameBuffer _ack = Arrived.Buffer(KnownFrames.Ack);
    private readonly Rule _rule = new SampleRules().StripSackPermitted;
    private readonly RuleCall _call = new();
    private readonly RuleFaults _faults = new(FaultPolicy.Pass, 16, new BridgeJournal());
    private readonly RuleChain _chain;
    private readonly ushort _sackPermitted = MemoryMarshal.Read<ushort>(KnownFrames.TcpOverIpv4.AsSpan(KnownFrames.SackPermittedOffset));
    private readonly ushort _checksum = MemoryMarshal.Read<ushort>(KnownFrames.TcpOverIpv4.AsSpan(KnownFrames.TcpChecksumOffset));

    public SackRuleBenchmarks()
    {
        _chain = new RuleChain([new RuleEntry("strip-sack-permitted", _rule)]);
        var undo = new FrameUndo();
        for (int i = 0; i < Frames; i++)
            _syns[i] = Arrived.Buffer(KnownFrames.TcpOverIpv4, undo: undo);
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Frames)]
    public void PutBack()
    {
        foreach (FrameBuffer syn in _syns)
            PutBack(syn);
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public void OnSyn()
    {
        PutBack();
        foreach (FrameBuffer syn in _syns)
        {
            var frame = new Frame(syn);
            _rule(ref frame);
        }
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public void OnSynInChain()
    {
        PutBack();
        foreach (FrameBuffer syn in _syns)
        {
            _chain.Run(syn, _call, 0, _faults);
        }
    }

    [Benchmark]
    public Verdict OnAck()
    {
        var frame = new Frame(_ack);
        return _rule(ref frame);
    }

    [Benchmark]
    public Verdict OnAckInChain()
    {
        return _chain.Run(_ack, _call, 0, _faults);
    }

    /// <summary>As the port delivered it, headers walked.</summary>
    private void PutBack(FrameBuffer syn)
    {
        MemoryMarshal.Write(syn.Octets[KnownFrames.SackPermittedOffset..], in _sackPermitted);
        MemoryMarshal.Write(syn.Octets[KnownFrames.TcpChecksumOffset..], in _checksum);
        syn.BeginRule();
    }
}
