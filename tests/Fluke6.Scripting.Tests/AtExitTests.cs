using Fluke6.Rules;

namespace Fluke6.Scripting.Tests;

/// <summary>What a rule does when its work ends in good order.</summary>
public sealed class AtExitTests
{
    private const string PassAll = "Verdict Apply(ref Frame frame) => Verdict.Continue;";

    [Fact]
    public void WhatIsSentWhenTheBridgeStopsGoesOutLastRuleFirst()
    {
        using var live = new LiveBridge();
        live.Folder.Write("10-first.csx", Says(1) + Says(2) + PassAll);
        live.Folder.Write("20-last.csx", Says(3) + PassAll);
        live.Start();
        Assert.True(live.Bridge.HasExits);
        Assert.Empty(live.Right.SentFrames);

        Assert.True(live.Bridge.Stop(TimeSpan.FromSeconds(20)));

        Assert.Equal([3, 2, 1], live.Right.SentFrames.Select(frame => (int)frame[0]));
        Assert.Equal(2, live.Rule("10-first").Counters.Sent);
    }

    [Fact]
    public void ReloadIsNoEndAndTheNewVersionsCounts()
    {
        using var live = new LiveBridge();
        live.Folder.Write("10-rule.csx", Says(1) + PassAll);
        live.Start();
        Assert.True(live.Save("10-rule.csx", Says(2) + PassAll).Ok);
        live.Drain();
        Assert.Empty(live.Right.SentFrames);
        // A version that does not compile leaves the one before in charge.
        Assert.False(live.Save("10-rule.csx", Says(3) + PassAll + "}").Ok);
        live.Bridge.Stop(TimeSpan.FromSeconds(20));
        Assert.Equal([2], live.Right.SentFrames.Select(frame => (int)frame[0]));
    }

    [Fact]
    public void SwitchedOffItIsCalledAtOnceAndNotAgainAtTheEnd()
    {
        using var live = new LiveBridge();
        live.Folder.Write("10-rule.csx", Says(1) + PassAll);
        live.Start();
        live.Rules.SetDisabled("10-rule", true);
        live.Until(() => live.Right.SentFrames.Count == 1);
        live.Rules.SetDisabled("10-rule", true);
        live.Drain();
        Assert.Single(live.Right.SentFrames);

        live.Rules.SetDisabled("10-rule", false);
        live.Rules.SetDisabled("10-rule", true);
        live.Until(() => live.Right.SentFrames.Count == 2);
        live.Bridge.Stop(TimeSpan.FromSeconds(20));
        Assert.Equal(2, live.Right.SentFrames.Count);
    }

    [Fact]
    public void RuleWhoseFileIsDeletedIsCalledOnce()
    {
        using var live = new LiveBridge();
        string path = live.Folder.Write("10-rule.csx", Says(1) + PassAll);
        live.Folder.Write("20-stays.csx", Says(2) + PassAll);
        live.Start();
        File.Delete(path);
        live.Until(() => live.Right.SentFrames.Count == 1);
        live.Bridge.Stop(TimeSpan.FromSeconds(20));
        Assert.Equal([1, 2], live.Right.SentFrames.Select(frame => (int)frame[0]));
    }

    [Fact]
    public void WhatThrowsIsAFaultAndTheOthersAreCalled()
    {
        using var live = new LiveBridge();
        live.Folder.Write("10-rule.csx", Says(1) + PassAll);
        live.Folder.Write("20-bad.csx", "AtExit(() => throw new System.InvalidOperationException(\"no good\"));\n" + PassAll);
        live.Start();
        Assert.True(live.Bridge.Stop(TimeSpan.FromSeconds(20)));
        Assert.Single(live.Right.SentFrames);
        Assert.Equal("20-bad.csx:1", Assert.Single(live.Notes.OfType<FaultNote>()).Fault.At);
    }

    [Fact]
    public void WhatHangsIsLeftBehind()
    {
        using var live = new LiveBridge();
        live.Folder.Write("10-rule.csx", "AtExit(() => System.Threading.Thread.Sleep(System.TimeSpan.FromSeconds(20)));\n" + PassAll);
        live.Start();
        Assert.False(live.Bridge.Stop(TimeSpan.FromMilliseconds(100)));
        Assert.True(live.Bridge.Completion.IsCompletedSuccessfully);
    }

    [Fact]
    public void RuleThatHangsWhenSwitchedOffIsTakenOutAndTrafficGoesOn()
    {
        using var live = new LiveBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
        live.Folder.Write("10-rule.csx", "AtExit(() => { while (true) { } });\n" + PassAll);
        live.Start();
        live.Rules.SetDisabled("10-rule", true);
        live.Until(() => live.Notes.OfType<FaultNote>().Any(note => note.Fault.Bypassed));
        byte[] frame = new byte[60];
        Assert.Equal(frame, live.Pass(frame));
        Assert.True(live.Bridge.Stop(TimeSpan.FromSeconds(20)));
    }

    private static string Says(byte number) => $"AtExit(() => Send(Side.Right, new byte[] {{ {number}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }}));\n";
}
