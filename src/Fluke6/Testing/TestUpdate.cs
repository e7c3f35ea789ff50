using Fluke6.Scripting;

namespace Fluke6.Command.Testing;

/// <summary>Rewrites what tests expect: it becomes what the rules do now.</summary>
internal static class TestUpdate
{
    /// <summary>Rewrites all of a test that was recorded.</summary>
    /// <param name="file">The file of tests.</param>
    /// <param name="line">Where the test begins, from 1.</param>
    /// <param name="rules">The rules, compiled, in the order of the chain.</param>
    public static void Fill(string file, int line, IReadOnlyList<CompiledRule> rules)
    {
        TestCase test = TestFile.Read(file).Single(test => test.Line == line);
        Write(file, TestRun.Run(test, rules).Outcomes);
    }

    /// <summary>Rewrites what is expected of each step that comes out otherwise.</summary>
    /// <param name="file">The file of tests.</param>
    /// <param name="rules">The rules, compiled, in the order of the chain.</param>
    /// <returns>The tests that were changed, with their lines as they were.</returns>
    public static IReadOnlyList<TestCase> Rewrite(string file, IReadOnlyList<CompiledRule> rules)
    {
        var changed = new List<TestCase>();
        var outcomes = new List<TestOutcome>();
        foreach (TestCase test in TestFile.Read(file))
        {
            TestOutcome[] other = [.. TestRun.Run(test, rules).Outcomes.Where(outcome => !outcome.IsExpected)];
            if (other.Length > 0)
                changed.Add(test);
            outcomes.AddRange(other);
        }

        if (outcomes.Count > 0)
            Write(file, outcomes);
        return changed;
    }

    // Below each step up to the next one; comments and empty lines at the end stay.
    private static void Write(string file, IReadOnlyList<TestOutcome> outcomes)
    {
        try
        {
            List<string> lines = [.. File.ReadAllLines(file)];
            foreach (TestOutcome outcome in outcomes.OrderByDescending(outcome => outcome.Step.Line))
            {
                int start = outcome.Step.LastLine, end = start;
                while (end < lines.Count && (lines[end].StartsWith(' ') || IsExpectation(lines[end])))
                    end++;
                lines.RemoveRange(start, end - start);
                lines.InsertRange(start, outcome.Lines());
            }

            File.WriteAllLines(file, lines);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failed, $"cannot write {file}: {exception.Message.TrimEnd('.')}");
        }
    }

    private static bool IsExpectation(string line) => line.Split(' ')[0] is "out" or "verdict" or "log" or "hits";
}
