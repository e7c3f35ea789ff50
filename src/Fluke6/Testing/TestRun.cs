using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Fluke6.Bridging;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Scripting;

namespace Fluke6.Command.Testing;

/// <summary>Runs one test, with rules that are loaded anew for it, and says what is not as it is to be.</summary>
internal sealed class TestRun
{
    // Library code that formats numbers allocates until the just-in-time compiler has optimised it, in the background: when that has
    // compiled nothing for a while, it has done all that it will do.
    private const int AllocationRounds = 64;
    private static readonly TimeSpan s_compilerIdle = TimeSpan.FromSeconds(5), s_compilerPatience = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan s_answerInterval = TimeSpan.FromMilliseconds(1);

    private readonly TestCase _test;
    private readonly List<TestFailure> _failures = [];
    private readonly List<TestOutcome> _outcomes = [];
    private TestUpstream? _upstream;
    private int _line;      // of what the rules are at

    private TestRun(TestCase test) => (_test, _line) = (test, test.Line);

    /// <summary>Runs a test.</summary>
    /// <param name="test">The test.</param>
    /// <param name="rules">The rules, compiled, in the order of the chain.</param>
    /// <returns>What is wrong, which is nothing if it passed, and what came of each step.</returns>
    public static (IReadOnlyList<TestFailure> Failures, IReadOnlyList<TestOutcome> Outcomes) Run(TestCase test, IReadOnlyList<CompiledRule> rules)
    {
        var run = new TestRun(test);
        if (RehearsalThread.Run(test, rehearsal => run.Run(rehearsal, rules)) is { } hung)
            run.Fail(run._line, hung);
        return (run._failures, run._outcomes);
    }

    private void Run(RuleRehearsal rehearsal, IReadOnlyList<CompiledRule> rules)
    {
        using TestUpstream? upstream = _test.Upstream is null ? null : new TestUpstream(_test.Patience);
        _upstream = upstream;
        var parameters = new Dictionary<string, string>(_test.Parameters);
        if (upstream is not null)
            parameters[_test.Upstream!] = upstream.Port.ToString(CultureInfo.InvariantCulture);
        foreach (string fault in rehearsal.Load(rules, parameters))
            Fail(_test.Line, fault);
        if (_failures.Count > 0)
            return;

        foreach (TestStep step in _test.Steps)
            Run(rehearsal, step);
        _line = _test.Line;
        if (!_test.MayAllocate && _failures.Count == 0)
            CheckAllocation(rehearsal.Frames);
    }

    private void Run(RuleRehearsal rehearsal, TestStep step)
    {
        _line = step.Line;
        Rehearsal frames = rehearsal.Frames;
        IReadOnlyList<DepartedFrame> departed = step.From is { } from ? frames.Arrive(from, step.Frame)
            : step.IsAnswer ? Answer(frames, step) : step.IsEnd ? frames.End() : frames.PassTime(step.After);
        IReadOnlyList<JournalNote> notes = frames.TakeNotes();
        foreach ((string what, byte[]? frame) in FrameChecks.Breaches(_test.LinkType, step.From is null ? [] : step.Frame, departed, notes))
            Fail(step.Line, what, null, frame);

        int before = _failures.Count;
        CheckDepartures(step, departed);
        if (step.Verdict is { } verdict && verdict != frames.Verdict)
            Fail(step.Line, $"the verdict is {frames.Verdict}, not {verdict}");
        string[] log = [.. notes.OfType<LogNote>().Select(note => note.Message)];
        if (!log.SequenceEqual(step.Log))
            Fail(step.Line, $"the rules logged [{string.Join(" | ", log)}], not [{string.Join(" | ", step.Log)}]");
        var found = new List<(string? Rule, long Hits)>();
        foreach ((string? rule, long hits) in step.Hits)
        {
            if (rule is not null && frames.Bridge.Chain.Entries.All(entry => entry.Name != rule))
                Fail(step.Line, $"there is no rule '{rule}', whose hits are asked for");
            long had = frames.Bridge.Chain.Entries.Where(entry => rule is null || entry.Name == rule).Sum(entry => entry.Counters.Hits);
            found.Add((rule, had));
            if (had != hits)
                Fail(step.Line, $"{rule ?? "the rules"} had {had:N0} hits, not {hits:N0}");
        }

        _outcomes.Add(new TestOutcome(step, departed, frames.Verdict, log, found, _test.LinkType, IsExpected: _failures.Count == before));
    }

