using Fluke6.Bridging;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>What rules do elsewhere than in <c>Apply</c>: on threads, tasks and timers of their own, at the console, and to each other's peace.</summary>
public sealed class StrayCodeTests
{
    static StrayCodeTests() => StrayExceptions.Install();

    [Theory]
    [InlineData("new System.Threading.Thread(() => throw new FormatException(\"stray\")).Start();")]
    [InlineData("System.Threading.ThreadPool.QueueUserWorkItem(_ => throw new FormatException(\"stray\"));")]
    [InlineData("async void F() { await System.Threading.Tasks.Task.Yield(); throw new FormatException(\"stray\"); } F();")]
    [InlineData("Keep(\"timer\", () => new System.Threading.Timer(_ => throw new FormatException(\"stray\"), null, 1, -1));")]
    [InlineData("System.Threading.Tasks.Task.Run(() => throw new FormatException(\"stray\"));")]
    [InlineData("System.Threading.Tasks.Task.Run(() => { throw new FormatException(\"stray\"); }).ContinueWith(done => done.Wait());")]
    public void ExceptionOnAThreadOfTheRulesOwnIsItsFaultWithItsLine(string statement)
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-stray.csx", $$"""
            bool begun = false;
            Verdict Apply(ref Frame frame)
            {
                if (!begun) { begun = true; {{statement}} }
                return Verdict.Continue;
            }
            """);
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        live.Until(() => live.Rule("10-stray").LastFault is not null);
        Assert.Contains("stray", live.Rule("10-stray").LastFault!.Message, StringComparison.Ordinal);
        Assert.Equal("10-stray.csx:4", live.Rule("10-stray").LastFault!.At);
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
    }

    [Fact]
    public void ExceptionWhoseMessageThrowsIsAFault()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", """
            class Worse : Exception { public override string Message => throw new InvalidOperationException(); }
            Verdict Apply(ref Frame frame) => throw new Worse();
            """);
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.Contains("Worse, whose message cannot be had", live.Rule("10-x").LastFault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ExceptionWhoseMessageDoesNotReturnIsAHang()
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(200) });
        live.Folder.Write("10-x.csx", """
            class Worse : Exception { public override string Message { get { while (true) { } } } }
            Verdict Apply(ref Frame frame) => throw new Worse();
            """);
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.Contains("did not return", live.Rule("10-x").LastFault!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Send(Side.Right, new byte[60])", "Send is for the bridge's thread")]
    [InlineData("Every(TimeSpan.FromSeconds(1), () => { })", "Every is for the bridge's thread")]
    [InlineData("After(TimeSpan.FromSeconds(1), () => { })", "After is for the bridge's thread")]
    public void WhatBelongsToTheBridgesThreadRefusesOthers(string call, string message)
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", $$"""
            string said = "";
            Verdict Apply(ref Frame frame)
            {
                var thread = new System.Threading.Thread(() => { try { {{call}}; said = "went through"; } catch (InvalidOperationException e) { said = e.Message; } });
                thread.Start();
                thread.Join();
                Log(said);
                return Verdict.Continue;
            }
            """);
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.StartsWith(message, Assert.Single(live.Notes.OfType<LogNote>()).Message, StringComparison.Ordinal);
        Assert.Single(live.Right.SentFrames);
    }

    [Theory]
    [InlineData("AppDomain.CurrentDomain.FirstChanceException += (_, _) => throw new FormatException();", "10-x.csx(1,25)")]
    [InlineData("var signal = System.Runtime.InteropServices.PosixSignalRegistration.Create(default, _ => { while (true) { } });", "10-x.csx(1,45)")]
    [InlineData("Console.CancelKeyPress += (_, _) => { };", "10-x.csx(1,9)")]
    public void HandlerForTheWholeProcessIsRefusedWithItsPlace(string statement, string place)
    {
        using var folder = new ScriptFolder();
        string line = Assert.Single(RuleCompiler.Compile(folder.Write("10-x.csx", $"{statement}\nvoid Apply(ref Frame frame) {{ }}")).Diagnostics).ToString();
        Assert.StartsWith($"{place}: error FLUKE008: ", line, StringComparison.Ordinal);
        // Names of the script's own are its own.
        Assert.Empty(RuleCompiler.Compile(folder.Write("20-y.csx", "int CancelKeyPress = 1;\nvoid Apply(ref Frame frame) => CancelKeyPress++;")).Diagnostics);
    }

    [Fact]
    public void VerdictThatIsNoneIsAFault()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "Verdict Apply(ref Frame frame) { frame.Edit()[0] = 9; return (Verdict)99; }");
        live.Start();
        Assert.Equal(RunningRuleTests.Datagram, live.Pass(RunningRuleTests.Datagram));
        Assert.Contains("the verdict 99 is none of", live.Rule("10-x").LastFault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void NegativeDelayIsAFault()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "Verdict Apply(ref Frame frame) { After(TimeSpan.FromHours(-1), () => { }); return Verdict.Continue; }");
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.StartsWith("ArgumentOutOfRangeException", live.Rule("10-x").LastFault!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ConsoleOfARuleIsItsLog()
    {
        TextWriter before = Console.Out, error = Console.Error;
        var own = new StringWriter();
        Console.SetOut(own);
        RuleConsole.Install();
        try
        {
            using var live = new ScriptedBridge();
            live.Folder.Write("10-x.csx", """
                Console.WriteLine("loading");
                Verdict Apply(ref Frame frame)
                {
                    Console.Write("one ");
                    Console.WriteLine($"two {frame.Length}\nthree");
                    Console.Error.WriteLine(Console.ReadLine() ?? "nothing to read");
                    return Verdict.Continue;
                }
                """);
            live.Start();
            Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
            Console.WriteLine("the program's");
            Assert.Equal(
                ["loading", $"one two {RunningRuleTests.Datagram.Length}", "three", "nothing to read"],
                live.Notes.OfType<LogNote>().Where(note => note.Rule == "10-x").Select(note => note.Message).OrderBy(line => line == "loading" ? 0 : 1));
            Assert.Contains("the program's", own.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("two", own.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(error);
        }
    }
}
