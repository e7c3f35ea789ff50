using System.Net.Sockets;
using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>Scripts at work in a bridge: what they may call, and what becomes of those that misbehave.</summary>
public sealed class RunningRuleTests
{
    // A UDP datagram to 198.51.100.2 port 9, checksum absent.
    internal static readonly byte[] Datagram = Convert.FromHexString(
        "02000000000202000000000108004500001f000040004011" + "9a6dc0000201c6336402" + "03e80009000b0000" + "616263");

    [Fact]
    public void RuleThatThrowsLeavesTheFrameAndNamesItsLine()
    {
        using var live = new ScriptedBridge(new BridgeOptions { FaultLimit = 3 });
        live.Folder.Write("10-bad.csx", """
            Verdict Apply(ref Frame frame)
            {
                frame.Edit().Clear();
                throw new System.InvalidOperationException("no good");
            }
            """);
        live.Folder.Write("20-good.csx", "Verdict Apply(ref Frame frame) => Verdict.Continue;");
        live.Start();
        for (int i = 0; i < 5; i++)
            Assert.Equal(Datagram, live.Pass(Datagram));

        RuleEntry bad = live.Rule("10-bad");
        Assert.Equal(RuleState.Bypassed, bad.State);
        Assert.Equal((3L, 0L, 0L), (bad.Counters.Faults, bad.Counters.Hits, bad.Counters.Rewritten));
        Assert.Equal(5, live.Rule("20-good").Counters.Seen);
        Assert.Equal(new RuleFault("10-bad", "InvalidOperationException: no good", "10-bad.csx:4", Bypassed: true), bad.LastFault);
        Assert.Contains(live.Notes.OfType<FaultNote>(), note => note.Fault.Bypassed);
    }