    // The effect of an answer comes when the rule's own thread has read it, and so may take a while of real time.
    private List<DepartedFrame> Answer(Rehearsal frames, TestStep step)
    {
        var departed = new List<DepartedFrame>();
        if (!_upstream!.TryAnswer(step.Frame))
        {
            Fail(step.Line, $"upstream was not asked within {_test.Patience.TotalSeconds:0} s");
            return departed;
        }

        long start = Stopwatch.GetTimestamp();
        departed.AddRange(frames.PassTime(TimeSpan.Zero));
        while (departed.Count < step.Departures.Count && Stopwatch.GetElapsedTime(start) < _test.Patience)
        {
            Thread.Sleep(s_answerInterval);
            departed.AddRange(frames.PassTime(TimeSpan.Zero));
        }

        return departed;
    }

    private void CheckDepartures(TestStep step, IReadOnlyList<DepartedFrame> departed)
    {
        for (int i = 0; i < Math.Max(step.Departures.Count, departed.Count); i++)
        {
            if (i >= departed.Count)
                Fail(step.Departures[i].Line, $"nothing departed {Words(step.Departures[i].Side)}", Octets(step, step.Departures[i]), null);
            else if (i >= step.Departures.Count)
                Fail(step.Line, $"a frame departed {Words(departed[i].Side)} that the test does not expect", null, departed[i].Octets);
            else
                Check(step, step.Departures[i], departed[i]);
        }
    }

    private void Check(TestStep step, ExpectedFrame expected, DepartedFrame frame)
    {
        if (frame.Side != expected.Side)
            Fail(expected.Line, $"the frame departed {Words(frame.Side)}, not {Words(expected.Side)}", null, frame.Octets);
        if (expected.Words is { } words)
        {
            if (FramePrinter.Print(frame.Octets, _test.LinkType) != words)
            {
                byte[]? meant = Octets(step, expected, PayloadOf(frame));
                string what = meant is null ? $"not this departed {Words(frame.Side)}: {words}" : $"another frame departed {Words(frame.Side)}";
                Fail(expected.Line, what, meant, frame.Octets);
            }

            if (expected.Message.Count > 0 && PrintedDns.Lines(PayloadOf(frame)) is var lines && !lines.SequenceEqual(expected.Message))
                Fail(expected.Line, $"its DNS message is [{string.Join(" | ", lines)}], not [{string.Join(" | ", expected.Message)}]");
            return;
        }

        byte[] octets = Octets(step, expected)!;
        if (!octets.AsSpan().SequenceEqual(frame.Octets))
            Fail(expected.Line, $"another frame departed {Words(frame.Side)}", octets, frame.Octets);
    }

    private void CheckAllocation(Rehearsal rules)
    {
        TestStep[] frames = [.. _test.Steps.Where(step => step.From is not null)];
        long start = Stopwatch.GetTimestamp(), lastCompiled = start, allocated;
        long compiled = JitInfo.GetCompiledMethodCount();
        do
        {
            allocated = AllocatedFor(rules, frames);
            if (JitInfo.GetCompiledMethodCount() is var now && now != compiled)
                (compiled, lastCompiled) = (now, Stopwatch.GetTimestamp());
        }
        while (allocated > 0 && Stopwatch.GetElapsedTime(lastCompiled) < s_compilerIdle && Stopwatch.GetElapsedTime(start) < s_compilerPatience);
        if (allocated > 0)
            Fail(_test.Line, $"the rules allocate {allocated / AllocationRounds:N0} bytes for these frames; write 'allocates' if they may");
    }

    private static long AllocatedFor(Rehearsal rules, TestStep[] frames)
    {
        long allocated = 0;
        for (int i = 0; i < AllocationRounds; i++)
        {
            foreach (TestStep step in frames)
                allocated += rules.AllocatedFor(step.From!.Value, step.Frame);
            rules.TakeNotes();
        }

        return allocated;
    }

    private byte[] PayloadOf(DepartedFrame departed)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(departed.Octets, _test.LinkType, Side.Left);
        return new Frame(buffer).Payload.ToArray();
    }

    /// <summary>The frame that is expected; null where its words are only printed, and not read.</summary>
    /// <param name="step">What it comes of.</param>
    /// <param name="expected">What the test says.</param>
    /// <param name="payload">What is taken for the payload where words leave it open; null for zeros.</param>
    private byte[]? Octets(TestStep step, ExpectedFrame expected, byte[]? payload = null)
    {
        if (expected.Words is not { } words)
            return expected.IsSame ? step.Frame : expected.Octets;

        bool isRead = PrintedFrame.TryWrite(words, payload, out byte[] frame) || PrintedFrame.TryWrite(words, null, out frame);
        return isRead && FramePrinter.Print(frame, _test.LinkType) == words ? frame : null;
    }

    private static string Words(Side side) => side == Side.Left ? "to the left" : "to the right";

    private void Fail(int line, string what, byte[]? expected = null, byte[]? actual = null) =>
        _failures.Add(new TestFailure(line, what, expected, actual, _test.LinkType));
}
