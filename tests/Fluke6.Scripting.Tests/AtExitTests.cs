using Fluke6.Bridging;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting.Tests.Examples;
using Fluke6.Wire;

namespace Fluke6.Scripting.Tests;

/// <summary>What a rule does when its work ends in good order.</summary>
public sealed class AtExitTests
{
    private const string PassAll = "Verdict Apply(ref Frame frame) => Verdict.Continue;";

    [Fact]
    public void WhatIsSentWhenTheBridgeStopsGoesOutLastRuleFirst()
    {
        using var live = new ScriptedBridge();
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
        using var live = new ScriptedBridge();
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
        using var live = new ScriptedBridge();
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
        using var live = new ScriptedBridge();
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
        using var live = new ScriptedBridge();
        live.Folder.Write("10-rule.csx", Says(1) + PassAll);
        live.Folder.Write("20-bad.csx", "AtExit(() => throw new System.InvalidOperationException(\"no good\"));\n" + PassAll);
        live.Start();
        Assert.True(live.Bridge.Stop(TimeSpan.FromSeconds(20)));
        Assert.Single(live.Right.SentFrames);
        Assert.Equal("20-bad.csx:1", Assert.Single(live.Notes.OfType<FaultNote>()).Fault.At);
    }

    [Fact]
    public void LineIsThatOfTheFirstCauseWhereManyThreadsThrew()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-rule.csx", "AtExit(() => System.Threading.Tasks.Parallel.For(0, 4, i =>\n{\n    int[] none = [];\n    none[i] = 1;\n}));\n" + PassAll);
        live.Start();
        Assert.True(live.Bridge.Stop(TimeSpan.FromSeconds(20)));
        Assert.Equal("10-rule.csx:4", Assert.Single(live.Notes.OfType<FaultNote>()).Fault.At);
    }

    [Fact]
    public void WhatHangsIsLeftBehind()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-rule.csx", "AtExit(() => System.Threading.Thread.Sleep(System.TimeSpan.FromSeconds(20)));\n" + PassAll);
        live.Start();
        Assert.False(live.Bridge.Stop(TimeSpan.FromMilliseconds(100)));
        Assert.True(live.Bridge.Completion.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    public void WhatHangsWhenTheBridgeStopsCostsNoOtherRuleItsExit(string statement)
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
        live.Folder.Write("10-rule.csx", Says(1) + PassAll);
        live.Folder.Write("20-hangs.csx", $"AtExit(() => {{ {statement} }});\n" + PassAll);
        live.Folder.Write("30-rule.csx", Says(3) + PassAll);
        live.Start();
        Assert.True(live.Bridge.Stop(TimeSpan.FromSeconds(20)));
        Assert.Equal([3, 1], live.Right.SentFrames.Select(frame => (int)frame[0]));
        Assert.Equal("20-hangs", Assert.Single(live.Notes.OfType<FaultNote>()).Fault.Rule);
    }

    [Fact]
    public void RuleThatHangsWhenSwitchedOffIsTakenOutAndTrafficGoesOn()
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
        live.Folder.Write("10-rule.csx", "AtExit(() => { while (true) { } });\n" + PassAll);
        live.Start();
        live.Rules.SetDisabled("10-rule", true);
        live.Until(() => live.Notes.OfType<FaultNote>().Any(note => note.Fault.Bypassed));
        byte[] frame = new byte[60];
        Assert.Equal(frame, live.Pass(frame));
        Assert.True(live.Bridge.Stop(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public void PrefixThatARuleBehindHidesStaysHiddenWhenOneBeforeIsSwitchedOff()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-dns.csx", File.ReadAllText(Path.Combine(GoldenFrames.Folder, "ndp-add-ra-dns.csx")));
        live.Folder.Write("20-prefix.csx", File.ReadAllText(Path.Combine(GoldenFrames.Folder, "ndp-rewrite-ra-prefix.csx")));
        Assert.Empty(live.Start());
        byte[] advertisement = GoldenFrames.Of("ndp-rewrite-ra-prefix")[0].In;
        Assert.NotNull(live.Pass(advertisement));

        live.Rules.SetDisabled("10-dns", true);
        live.Until(() => live.Right.SentFrames.Count == 3);

        // First the end of the name servers, then what hosts will hear from now on.
        Assert.Equal([("2001:db8:2::/64", 0u), ("2001:db8:2::/64", null)], live.Right.SentFrames.Skip(1).Select(Read));
        Assert.Equal(live.Pass(advertisement), live.Right.SentFrames[2]);

        static (string Prefix, uint? ServersLifetime) Read(byte[] octets)
        {
            var buffer = new FrameBuffer(new FrameUndo());
            buffer.Load(octets, LinkType.Ethernet, Side.Left);
            Assert.True(new Frame(buffer).TryGetRouterAdvertisement(out RouterAdvertisement sent));
            Assert.True(sent.Options.TryGetPrefixInformation(out PrefixInformation prefix));
            return ($"{prefix.Prefix}", sent.Options.TryGetRecursiveDnsServers(out RecursiveDnsServers servers) ? servers.Lifetime : null);
        }
    }

    private static string Says(byte number) => $"AtExit(() => Send(Side.Right, new byte[] {{ {number}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }}));\n";
}