    [Fact]
    public void RuleThatUsesAViewAfterAnEditIsAFaultAtThatLineAndTheFrameIsPutBack()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-stale.csx", """
            Verdict Apply(ref Frame frame)
            {
                if (frame.TryGetUdp(out var udp) && frame.ReplacePayload([1, 2, 3, 4]) == EditResult.Changed)
                    udp.SourcePort = 7;
                return Verdict.Continue;
            }
            """);
        live.Start();
        Assert.Equal(Datagram, live.Pass(Datagram));
        Assert.Equal(
            new RuleFault(
                "10-stale",
                "InvalidOperationException: ReplacePayload has moved the frame's bytes since this view was got: get the view anew after ReplacePayload.",
                "10-stale.csx:4", Bypassed: false),
            live.Rule("10-stale").LastFault);
    }

    [Fact]
    public void OnFaultDropDropsTheFrameAndGoesOnDroppingOnceTheRuleIsTakenOut()
    {
        using var live = new ScriptedBridge(new BridgeOptions { OnFault = FaultPolicy.Drop, FaultLimit = 2 });
        live.Folder.Write("10-bad.csx", "Verdict Apply(ref Frame frame) => throw new System.Exception();");
        live.Start();
        Assert.Null(live.Pass(Datagram));
        Assert.Null(live.Pass(Datagram));
        // Taken out by now: a filter does not open because it broke.
        Assert.Equal(RuleState.Bypassed, live.Rule("10-bad").State);
        Assert.Null(live.Pass(Datagram));
        Assert.Equal((2, 3), (live.Rule("10-bad").Counters.Seen, live.Rule("10-bad").Counters.Dropped));
        // Until it is saved anew, or the user switches it off.
        live.Rules.SetDisabled("10-bad", true);
        Assert.NotNull(live.Pass(Datagram));
    }

    [Fact]
    public void BypassedRuleThatIsSavedAnewIsLive()
    {
        using var live = new ScriptedBridge(new BridgeOptions { FaultLimit = 1 });
        live.Folder.Write("10-bad.csx", "Verdict Apply(ref Frame frame) => throw new System.Exception();");
        live.Start();
        live.Pass(Datagram);
        Assert.Equal(RuleState.Bypassed, live.Rule("10-bad").State);
        live.Save("10-bad.csx", "Verdict Apply(ref Frame frame) => Verdict.Drop;");
        Assert.Equal(RuleState.Live, live.Rule("10-bad").State);
        Assert.Null(live.Pass(Datagram));
    }

    [Theory]
    [InlineData("while (true) { }")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    public void RuleThatNeverReturnsIsTakenOutAndNoFrameIsLost(string endless)
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
        live.Folder.Write("10-before.csx", "Verdict Apply(ref Frame frame) { frame.Edit()[14] = 1; return Verdict.Continue; }");
        live.Folder.Write("20-endless.csx", $$"""
            Verdict Apply(ref Frame frame)
            {
                frame.Edit().Clear();
                if (frame.Length == 62)
                {
                    {{endless}}
                }
                return Verdict.Continue;
            }
            """);
        live.Folder.Write("30-after.csx", "Verdict Apply(ref Frame frame) { frame.Edit()[15] = 2; return Verdict.Continue; }");
        live.Start();
        byte[][] frames = [.. Enumerable.Range(60, 5).Select(length => Enumerable.Repeat((byte)7, length).ToArray())];
        foreach (byte[] frame in frames)
            live.Arrive(frame);

        live.Until(() => live.Right.SentFrames.Count == frames.Length);
        Assert.Equal(RuleState.Bypassed, live.Rule("20-endless").State);
        // The frame it hung on is as it found it, and the rules after it were asked.
        byte[] hung = live.Right.SentFrames.Single(frame => frame.Length == 62);
        Assert.Equal([1, 2, 7, 7], hung[14..18]);
        Assert.Equal(5, live.Rule("10-before").Counters.Seen);
        Assert.Equal(5, live.Rule("30-after").Counters.Seen);
        Assert.Contains("did not return within 200 ms", live.Rule("20-endless").LastFault!.Message, StringComparison.Ordinal);

        // And it can be mended.
        Assert.True(live.Save("20-endless.csx", "Verdict Apply(ref Frame frame) => Verdict.Drop;").Ok);
        Assert.Null(live.Pass(frames[2]));
    }

    [Fact]
    public void RuleMayDeclareTypesOfEveryKind()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            delegate Verdict Decision(int length);
            interface IChoice { Verdict Of(int length); }
            enum Size { Small, Large }
            record struct Limit(int Length) : IChoice { public readonly Verdict Of(int length) => length > Length ? Verdict.Drop : Verdict.Continue; }
            static class Limits { public static readonly int[] All = [1]; }
            readonly Decision decide = new Limit(Limits.All[0]).Of;
            Verdict Apply(ref Frame frame) => decide(frame.Length);
            """);
        Assert.Empty(live.Start());
        Assert.Null(live.Pass(Datagram));
    }

    [Fact]
    public void TimersRunAndEndWithTheReload()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            Every(TimeSpan.FromMilliseconds(2), () => Log("old tick"));
            After(TimeSpan.FromMilliseconds(1), () => Log("once"));
            void Apply(ref Frame frame) { }
            """);
        live.Start();
        live.Until(() => Logged(live, "old tick") > 3 && Logged(live, "once") == 1);
        live.Save("10-x.csx", "Every(TimeSpan.FromMilliseconds(2), () => Log(\"new tick\"));\nvoid Apply(ref Frame frame) { }");
        int old = Logged(live, "old tick");
        live.Until(() => Logged(live, "new tick") > 5);
        Assert.Equal(old, Logged(live, "old tick"));
        Assert.Equal(1, Logged(live, "once"));
    }

    [Fact]
    public void TimerThatStartsAnotherAtOnceLeavesFramesTheirTurn()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            void Again() => After(TimeSpan.Zero, Again);
            Again();
            void AndAgain() => Post(AndAgain);
            AndAgain();
            void Apply(ref Frame frame) { }
            """);
        live.Start();
        Assert.NotNull(live.Pass(Datagram));
    }

    [Fact]
    public void TimerThatThrowsIsAFaultWithItsLine()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            After(TimeSpan.FromMilliseconds(1), () =>
                throw new System.Exception("late"));
            void Apply(ref Frame frame) { }
            """);
        live.Start();
        live.Until(() => live.Rule("10-x").LastFault is not null);
        Assert.Equal(("Exception: late", "10-x.csx:2"), (live.Rule("10-x").LastFault!.Message, live.Rule("10-x").LastFault!.At));
    }

    [Fact]
    public void PostRunsOnTheBridgesThread()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            System.Threading.Tasks.Task.Run(() => Post(() => Log(System.Threading.Thread.CurrentThread.Name)));
            void Apply(ref Frame frame) { }
            """);
        live.Start();
        live.Until(() => Logged(live, "bridge") == 1);
    }

    [Fact]
    public void SendGoesOutOfThePort()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            Send(Side.Left, new byte[] { 1, 2, 3 });
            Verdict Apply(ref Frame frame)
            {
                Send(Side.Left, ref frame);
                return Verdict.Continue;
            }
            """);
        live.Start();
        Assert.Equal(Datagram, live.Pass(Datagram));
        Assert.Equal([[1, 2, 3], Datagram], live.Left.SentFrames);
        Assert.Equal((1L, 2L), (live.Rule("10-x").Counters.Hits, live.Rule("10-x").Counters.Sent));
    }

    [Fact]
    public void ParametersAreNumbersAddressesAndLists()
    {
        using var live = new ScriptedBridge(
            null, ("mss", "1300"), ("to", "2001:db8:2::/64"), ("addresses", "2001:db8::1, 2001:db8::2"), ("mac", "02:00:00:00:00:06"));
        live.Folder.Write("10-x.csx", """
            var mss = Param("mss", (ushort)1220);
            var to = Param("to", Ipv6Prefix.Parse("2001:db8:1::/64"));
            var addresses = Param("addresses", new[] { Ipv6Address.Parse("2001:db8::9") });
            var mac = Param("mac", MacAddress.Parse("02:00:00:00:00:01"));
            var other = Param("other", 7);
            Log($"{mss} {to} {addresses.Length} {addresses[1]} {mac} {other}");
            void Apply(ref Frame frame) { }
            """);
        Assert.Empty(live.Start());
        Assert.Equal("1300 2001:db8:2::/64 2 2001:db8::2 02:00:00:00:00:06 7", Assert.Single(live.Notes.OfType<LogNote>()).Message);
        Assert.Empty(live.Rules.UnusedParameters);
    }

    [Fact]
    public void BadParameterOfAListIsADiagnostic()
    {
        using var live = new ScriptedBridge(null, ("addresses", "2001:db8::1,nonsense"));
        live.Folder.Write("10-x.csx", "var addresses = Param(\"addresses\", new[] { Ipv6Address.Parse(\"::\") });\nvoid Apply(ref Frame frame) { }");
        RuleDiagnostic diagnostic = Assert.Single(live.Start());
        Assert.StartsWith("10-x.csx(1,17): error FLUKE002: FormatException: --set addresses=", diagnostic.ToString(), StringComparison.Ordinal);
    }

    private static int Logged(ScriptedBridge live, string message) => live.Notes.OfType<LogNote>().Count(note => note.Message == message);
}
