using System.Net;
using System.Net.Sockets;
using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>Rules that do not return, in the ways in which rules do not: the thread is left behind in each, and frames go on.</summary>
public sealed class HangTests
{
    private static readonly byte[] s_frame = RunningRuleTests.Datagram;

    /// <summary>Statements of an <c>Apply</c> that do not end, and whether what they call ends them once the bridge has gone on.</summary>
    public static TheoryData<string, string, bool> Kinds { get; } = new()
    {
        { "empty loop", "while (true) { }", false },
        { "options of no length", "var found = new List<string>(); var payload = frame.Payload; for (int at = 0; at < payload.Length; at += payload[at] & 0) { if (found.Count < 100) found.Add($\"{payload[at]:x2}\"); else found.Clear(); }", false },
        { "regular expression", "return System.Text.RegularExpressions.Regex.IsMatch(new string('a', 40) + '!', \"^(a+)+$\") ? Verdict.Drop : Verdict.Continue;", false },
        { "dictionary", "var seen = new Dictionary<int, string>(); while (true) seen[0] = new string('x', 100);", false },
        { "LINQ", "while (true) Enumerable.Range(0, 1000).Where(n => n % 2 == 0).Select(n => $\"{n}\").ToList();", false },
        { "catch-all", "while (true) { try { throw new Exception(); } catch { } }", false },
        { "strings", "string text = \"\"; while (true) text = text.Length > 10_000 ? \"\" : text + \"x\";", false },
        { "walk of headers", "while (true) frame.TryGetIpv4(out _);", true },
        { "setter", "frame.TryGetIpv4(out var ip); while (true) ip.TimeToLive++;", true },
        { "payload", "while (true) frame.ReplacePayload(\"abc\"u8);", true },
        { "reset", "while (true) frame.AnswerWithReset();", true },
        { "log", "while (true) Log($\"{frame.Length}\");", true },
        { "log of a string", "while (true) Log(new string('x', 10));", true },
        { "send", "while (true) Send(Side.Right, new byte[60]);", true },
        { "timers", "while (true) After(TimeSpan.FromHours(1), () => { }).Dispose();", true },
        { "posted work", "while (true) { try { Post(() => { }); } catch (InvalidOperationException) { } }", false },
        { "sleep", "System.Threading.Thread.Sleep(-1);", true },
        { "lock", "var free = new object(); var taken = new System.Threading.ManualResetEventSlim(); new System.Threading.Thread(() => { lock (free) { taken.Set(); System.Threading.Thread.Sleep(-1); } }) { IsBackground = true }.Start(); taken.Wait(); lock (free) { }", true },
        { "task", "new System.Threading.Tasks.TaskCompletionSource().Task.Wait();", true },
        { "blocking read", "using var socket = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, Param(\"port\", 0))); IPEndPoint? from = null; socket.Receive(ref from);", false },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void RuleIsTakenOutAndFramesGoOn(string kind, string statements, bool ends)
    {
        int port = FreePort();
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) }, ("port", $"{port}"));
        live.Folder.Write("10-hangs.csx", $$"""
            Verdict Apply(ref Frame frame)
            {
                if (frame.Length != {{s_frame.Length}})
                    return Verdict.Continue;
                {{statements}}
                return Verdict.Continue;
            }
            """);
        live.Folder.Write("20-other.csx", "Verdict Apply(ref Frame frame) => Verdict.Continue;");
        Assert.DoesNotContain(live.Start(), diagnostic => diagnostic.IsError);
        live.Arrive(s_frame);
        live.Arrive([.. s_frame, 0]);
        live.Until(() => live.Right.SentFrames.Any(frame => frame.Length == s_frame.Length + 1));

        // Both passed, in order, the first as it came, and the other rule saw both.
        Assert.Equal([s_frame, [.. s_frame, 0]], live.Right.SentFrames.Where(frame => frame.Length is not 60));
        Assert.Equal(2, live.Rule("20-other").Counters.Seen);
        RuleEntry hangs = live.Rule("10-hangs");
        Assert.Equal((RuleState.Bypassed, 1L), (hangs.State, hangs.Counters.Faults));
        Assert.Contains("did not return within 200 ms", hangs.LastFault!.Message, StringComparison.Ordinal);

        // What waits or asks Fluke6 for something ends; nothing else can be ended, and is told of.
        if (ends)
            live.Until(() => live.Bridge.Services.LeftBehind.Threads.Count == 0);
        Assert.True(live.Bridge.Services.LeftBehind.Total <= 1, kind);
        Assert.All(live.Bridge.Services.LeftBehind.Threads, thread => Assert.Equal("10-hangs", thread.Rule));

        // Not the test's: this ends the read.
        using var wake = new UdpClient();
        wake.Send([0], new IPEndPoint(IPAddress.Loopback, port));
    }

    [Theory]
    [InlineData("while (true) { }", false)]
    [InlineData("while (true) Log(\"x\");", true)]
    [InlineData("System.Threading.Thread.Sleep(-1);", true)]
    [InlineData("static class Start { [System.Runtime.CompilerServices.ModuleInitializer] internal static void Run() { while (true) { } } }", false)]
    public void TopLevelThatDoesNotReturnIsLeftBehindAndTheLastVersionRunsOn(string statement, bool ends)
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "Verdict Apply(ref Frame frame) => Verdict.Drop;");
        live.Start();
        ReloadNote reload = live.Save("10-x.csx", $"{statement}\nVerdict Apply(ref Frame frame) => Verdict.Continue;");
        Assert.False(reload.Ok);
        Assert.Contains("did not return", Assert.Single(reload.Diagnostics), StringComparison.Ordinal);
        Assert.Null(live.Pass(s_frame));
        Assert.Equal(1, live.Bridge.Services.LeftBehind.Total);
        if (ends)
            live.Until(() => live.Bridge.Services.LeftBehind.Threads.Count == 0);
    }

    [Fact]
    public void RuleWhoseThreadsDoNotEndIsNotLoadedAnewForEver()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-hangs.csx", "Verdict Apply(ref Frame frame) => Verdict.Drop;");
        live.Folder.Write("20-other.csx", "Verdict Apply(ref Frame frame) => Verdict.Continue;");
        live.Start();
        using var end = new CancellationTokenSource();
        for (int i = 0; i < LeftBehindThreads.Limit; i++)
        {
            Assert.True(live.Save("10-hangs.csx", $"// {i}\nVerdict Apply(ref Frame frame) => Verdict.Drop;").Ok);
            var thread = new Thread(() => WaitFor(end.Token)) { IsBackground = true };
            thread.Start();
            live.Bridge.Services.LeftBehind.Add("10-hangs", thread, systemId: 0);
        }

        ReloadNote refused = live.Save("10-hangs.csx", "Verdict Apply(ref Frame frame) => Verdict.Accept;");
        Assert.Contains("FLUKE007", Assert.Single(refused.Diagnostics), StringComparison.Ordinal);
        Assert.Null(live.Pass(s_frame));
        Assert.True(live.Save("20-other.csx", "// again\nVerdict Apply(ref Frame frame) => Verdict.Continue;").Ok);

        end.Cancel();
        live.Until(() => live.Bridge.Services.LeftBehind.Threads.Count == 0);
        Assert.True(live.Save("10-hangs.csx", "// at last\nVerdict Apply(ref Frame frame) => Verdict.Accept;").Ok);
        Assert.NotNull(live.Pass(s_frame));

        static void WaitFor(CancellationToken token)
        {
            try
            {
                token.WaitHandle.WaitOne();
            }
            // As whatever is left behind.
            catch (ThreadInterruptedException)
            {
                token.WaitHandle.WaitOne();
            }
        }
    }

    [Fact]
    public void RuleThatIsSlowButReturnsIsTakenOutAndNamed()
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromSeconds(1) });
        // Far from the limit, however late a busy machine wakes it.
        live.Folder.Write("10-slow.csx", "Verdict Apply(ref Frame frame) { System.Threading.Thread.Sleep(200); return Verdict.Continue; }");
        live.Start();
        // More than it can ever be through with in the time that this test has.
        for (int i = 0; i < 1000; i++)
            live.Arrive(s_frame);
        live.Until(() => live.Right.SentFrames.Count == 1000);
        live.Until(() => live.Rule("10-slow").LastFault is not null);
        Assert.Equal(RuleState.Bypassed, live.Rule("10-slow").State);
        Assert.Contains("all traffic waits for it", live.Rule("10-slow").LastFault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RulesThatAreSlowInTurnAreTakenOutThoughNoneHasMostOfTheTime()
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromSeconds(1) });
        string[] rules = ["10-slow", "20-slow", "30-slow"];
        foreach (string rule in rules)
            live.Folder.Write($"{rule}.csx", "Verdict Apply(ref Frame frame) { System.Threading.Thread.Sleep(200); return Verdict.Continue; }");
        live.Start();
        // More than they can ever be through with in the time that this test has.
        for (int i = 0; i < 1000; i++)
            live.Arrive(s_frame);
        live.Until(() => live.Right.SentFrames.Count == 1000);
        foreach (string rule in rules)
        {
            live.Until(() => live.Rule(rule).LastFault is not null);
            Assert.Equal(RuleState.Bypassed, live.Rule(rule).State);
        }
    }

    [Theory]
    [InlineData("void F() => After(TimeSpan.Zero, F); F();")]
    [InlineData("void F() => Post(F); F();")]
    [InlineData("for (int i = 0; i < 2000; i++) Every(TimeSpan.FromMilliseconds(1), () => { });")]
    [InlineData("Every(TimeSpan.MaxValue, () => Log(\"never\")); After(TimeSpan.MaxValue, () => Log(\"never\"));")]
    public void EndlessWorkBetweenBatchesDoesNotKeepFramesWaiting(string statements)
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-busy.csx", $"{statements}\nVerdict Apply(ref Frame frame) => Verdict.Continue;");
        live.Start();
        for (int i = 0; i < 50; i++)
            Assert.NotNull(live.Pass(s_frame));
        Assert.Equal((RuleState.Live, 0L), (live.Rule("10-busy").State, live.Rule("10-busy").Counters.Faults));
        Assert.DoesNotContain(live.Notes.OfType<LogNote>(), note => note.Message == "never");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
