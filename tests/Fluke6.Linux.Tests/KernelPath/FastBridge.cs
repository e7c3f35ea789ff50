using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Rules;

namespace Fluke6.Linux.Tests.KernelPath;

/// <summary>The real bridge between two hosts' veth pairs, with the fast path and one rule, in this process.</summary>
internal sealed class FastBridge : IDisposable
{
    private readonly Namespaces _lab = new();
    private readonly PortPair _ports;
    private readonly PollWaiter _waiter;

    public FastBridge(Guard? guard, Rule? rule = null, int flows = 1000)
    {
        Middle = _lab.Add("middle");
        LeftHost = new Wire($"h0@{_lab.AddHost("left", Middle, "p0", "192.0.2.1", "2001:db8::1")}");
        RightHost = new Wire($"h0@{_lab.AddHost("right", Middle, "p1", "192.0.2.2", "2001:db8::2")}");
        _ports = PortPair.Open(PortSpecification.Parse($"p0@{Middle}"), PortSpecification.Parse($"p1@{Middle}"), offload: true, noFastPath: null, flows);
        Assert.True(_ports.FastPath is not null, _ports.FastPathReason);
        _waiter = new PollWaiter(_ports.Left, _ports.Right);
        Bridge = new Bridge(_ports.Left, _ports.Right, _waiter, new BridgeOptions { Flows = flows, FastPath = _ports.FastPath, LoopLimit = 0 });
        Publish(guard, rule);
        Bridge.Start();
    }

    /// <summary>Where the ports are.</summary>
    public string Middle { get; }

    public Wire LeftHost { get; }

    public Wire RightHost { get; }

    public Bridge Bridge { get; }

    /// <summary>How many frames the kernel forwarded.</summary>
    public long Forwarded => _ports.FastPath!.Forwarded(Side.Left).Frames + _ports.FastPath.Forwarded(Side.Right).Frames;

    /// <summary>Runs another version of the rule, from when this returns.</summary>
    public void Publish(Guard? guard, Rule? rule = null)
    {
        var context = new RuleInstance("10-x", new RuleCounters(), Bridge.Services);
        if (guard is not null)
            context.When(guard);
        context.Prepare();
        Assert.True(Bridge.Publish(new RuleChain([new RuleEntry("10-x", rule ?? ((ref _) => Verdict.Continue), context)])).Wait(TimeSpan.FromSeconds(30)));
    }

    /// <summary>The flows of some keys, as the table has them.</summary>
    public Dictionary<FlowKey, FlowSnapshot> Flows(ICollection<FlowKey> keys)
    {
        var flows = new FlowSnapshot[1000];
        int count = Bridge.Flows!.Read(flows);
        return flows[..count].Where(flow => keys.Contains(flow.Key)).ToDictionary(flow => flow.Key);
    }

    public void Dispose()
    {
        Assert.True(Bridge.Stop(TimeSpan.FromSeconds(30)));
        _waiter.Dispose();
        _ports.Dispose();
        LeftHost.Dispose();
        RightHost.Dispose();
        _lab.Dispose();
    }
}
