using System.Collections.Concurrent;
using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Core.Tests.Engine;

/// <summary>What a rule wants called when its work ends is called once for each end, whatever else happens before the bridge's thread looks.</summary>
public sealed class RuleExitTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly TestBridge _host = TestBridge.Unstarted(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
    private readonly ConcurrentQueue<string> _called = new();
    private Action _meanwhile = () => { };
    private Task _done = Task.CompletedTask;

    public static TheoryData<string> Switches => ["off", "off on", "off on off"];

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Switches))]
    public void SwitchedOffItIsCalledOnce(string switches)
    {
        RuleEntry rule = Rule("10-rule");
        Start(rule);
        Meanwhile(() => Switch(rule, switches));
        Drain();
        Assert.Equal(["10-rule"], _called);

        // On, it ends once more with the bridge; off, its work has ended.
        Assert.True(_host.Bridge.Stop(s_patience));
        Assert.Equal(rule.Disabled ? 1 : 2, _called.Count);
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void SwitchedOffJustBeforeTheBridgeStopsItIsCalledOnce(string switches)
    {
        RuleEntry rule = Rule("10-rule");
        Start(rule);
        Meanwhile(() =>
        {
            Switch(rule, switches);
            _done = Task.Run(() => _host.Bridge.Stop(s_patience));
            SpinWait.SpinUntil(() => _host.Bridge.Stopping);
        });
        Assert.Equal(["10-rule"], _called);
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void SwitchedOffJustBeforeItIsTakenOutItIsCalledOnce(string switches)
    {
        RuleEntry rule = Rule("10-rule");
        Start(rule);
        Meanwhile(() =>
        {
            Switch(rule, switches);
            _done = _host.Bridge.Publish(RuleChain.Empty);
        });
        Assert.Equal(["10-rule"], _called);
        Assert.True(_host.Bridge.Stop(s_patience));
        Assert.Single(_called);
    }

    [Theory]
    [MemberData(nameof(Switches))]
    public void SwitchedOffJustBeforeAReloadItIsCalledOnce(string switches)
    {
        RuleEntry before = Rule("10-rule", "before"), after = Rule("10-rule", "after");
        Start(before);
        Meanwhile(() =>
        {
            Switch(before, switches);
            after.Disabled = before.Disabled;
            _done = _host.Bridge.Publish(new RuleChain([after]));
        });
        Assert.Equal(["before"], _called);
        Assert.True(_host.Bridge.Stop(s_patience));
        Assert.Equal(after.Disabled ? ["before"] : ["before", "after"], _called);
    }

    [Fact]
    public void RuleThatWasNeverOnIsNotCalled()
    {
        RuleEntry rule = Rule("10-rule");
        rule.Disabled = true;
        Start(rule);
        rule.Disabled = true;
        Drain();
        Assert.True(_host.Bridge.Stop(s_patience));
        Assert.Empty(_called);
    }

    [Fact]
    public void SwitchedOnAgainItIsCalledAtEachEnd()
    {
        RuleEntry rule = Rule("10-rule");
        Start(rule);
        for (int i = 1; i <= 3; i++)
        {
            rule.Disabled = true;
            Drain();
            Assert.Equal(i, _called.Count);
            rule.Disabled = false;
        }

        Assert.True(_host.Bridge.Stop(s_patience));
        Assert.Equal(4, _called.Count);
    }

    [Fact]
    public void SwitchedOffTogetherTheLastIsCalledFirst()
    {
        RuleEntry first = Rule("10-first"), last = Rule("20-last");
        Start(first, last);
        Meanwhile(() =>
        {
            first.Disabled = true;
            last.Disabled = true;
        });
        Drain();
        Assert.Equal(["20-last", "10-first"], _called);
    }

    [Fact]
    public void OneThatHangsDoesNotHaveThoseBehindItCalledAgain()
    {
        RuleEntry hangs = Rule("10-hangs", atExit: () =>
        {
            while (true)
            {
            }
        });
        Start(Rule("05-first"), hangs, Rule("20-last"));
        Await(_host.Bridge.Publish(RuleChain.Empty));
        Assert.Equal(["20-last", "10-hangs", "05-first"], _called);
        Assert.Equal(RuleState.Bypassed, hangs.State);
    }

    [Fact]
    public void RuleThatAnotherChainTakesOutMeanwhileIsCalled()
    {
        Task next = Task.CompletedTask;
        Start(Rule("10-stays"), Rule("20-leaves", atExit: () => next = _host.Bridge.Publish(RuleChain.Empty)));
        Await(_host.Bridge.Publish(new RuleChain(_host.Bridge.Chain.Entries.Where(rule => rule.Name != "20-leaves"))));
        Await(next);
        Assert.Empty(_host.Bridge.Chain.Entries);
        Assert.Equal(["20-leaves", "10-stays"], _called);
    }

    private static void Switch(RuleEntry rule, string switches)
    {
        foreach (string one in switches.Split(' '))
            rule.Disabled = one == "off";
    }

    private RuleEntry Rule(string name, string? says = null, Action? atExit = null)
    {
        var counters = new RuleCounters();
        var context = new RuleInstance(name, counters, _host.Bridge.Services);
        context.AtExit(() =>
        {
            _called.Enqueue(says ?? name);
            atExit?.Invoke();
        });
        return new RuleEntry(name, (ref frame) => Verdict.Continue, context, counters);
    }

    private void Start(params RuleEntry[] rules)
    {
        RuleEntry busy = new("00-busy", (ref frame) =>
        {
            _meanwhile();
            return Verdict.Continue;
        });
        _host.Bridge.Publish(new RuleChain([busy, .. rules]));
        _host.Bridge.Start();
    }

    /// <summary>Does something while the bridge's thread is busy with a frame: it sees all of it together.</summary>
    private void Meanwhile(Action action)
    {
        _meanwhile = action;
        var sent = new ManualResetEventSlim();
        _host.Right.Sent += _ => sent.Set();
        _host.Left.Arrive(new byte[60]);
        _host.Wake();
        Assert.True(sent.Wait(s_patience));
        Await(_done);
    }

    private void Drain() => Await(_host.Bridge.Publish(_host.Bridge.Chain));

    private static void Await(Task task) => Assert.True(task.Wait(s_patience));
}
