using System.Runtime.InteropServices;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Core.Tests.Engine;

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
        Assert.Empty(Running());
        Assert.Null(Record().RuleBeingLoaded?.Name);
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
        Assert.Empty(Running());

        RuleEntry Rule(string name) => new(name, (ref frame) =>
        {
            seen.AddRange(Running());
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
        Assert.Equal(["c"], Running());

        RuleCall.Outer inner = call.EnterAction(chain.Entries[1]);
        call.SetAlone(chain.Entries[1]);
        call.Enter(0);
        Assert.Equal(["b"], Running());
        call.Leave(0);
        call.LeaveAction(inner);
        Assert.Equal(["c"], Running());
        call.LeaveAction(outer);
        Assert.Empty(Running());
    }

    [Fact]
    public void ThreadThatIsLeftBehindKeepsItsRuleWhateverComesIntoTheChain()
    {
        _services.CrashRecord.SetRules(new RuleChain([Nothing("a"), Nothing("hangs")]));
        RuleCall hung = _services.ClaimThread();
        hung.Enter(1);
        RuleCall next = _services.ClaimThread();
        Assert.Equal(["hangs"], Running());
        _services.CrashRecord.SetRules(new RuleChain([Nothing("x"), Nothing("y"), Nothing("z")]));
        next.Enter(2);
        Assert.Equal(["z", "hangs"], Running());
        next.Leave(2);
        hung.Leave(1);
        Assert.Empty(Running());
    }

    [Fact]
    public void LineThatARuleIsAtIsNamedAndItsPlaceUsedAgainOnceNobodyNeedsIt()
    {
        var context = new RuleInstance("a", new RuleCounters(), _services);
        ScriptPoint[] points = [.. ((int[])[3, 5]).Select(line => new ScriptPoint($"/rules/{(line == 3 ? "lib" : "10-ä")}.csx", line, 1, 1, 0, Inlined: false))];
        ScriptCell cell = context.Position.Follow(Guid.NewGuid(), points, methods: 1, calls: [], _services.CrashRecord);
        _services.CrashRecord.SetRules(new RuleChain([new RuleEntry("a", (ref _) => Verdict.Continue, context)]));
        RuleCall call = _services.ClaimThread();
        call.Enter(0);
        Assert.Equal([new RuleAtWork("a", null)], Record().RunningRules);
        foreach (string at in (string[])["lib.csx:3", "10-ä.csx:5"])
        {
            Marshal.WriteInt32(Marshal.ReadIntPtr(cell.Address), at[0] == 'l' ? 1 : 2);
            Assert.Equal([new RuleAtWork("a", at)], Record().RunningRules);
            Assert.Equal(at, context.Position.Current);
        }

        // Whatever stands there, it is only read.
        for (int i = -2; i < 3; i++)
        {
            Marshal.WriteInt32(Marshal.ReadIntPtr(cell.Address) + (4 * i), int.MinValue + 1);
            Assert.Null(Record().RunningRules[0].At);
        }
    }

    [Fact]
    public void WhereThereIsNoRoomForPositionsTheRuleIsNamedAllTheSame()
    {
        SharedPositions positions = _services.CrashRecord.Positions!;
        ScriptPoint[] points = [.. Enumerable.Range(1, 15_000).Select(line => new ScriptPoint("10-x.csx", line, 1, 1, 0, Inlined: false))];
        int first = positions.Take(points, 10)!.Value, second = positions.Take(points, 10)!.Value;
        Assert.NotEqual(first, second);
        Assert.Null(positions.Take(points, 10));
        Assert.Null(new ScriptCell(points, 10, positions).Block);
        positions.Free(first);
        Assert.Equal(first, positions.Take(points, 10));
    }

    [Fact]
    public void MoreNamesThanFitAreLeftOut()
    {
        var chain = new RuleChain(Enumerable.Range(0, 2000).Select(i => Nothing($"{i:0000}-{new string('n', 100)}")));
        _services.CrashRecord.SetRules(chain);
        RuleCall call = _services.ClaimThread();
        call.Enter(10);
        Assert.StartsWith("0010-", Assert.Single(Running()), StringComparison.Ordinal);
        call.Enter(1999);
        Assert.Empty(Running());
    }

    [Fact]
    public void RuleBeingLoadedIsNamedAndALongNameCut()
    {
        _services.CrashRecord.SetRuleBeingLoaded("10-x");
        Assert.Equal("10-x", Record().RuleBeingLoaded?.Name);
        _services.CrashRecord.SetRuleBeingLoaded(new string('ä', 300));
        Assert.Equal(new string('ä', 127), Record().RuleBeingLoaded?.Name);
        _services.CrashRecord.SetRuleBeingLoaded(null);
        Assert.Null(Record().RuleBeingLoaded?.Name);
    }

    // As the other process has it.
    private IEnumerable<string> Running() => Record().RunningRules.Select(rule => rule.Name);

    private CrashRecord Record() => new(_memory);

    private static RuleEntry Nothing(string name) => new(name, (ref frame) => Verdict.Continue);
}
