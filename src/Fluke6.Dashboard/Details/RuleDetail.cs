using Fluke6.Dashboard.Model;
using Fluke6.Engine;
using Fluke6.Impairments;
using Fluke6.Journal;

namespace Fluke6.Dashboard.Details;

/// <summary>A rule: what it did, why it did nothing, its parameters, what is wrong with it, its source.</summary>
internal sealed class RuleDetail(BridgeWatch watch, string name) : IDetail
{
    private static readonly TimeSpan s_readPatience = TimeSpan.FromMilliseconds(50);
    private Task<RuleText>? _reading;
    private RuleText _source = new("", "the file is being read");

    /// <summary>The rule.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public string Title => $"Rule {name}";

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines()
    {
        if (watch.Latest.Rules.FirstOrDefault(rule => rule.Name == name) is not { } rule)
            return [new StyledLine(" The rule left the chain: its file is gone.", Ink.Warning)];

        string? path = watch.Rules.PathOf(name);
        (string source, string? unreadable) = Read(path);
        string parameters = string.Join(", ", (rule.Entry.Context?.Parameters ?? new Dictionary<string, string>())
            .OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} = {pair.Value}"));
        List<StyledLine> lines =
        [
            StyledLine.Prose([new(" "), new($"{rule.State}".ToLowerInvariant(), rule.StateInk), new($"  {Explain(rule.State)}")]),
            StyledLine.Prose($" {path}", Ink.Dim),
            StyledLine.Prose(rule.Entry.Guard is { } guard ? $" asked about {guard}: {rule.Totals.GuardMatched:N0} of {rule.Totals.Seen:N0} frames" : " asked about all frames"),
            StyledLine.Prose($" seen {rule.Totals.Seen:N0}, hits {rule.Totals.Hits:N0}, rewritten {rule.Totals.Rewritten:N0}, "
                + $"dropped {rule.Totals.Dropped:N0}, sent {rule.Totals.Sent:N0}, faults {rule.Totals.Faults:N0}"),
            StyledLine.Prose(rule.Totals.Timed == 0 ? " no frame was measured yet: one in some 250 is"
                : $" {Figures.NanosecondsInWords(rule.Totals.MeanNanoseconds)} a frame, the mean of {rule.Totals.Timed:N0} that were measured"),
        ];
        string neverHeld = string.Join("; ", rule.Entry.Parts?.NeverHeld ?? []);
        if (rule.Totals.GuardMatched > 0 && neverHeld.Length > 0)
            lines.Add(StyledLine.Prose($" of its guards, these held for no frame: {neverHeld}", Ink.Mark));
        RuleCounters counters = rule.Entry.Counters;
        if (counters.Held + counters.HoldRefused > 0)
        {
            lines.Add(StyledLine.Prose($" held {counters.Held:N0}, {counters.Holding:N0} of them now; no room for {counters.HoldRefused:N0}",
                counters.HoldRefused > 0 ? Ink.Warning : Ink.Normal));
        }

        lines.AddRange(Impairment.Of(rule.Entry.Context).SelectMany(one => one.Figures).SelectMany(ImpairmentText.Lines).Select(text => StyledLine.Prose($" {text}")));
        if (rule.Totals.Hits == 0)
            lines.AddRange(new MissedHits(watch.Bridge, source, rule.Entry.Guard).Explain(rule.Totals, rule.State).Select(text => StyledLine.Prose($" {text}", Ink.Mark)));

        lines.Add(StyledLine.Prose(parameters.Length == 0 ? " no parameters" : $" parameters: {parameters}"));
        if (rule.Entry.LastFault is { } fault)
            lines.Add(StyledLine.Prose($" last fault{(fault.At is null ? "" : $" at {fault.At}")}: {ScreenText.Printable(fault.Message)}", Ink.Bad));

        int leftBehind = watch.Bridge.LeftBehind.Threads.Count(thread => thread.Rule == name);
        if (leftBehind > 0)
        {
            lines.Add(StyledLine.Prose(
                $" {leftBehind} {(leftBehind == 1 ? "thread" : "threads")} left behind in it, at a lower priority, until the rule returns "
                + "or the program ends", Ink.Bad));
        }

        IReadOnlyList<RuleProblem> problems = watch.Rules.ProblemsOf(name);
        lines.AddRange(problems.Select(problem => StyledLine.Prose(
            $" {problem.File}({problem.Line},{problem.Column}): {ScreenText.Printable(problem.Message)}", problem.IsError ? Ink.Bad : Ink.Warning)));
        lines.Add(new StyledLine(""));
        if (unreadable is not null)
            lines.Add(StyledLine.Prose($" {unreadable}", Ink.Bad));
        else
            lines.AddRange(ScriptSource.Lines(source, Remarks(Path.GetFileName(path!), problems, rule.Entry.LastFault)));
        return lines;
    }

    private static string Explain(RuleState state) => state switch
    {
        RuleState.Live => "the file's version runs",
        RuleState.Stale => "the file cannot be loaded; the version before runs",
        RuleState.Failed => "the file cannot be loaded; no version of it runs",
        RuleState.Bypassed => "taken out after its faults, until the file is saved again",
        _ => "switched off; space switches it on",
    };

    // A file may be on a disk that does not answer: the screen goes on with what was read before.
    private RuleText Read(string? path)
    {
        _reading ??= Task.Run(() => RuleText.Of(path));
        if (_reading.Wait(s_readPatience))
            (_source, _reading) = (_reading.Result, null);
        return _source;
    }

    private static ILookup<int, string> Remarks(string file, IReadOnlyList<RuleProblem> problems, RuleFault? fault)
    {
        var remarks = problems.Where(problem => problem.File == file).Select(problem => (problem.Line, problem.Message)).ToList();
        // Such as 10-x.csx:4.
        if (fault?.At is { } at && at.StartsWith($"{file}:", StringComparison.Ordinal) && int.TryParse(at.AsSpan(file.Length + 1), out int line))
            remarks.Add((line, fault.Message));
        return remarks.ToLookup(remark => remark.Item1, remark => remark.Item2);
    }

    /// <summary>A file's text, or why there is none.</summary>
    private readonly record struct RuleText(string Text, string? Unreadable)
    {
        public static RuleText Of(string? path)
        {
            try
            {
                return path is null ? new RuleText("", "no file") : new RuleText(File.ReadAllText(path), null);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return new RuleText("", exception.Message);
            }
        }
    }
}
