using Fluke6.Bridging;
using Fluke6.Engine;
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
    [InlineData("Task.Factory.StartNew(() => throw new FormatException(\"stray\"), TaskCreationOptions.LongRunning);")]
    [InlineData("Keep(\"token\", () => new CancellationTokenSource(1)).Token.Register(() => throw new FormatException(\"stray\"));")]
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
    public void FaultOfATaskIsNotTakenForTheLineThatAnotherThreadIsAt()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-stray.csx", """
            Task.Run(() => throw new FormatException("stray"));
            int seen = 0;
            void Apply(ref Frame frame) => seen++;
            """);
        Assert.DoesNotContain(live.Start(), diagnostic => diagnostic.IsError);
        live.Until(() => live.Pass(RunningRuleTests.Datagram) is not null && live.Rule("10-stray").LastFault is not null);
        Assert.Equal("10-stray.csx:1", live.Rule("10-stray").LastFault!.At);
    }

    [Fact]
    public void FaultOfATaskNamesItsLineThoughTheSameCodeRanSince()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-stray.csx", """
            bool begun = false, thrown = false;
            int runs = 0, later = 0;
            void Apply(ref Frame frame)
            {
                if (!begun)
                {
                    begun = true;
                    Task.Run(Work).ContinueWith(_ => Volatile.Write(ref thrown, true));
                }
                else if (Volatile.Read(ref thrown))
                {
                    Task.Run(Work);
                }
            }
            void Work()
            {
                if (++runs == 1)
                    throw new FormatException("stray");
                later++;
            }
            """);
        Assert.DoesNotContain(live.Start(), diagnostic => diagnostic.IsError);
        live.Until(() => live.Pass(RunningRuleTests.Datagram) is not null && live.Rule("10-stray").LastFault is not null);
        Assert.Equal("10-stray.csx:18", live.Rule("10-stray").LastFault!.At);
    }

    /// <summary>A task that lived through collections counts as old, and one of the young alone does not find that nobody saw its exception.</summary>
    [Fact]
    public void ExceptionOfAnOldTaskIsAFaultWithoutWaitingForTheCollector()
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMinutes(1) });
        live.Folder.Write("10-x.csx", "Task.Run(() => { GC.Collect(); GC.Collect(); GC.Collect(); throw new FormatException(\"old\"); });\nvoid Apply(ref Frame frame) { }");
        Assert.DoesNotContain(live.Start(), diagnostic => diagnostic.IsError);
        live.Until(() => live.Rule("10-x").LastFault is not null);
        Assert.Equal(("FormatException: old", "10-x.csx:1"), (live.Rule("10-x").LastFault!.Message, live.Rule("10-x").LastFault!.At));
    }

    [Theory]
    [InlineData("Exception e = new FormatException(); for (int i = 0; i < 50_000; i++) e = new AggregateException(e); throw e;", "AggregateException of 1000 exceptions or more")]
    [InlineData("throw new AggregateException(Enumerable.Range(0, 5000).Select(n => new FormatException()));", "AggregateException of 1000 exceptions or more")]
    [InlineData("Exception e = new FormatException(); for (int i = 0; i < 50_000; i++) e = new Exception(\"outer\", e); throw e;", "Exception: outer")]
    [InlineData("throw new Exception(new string('x', 10_000_000));", "Exception: xxx")]
    public void ExceptionsThatAreTooMuchAreAFaultOfOneLine(string statements, string message)
    {
        using var live = new ScriptedBridge(new BridgeOptions { OverrunLimit = TimeSpan.FromMinutes(1) });
        live.Folder.Write("10-x.csx", $"Verdict Apply(ref Frame frame)\n{{\n    {statements}\n}}");
        live.Folder.Write("20-x.csx", $"Task.Run(() => {{ {statements} }});\nvoid Apply(ref Frame frame) {{ }}");
        Assert.DoesNotContain(live.Start(), diagnostic => diagnostic.IsError);
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        live.Until(() => live.Rule("20-x").LastFault is not null);
        foreach ((string rule, string at) in ((string, string)[])[("10-x", "10-x.csx:3"), ("20-x", "20-x.csx:1")])
        {
            RuleFault fault = live.Rule(rule).LastFault!;
            Assert.StartsWith(message, fault.Message, StringComparison.Ordinal);
            Assert.InRange(fault.Message.Length, message.Length, 2000);
            Assert.Equal(at, fault.At);
        }
    }

    [Fact]
    public void LinesHaveABoundWhereverTheyAreLogged()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "Task.Run(() => Log(new string('x', 1_000_000))).Wait();\nvoid Apply(ref Frame frame) => Log(new string('y', 1_000_000));");
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        live.Until(() => live.Notes.OfType<LogNote>().Count() == 2);
        Assert.Equal([RuleInstance.MaxLineLengthElsewhere, LogRing.MaxLineLength], live.Notes.OfType<LogNote>().Select(note => note.Message.Length).OrderDescending());
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
    [InlineData("ThreadPool.SetMaxThreads(2, 2);", "10-x.csx(1,12)")]
    public void HandlerForTheWholeProcessIsRefusedWithItsPlace(string statement, string place)
    {
        using var folder = new ScriptFolder();
        string line = Assert.Single(RuleCompiler.Compile(folder.Write("10-x.csx", $"{statement}\nvoid Apply(ref Frame frame) {{ }}")).Diagnostics).ToString();
        Assert.StartsWith($"{place}: error FLUKE008: ", line, StringComparison.Ordinal);
        // Names of the script's own are its own.
        Assert.Empty(RuleCompiler.Compile(folder.Write("20-y.csx", "int CancelKeyPress = 1;\nvoid Apply(ref Frame frame) => CancelKeyPress++;")).Diagnostics);
    }

    [Fact]
    public void FinalizerIsAWarningWithItsPlaceAndItsRuleIsKnown()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "class Held\n{\n    ~Held() { }\n}\nvoid Apply(ref Frame frame) { }");
        live.Folder.Write("20-y.csx", "class Held : IDisposable { public void Dispose() { } }\nvoid Apply(ref Frame frame) { }");
        Assert.StartsWith("10-x.csx(3,5): warning FLUKE010: ~Held() runs on the one thread", Assert.Single(live.Start()).ToString(), StringComparison.Ordinal);
        Assert.Equal(["10-x"], live.Bridge.Services.FinalizingRules);
    }

    [Fact]
    public void VerdictThatIsNoneIsAFault()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "Verdict Apply(ref Frame frame) { frame.Edit()[0] = 9; return (Verdict)99; }");
        live.Start();
        Assert.Equal(RunningRuleTests.Datagram, live.Pass(RunningRuleTests.Datagram));
        Assert.Contains("the verdict 99 is none of", live.Rule("10-x").LastFault!.Message, StringComparison.Ordinal);
        Assert.Equal("10-x.csx:1", live.Rule("10-x").LastFault!.At);
    }

    /// <summary>The just-in-time compiler makes a jump of such a call, after which the script is on no stack.</summary>
    [Fact]
    public void FaultOfTheLastCallNamesItsLine()
    {
        using var live = new ScriptedBridge();
        live.Folder.Write("10-x.csx", "Verdict Apply(ref Frame frame)\n{\n    return frame.Hold(TimeSpan.FromSeconds(-5));\n}\n");
        live.Start();
        Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
        Assert.Equal("10-x.csx:3", live.Rule("10-x").LastFault!.At);
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

    /// <summary>Of a call that Apply, or a timer, ends with, the just-in-time compiler makes a jump: no stack says who wrote.</summary>
    [Theory]
    [InlineData("void Apply(ref Frame frame) => Console.WriteLine(\"last\");")]
    [InlineData("void Apply(ref Frame frame) { Console.Out.WriteLine(\"last\"); }")]
    [InlineData("void Apply(ref Frame frame) => Console.Error.WriteLine(\"last\");")]
    [InlineData("void Apply(ref Frame frame) => Post(() => Console.Error.WriteLine(\"last\"));")]
    public void ConsoleOfARuleIsItsLogWhereItIsTheLastThatItCalls(string script)
    {
        TextWriter before = Console.Out, error = Console.Error;
        var own = new StringWriter();
        Console.SetOut(own);
        Console.SetError(own);
        RuleConsole.Install();
        try
        {
            using var live = new ScriptedBridge();
            live.Folder.Write("10-x.csx", script);
            live.Start();
            Assert.NotNull(live.Pass(RunningRuleTests.Datagram));
            live.Until(() => live.Notes.OfType<LogNote>().Any(note => note is { Rule: "10-x", Message: "last" }));
            Assert.DoesNotContain("last", own.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            Console.SetOut(before);
            Console.SetError(error);
        }
    }
}
