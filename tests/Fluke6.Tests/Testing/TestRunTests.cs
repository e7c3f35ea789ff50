using Fluke6.Command.Testing;
using Fluke6.Frames;
using Fluke6.Scripting;
using Fluke6.Wire;

namespace Fluke6.Command.Tests.Testing;

/// <summary>A test ends, and says why, whatever its rule waits for or fails to do.</summary>
public sealed class TestRunTests : IDisposable
{
    private static readonly byte[] s_packet = new byte[60];
    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void UpstreamThatNobodyAsksFailsItsAnswer()
    {
        TestCase test = TestOf(seconds: 5, new TestStep(2) { From = Side.Left, Frame = s_packet }, new TestStep(4) { IsAnswer = true, Frame = [0, 1] });
        test.Upstream = "port";
        test.Steps[0].Departures.Add(new ExpectedFrame(3, Side.Right) { IsSame = true });

        TestFailure failure = Assert.Single(Failures(test, "int port = Param(\"port\", 0);\nvoid Apply(ref Frame frame) { }\n"));

        Assert.Equal((4, "upstream was not asked within 5 s"), (failure.Line, failure.What));
    }

    [Theory]
    [InlineData("while (!Stopped.WaitHandle.WaitOne(0)) { }")]
    [InlineData("Thread.Sleep(Timeout.Infinite);")]
    public void ExitThatHangsFailsItsTestWithTheLine(string body)
    {
        TestCase test = TestOf(seconds: 3, new TestStep(3) { IsEnd = true });

        TestFailure failure = Assert.Single(Failures(test, $"AtExit(() =>\n{{\n    {body}\n}});\nvoid Apply(ref Frame frame) {{ }}\n"));

        Assert.Equal((3, "rule waits did not return within 3 s at waits.csx:3"), (failure.Line, failure.What));
    }

    [Fact]
    public void ExitThatThrowsFailsItsTestWithTheLine()
    {
        TestCase test = TestOf(seconds: 60, new TestStep(3) { IsEnd = true });

        TestFailure failure = Assert.Single(Failures(test, "AtExit(() => throw new InvalidOperationException(\"no\"));\nvoid Apply(ref Frame frame) { }\n"));

        Assert.Equal((3, "waits threw at waits.csx:1: InvalidOperationException: no"), (failure.Line, failure.What));
    }

    [Fact]
    public void HitsOfARuleThatIsNotThereAreAMistake()
    {
        TestCase test = TestOf(seconds: 60, new TestStep(2) { From = Side.Left, Frame = s_packet });
        test.Steps[0].Departures.Add(new ExpectedFrame(3, Side.Right) { IsSame = true });
        test.Steps[0].Hits.Add(("wait", 0));

        TestFailure failure = Assert.Single(Failures(test, "void Apply(ref Frame frame) { }\n"));

        Assert.Equal((2, "there is no rule 'wait', whose hits are asked for"), (failure.Line, failure.What));
    }

    [Theory]
    [InlineData("ttl 62", "length 4", "ipv4 time to live")]
    [InlineData("ttl 63", "length 5", "payload")]
    public void FrameThatIsExpectedInWordsIsShownWithTheFieldsThatDiffer(string timeToLive, string length, string field)
    {
        byte[] packet = Packet.Ipv4(new Ipv4Fields(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("192.0.2.2")))
            .Udp(5, 6).Payload("abcd"u8.ToArray()).ToArray();
        TestCase test = TestOf(seconds: 60, new TestStep(2) { From = Side.Left, Frame = packet });
        test.IsIp = true;
        string words = FramePrinter.Print(packet, LinkType.RawIp)
            .Replace("ttl 64", timeToLive, StringComparison.Ordinal).Replace("length 4", length, StringComparison.Ordinal);
        test.Steps[0].Departures.Add(new ExpectedFrame(3, Side.Right) { Words = words });

        TestFailure failure = Assert.Single(Failures(
            test, "void Apply(ref Frame frame)\n{\n    if (frame.TryGetIpv4(out var ipv4))\n        ipv4.TimeToLive--;\n}\n"));

        string[] lines = [.. failure.Lines("a.test")];
        Assert.Equal("a.test:3: another frame departed to the right", lines[0]);
        Assert.Equal($"  expected  {words}", lines[1]);
        Assert.StartsWith("  actual    IP (ttl 63, ", lines[2], StringComparison.Ordinal);
        Assert.StartsWith($"    {field} ", Assert.Single(lines[3..]), StringComparison.Ordinal);
    }

    // A rule that returns must not seem to hang, however busy the machine is.
    private static TestCase TestOf(int seconds, params TestStep[] steps)
    {
        var test = new TestCase("waits", 1) { MayAllocate = true, Patience = TimeSpan.FromSeconds(seconds) };
        test.Steps.AddRange(steps);
        return test;
    }

    private IReadOnlyList<TestFailure> Failures(TestCase test, string rule)
    {
        CompiledRule compiled = RuleCompiler.Compile(_folder.Write("waits.csx", rule));
        Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics));
        return TestRun.Run(test, [compiled]).Failures;
    }
}
