using System.Runtime.InteropServices;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Tests.Rules;

/// <summary>What is read from the memory that a process left is which rule it was in.</summary>
public sealed class CrashRecordTests : IDisposable
{
    private readonly nint _memory = Marshal.AllocHGlobal(CrashRecord.Length);
    private readonly RuleServices _services;
    private readonly BridgeJournal _journal = new();

    public CrashRecordTests()
    {
        Marshal.Copy(new byte[CrashRecord.Length], 0, _memory, CrashRecord.Length);
        _services = new RuleServices(_journal, TimeProvider.System, new Random(1), crashRecord: Record());
    }

    public void Dispose() => Marshal.FreeHGlobal(_memory);

    [Fact]
    public void NothingIsSaidOfMemoryThatNobodyUsed()
    {
        Assert.Empty(Record().RunningRules);
        Assert.Null(Record().RuleBeingLoaded);
    }

    [Fact]
    public void RuleAtAFrameIsNamedWhileItRunsAndNotAfterwards()
    {
        var seen = new List<string>();
        var chain = new RuleChain([Rule("10-ä"), new RuleEntry("not compiled", null), Rule("20-b")]);
        _services.CrashRecord.SetRules(chain);
        RuleCall call = _services.ClaimThread();
        call.Chain = chain;
        call.BeginFrame();
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[60], LinkType.Ethernet, Side.Left);
        chain.Run(buffer, call, 0, new RuleFaults(FaultPolicy.Pass, 1, _journal));
        Assert.Equal(["10-ä", "20-b"], seen);
        Assert.Empty(Record().RunningRules);

        RuleEntry Rule(string name) => new(name, (ref frame) =>
        {
            seen.AddRange(Record().RunningRules);
            return Verdict.Continue;
        });
    }

    [Fact]
    public void ActionIsItsRulesAndARuleAskedAloneWithinItsOwn()
    {
        var chain = new RuleChain([Nothing("a"), Nothing("b"), Nothing("c")]);
        _services.CrashRecord.SetRules(chain);
        RuleCall call = _services.ClaimThread();
        RuleCall.Outer outer = call.EnterAction(chain.Entries[2]);
        Assert.Equal(["c"], Record().RunningRules);

        RuleCall.Outer inner = call.EnterAction(chain.Entries[1]);
        call.SetAlone(chain.Entries[1]);
        call.Enter(0);
        Assert.Equal(["b"], Record().RunningRules);
        call.Leave(0);
        call.LeaveAction(inner);
        Assert.Equal(["c"], Record().RunningRules);
        call.LeaveAction(outer);
        Assert.Empty(Record().RunningRules);
    }

    [Fact]
    public void ThreadThatIsLeftBehindKeepsItsRuleWhateverComesIntoTheChain()
    {
        _services.CrashRecord.SetRules(new RuleChain([Nothing("a"), Nothing("hangs")]));
        RuleCall hung = _services.ClaimThread();
        hung.Enter(1);
        RuleCall next = _services.ClaimThread();
        Assert.Equal(["hangs"], Record().RunningRules);
        _services.CrashRecord.SetRules(new RuleChain([Nothing("x"), Nothing("y"), Nothing("z")]));
        next.Enter(2);
        Assert.Equal(["z", "hangs"], Record().RunningRules);
        next.Leave(2);
        hung.Leave(1);
        Assert.Empty(Record().RunningRules);
    }

    [Fact]
    public void MoreNamesThanFitAreLeftOut()
    {
        var chain = new RuleChain(Enumerable.Range(0, 2000).Select(i => Nothing($"{i:0000}-{new string('n', 100)}")));
        _services.CrashRecord.SetRules(chain);
        RuleCall call = _services.ClaimThread();
        call.Enter(10);
        Assert.StartsWith("0010-", Assert.Single(Record().RunningRules), StringComparison.Ordinal);
        call.Enter(1999);
        Assert.Empty(Record().RunningRules);
    }

    [Fact]
    public void RuleBeingLoadedIsNamedAndALongNameCut()
    {
        _services.CrashRecord.RuleBeingLoaded = "10-x";
        Assert.Equal("10-x", Record().RuleBeingLoaded);
        _services.CrashRecord.RuleBeingLoaded = new string('ä', 300);
        Assert.Equal(new string('ä', 127), Record().RuleBeingLoaded);
        _services.CrashRecord.RuleBeingLoaded = null;
        Assert.Null(Record().RuleBeingLoaded);
    }

    // As the other process has it.
    private CrashRecord Record() => new(_memory);

    private static RuleEntry Nothing(string name) => new(name, (ref frame) => Verdict.Continue);
}
