using System.Diagnostics;
using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>What stands in the report however rules and names try to spoil it, and how often.</summary>
public sealed class ReportTests : IDisposable
{
    private readonly Namespaces _lab = new();
    private readonly RuleFolder _rules = new();
    private readonly string _middle;

    public ReportTests() => _middle = _lab.Add("middle");

    public void Dispose()
    {
        _lab.Dispose();
        _rules.Dispose();
    }

    [Fact]
    public void NothingThatARuleSaysActsOnATerminalOrForgesALine()
    {
        _rules.Write("10-says.csx", """
            After(TimeSpan.Zero, () => Log("\e[2J\a\u009b31m\u007f\r\n00:00:00 FAULT forged: line\u202eabc\u2028\ud800"));
            After(TimeSpan.Zero, () => throw new InvalidOperationException("\e]0;title\a\nsecond"));
            void Apply(ref Frame frame) { }
            """);
        _rules.Write("20-\e[31m\n.csx", "void Apply(ref Frame frame) { }");
        _rules.Write("30-\e[1m.CSX", "");
        using FlukeProcess fluke = FlukeProcess.Bridge(_middle, "tap:fl0", "tap:fl1", "--rules", _rules.Path, "--stats", "text");
        fluke.WaitFor(() => fluke.Output.Any(line => line.Contains("FAULT 10-says", StringComparison.Ordinal)), "the fault");
        fluke.Signal("INT");
        Assert.Equal(0, fluke.WaitForExit());

        Assert.All(fluke.Output.Concat(fluke.Errors), line => Assert.DoesNotContain(line, character =>
            char.IsControl(character) || char.IsSurrogate(character) || character is '\u202e' or '\u2028'));
        Assert.Contains(fluke.Output, line => line.EndsWith(
            @"10-says: \e[2J\x07\x9b31m\x7f\r\n00:00:00 FAULT forged: line\u{202e}abc\u{2028}" + "\ufffd", StringComparison.Ordinal));
        Assert.Contains(fluke.Output, line => line.EndsWith(@": InvalidOperationException: \e]0;title\x07\nsecond", StringComparison.Ordinal));
        Assert.DoesNotContain(fluke.Output, line => line.StartsWith("00:00:00 FAULT", StringComparison.Ordinal));
        Assert.Contains(fluke.Output, line => line.Contains(@"20-\e[31m\n", StringComparison.Ordinal));
        Assert.Contains(@"30-\e[1m.CSX is no rule", Assert.Single(fluke.Errors));
    }

    [Theory]
    [InlineData("bridge", "none", "no\e[31msuch")]
    [InlineData("bridge", "none", "tap:a", "--rules", "/no\nfluke6: all is well")]
    [InlineData("check", "/no\e]0;x\asuch")]
    public void NamesOnTheCommandLineAreWrittenOut(params string[] arguments)
    {
        using var fluke = FlukeProcess.In(_middle, arguments);
        Assert.NotEqual(0, fluke.WaitForExit());
        Assert.DoesNotContain(Assert.Single(fluke.Errors), char.IsControl);
    }

    [Fact]
    public void CheckWritesFileNamesOut()
    {
        _rules.Write("10-\e[31m\nx.csx", "broken");
        using var fluke = new FlukeProcess("check", _rules.Path);
        Assert.Equal(3, fluke.WaitForExit());
        Assert.All(fluke.Errors, line => Assert.StartsWith(@"10-\e[31m\nx.csx(", line));
    }

