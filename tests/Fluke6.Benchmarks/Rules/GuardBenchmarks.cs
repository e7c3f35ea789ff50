using BenchmarkDotNet.Attributes;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Benchmarks.Rules;

/// <summary>
/// Ten rules over a bare ACK which their guard does not hold for, so that none is called. Beside a rule without a guard each guard is asked, and a
/// tenth is what one costs; without that rule, all are asked together.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class GuardBenchmarks
{
    private const int Rules = 10;
    private readonly FrameBuffer _ack = Arrived.Buffer(KnownFrames.Ack);
    private readonly RuleCall _call = new();
    private readonly RuleFaults _faults = new(FaultPolicy.Pass, 16, new BridgeJournal());
    private RuleChain _chain = RuleChain.Empty;

    [Params("no rule", "TcpSyn", "Udp(53)", "Icmpv6", "Address", "TcpSyn|Udp(53)|Icmpv6")]
    public string Guards { get; set; } = "";

    [Params(false, true)]
    public bool AllAreGuarded { get; set; }

    [GlobalSetup]
    public void Load()
    {
        Guard advertisement = Guard.Icmpv6(Icmpv6Type.RouterAdvertisement);
        Guard guard = Guards switch
        {
            "TcpSyn" => Guard.TcpSyn,
            "Udp(53)" => Guard.Udp(53),
            "Icmpv6" => advertisement,
            "Address" => Guard.Address(Ipv4Prefix.Parse("10.0.0.0/8")),
            _ => Guard.TcpSyn | Guard.Udp(53) | advertisement,
        };
        var services = new RuleServices(new BridgeJournal(), TimeProvider.System, new Random(1));
        IEnumerable<RuleEntry> guarded = Enumerable.Range(0, Guards == "no rule" ? 0 : Rules).Select(i =>
        {
            var context = new RuleInstance($"{i:D3}", new RuleCounters(), services);
            context.When(guard);
            context.Prepare();
            return new RuleEntry(context.Name, new SampleRules().StripSackPermitted, context);
        });
        _chain = new RuleChain(AllAreGuarded ? guarded : guarded.Append(new RuleEntry("free", (ref _) => Verdict.Continue)));
    }

    [Benchmark]
    public Verdict Run() => _chain.Run(_ack, _call, 0, _faults);
}
