using Fluke6.Bridging;
using Fluke6.Frames;
using Fluke6.Scripting;

namespace Fluke6.Command.Testing;

/// <summary>Shows rules the frames of their tests with bytes changed, and looks whether what always holds still holds.</summary>
internal sealed class FuzzRun(IReadOnlyList<CompiledRule> rules, IReadOnlyList<TestCase> tests)
{
    /// <summary>Runs mutated frames.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">What the changes begin with: the same seed, the same frames.</param>
    /// <returns>The first that breaks something, made as small a change as still breaks it; null if none does.</returns>
    public TestFailure? Run(int count, int seed)
    {
        var random = new Random(seed);
        int inputs = tests.Sum(test => FramesOf(test).Length);
        foreach (TestCase test in tests.Where(test => FramesOf(test).Length > 0))
        {
            int share = (int)Math.Max(1, (long)count * FramesOf(test).Length / inputs);
            if (Run(test, share, random) is { } failure)
                return failure;
        }

        return null;
    }

    private static TestStep[] FramesOf(TestCase test) => [.. test.Steps.Where(step => step.From is not null)];

    private TestFailure? Run(TestCase test, int count, Random random)
    {
        TestStep[] steps = FramesOf(test);
        TestStep step = steps[0];
        byte[] frame = [];
        string? breach = null;
        string? hung = RehearsalThread.Run(test, rehearsal =>
        {
            // A test whose rules cannot be loaded failed already.
            int left = rehearsal.Load(rules, test.Parameters).Count > 0 ? 0 : count;
            for (; left > 0 && breach is null; left--)
            {
                step = steps[random.Next(steps.Length)];
                frame = MutatedFrame.Of(step.Frame, rehearsal.Options.LinkType, random);
                breach = Breach(rehearsal, step.From!.Value, frame);
            }
        });
        return hung is not null ? Failure(test, step, frame, hung) : breach is not null ? Shrink(test, step, frame, breach) : null;
    }

    private static string? Breach(RuleRehearsal rehearsal, Side from, byte[] frame)
    {
        IReadOnlyList<DepartedFrame> departed = rehearsal.Frames.Arrive(from, frame);
        return FrameChecks.Breaches(rehearsal.Options.LinkType, frame, departed, rehearsal.Frames.TakeNotes()).Select(breach => breach.What).FirstOrDefault();
    }

    // Alone, before rules that saw nothing else; what needs frames before it is shown as it was.
    private TestFailure Shrink(TestCase test, TestStep step, byte[] frame, string breach)
    {
        int both = Math.Min(frame.Length, step.Frame.Length);
        byte[] whole = [.. frame.AsSpan(0, both), .. step.Frame.AsSpan(both)];
        if (whole.Length != frame.Length && BreachAlone(test, step, whole) is { } stillBroken)
            (frame, breach) = (whole, stillBroken);
        for (int i = 0; i < both; i++)
        {
            byte changed = frame[i];
            if (changed == step.Frame[i])
                continue;

            frame[i] = step.Frame[i];
            if (BreachAlone(test, step, frame) is { } found)
                breach = found;
            else
                frame[i] = changed;
        }

        return Failure(test, step, frame, breach);
    }

    private static TestFailure Failure(TestCase test, TestStep step, byte[] frame, string breach) =>
        new(step.Line, $"with this frame instead, {breach}: {Convert.ToHexStringLower(frame)}", step.Frame, frame, test.LinkType);

    private string? BreachAlone(TestCase test, TestStep step, byte[] frame)
    {
        string? breach = null;
        string? hung = RehearsalThread.Run(test, rehearsal =>
        {
            if (rehearsal.Load(rules, test.Parameters).Count == 0)
                breach = Breach(rehearsal, step.From!.Value, frame);
        });
        return breach ?? hung;
    }
}