    [Fact]
    public void FloodOfLogLinesIsCutAndCountedAndHidesNobodysLine()
    {
        _rules.Write("10-flood.csx", """
            Every(TimeSpan.FromMilliseconds(1), () => { for (int i = 0; i < 1000; i++) Log($"line {i}"); });
            void Apply(ref Frame frame) { }
            """);
        _rules.Write("20-quiet.csx", """
            int said = 0;
            Every(TimeSpan.FromMilliseconds(50), () => { if (said < 20) Log($"line {said++}"); });
            After(TimeSpan.FromMilliseconds(500), () => throw new InvalidOperationException("once"));
            void Apply(ref Frame frame) { }
            """);
        long start = Stopwatch.GetTimestamp();
        using FlukeProcess fluke = FlukeProcess.Bridge(_middle, "tap:fl0", "tap:fl1", "--rules", _rules.Path);
        fluke.WaitForJson("log", log => Is(log, "20-quiet") && log.GetProperty("message").GetString() == "line 19");
        JsonElement skipped = fluke.WaitForJson("skipped", json => Is(json, "10-flood"));
        fluke.Signal("INT");
        Assert.Equal(0, fluke.WaitForExit());
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        JsonElement[] lines = [.. fluke.Output.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.True(skipped.GetProperty("lines").GetInt64() > 500);
        Assert.InRange(lines.Count(line => IsLog(line, "10-flood")), 100, (int)(500 + (100 * seconds)));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"line {i}"),
            lines.Where(line => IsLog(line, "20-quiet")).Select(line => line.GetProperty("message").GetString()));
        Assert.Contains(lines, line => line.GetProperty("type").GetString() == "fault" && Is(line, "20-quiet"));
        JsonElement stats = fluke.LastJson("stats");
        Assert.True(FlukeProcess.Rule(stats, "10-flood").GetProperty("linesSkipped").GetInt64() > 1000);
        Assert.Equal(0, FlukeProcess.Rule(stats, "20-quiet").GetProperty("linesSkipped").GetInt64());
        Assert.True(stats.GetProperty("notesLost").GetInt64() >= FlukeProcess.Rule(stats, "10-flood").GetProperty("linesSkipped").GetInt64());
    }

    [Fact]
    public void StatisticsThatWereMissedAreNotMadeUpFor()
    {
        const double Interval = 0.2, Pause = 1.5;
        using FlukeProcess fluke = FlukeProcess.Bridge(_middle, "tap:fl0", "tap:fl1", "--stats-interval", "0.2");
        fluke.WaitForJson("stats", _ => true);
        fluke.Signal("STOP");
        long start = Stopwatch.GetTimestamp();
        Namespaces.Until(() => Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(Pause), "a pause");
        fluke.Signal("CONT");
        int before = fluke.Output.Count;
        fluke.WaitFor(() => fluke.Output.Count > before + 4, "statistics after the pause");
        DateTime[] times = [.. fluke.Output.Skip(1).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("time").GetDateTime())];
        // Made up for, there would be as many as the whole time has intervals. The first may be late by most of one.
        double most = ((times[^1] - times[0]).TotalSeconds - Pause) / Interval;
        Assert.InRange(times.Length - 1, 4, most + 3);
    }

    [Fact]
    public void WithoutStatisticsOnlyWhatHappensIsSaid()
    {
        _rules.Write("10-says.csx", "int ticks = 0;\nEvery(TimeSpan.FromMilliseconds(100), () => Log($\"tick {++ticks}\"));\nvoid Apply(ref Frame frame) { }\n");
        using FlukeProcess fluke = FlukeProcess.Bridge(_middle, "tap:fl0", "tap:fl1", "--rules", _rules.Path, "--stats", "none", "--stats-interval", "0.1");
        fluke.WaitFor(() => fluke.Output.Any(line => line.EndsWith("10-says: tick 15", StringComparison.Ordinal)), "what the rule says");
        fluke.Signal("INT");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.DoesNotContain(fluke.Output, line => line.Contains("frames/s", StringComparison.Ordinal));
        Assert.Contains(fluke.Output, line => line.Contains(" stopped after ", StringComparison.Ordinal));
        Assert.Contains(fluke.Output, line => line.Contains("tap:fl0: received ", StringComparison.Ordinal));
    }

    private static bool Is(JsonElement json, string rule) => json.GetProperty("rule").GetString() == rule;

    private static bool IsLog(JsonElement json, string rule) => json.GetProperty("type").GetString() == "log" && Is(json, rule);
}
