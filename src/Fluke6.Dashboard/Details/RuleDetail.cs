using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>A rule: what it did, why it did nothing, its parameters, what is wrong with it, its source.</summary>
/// <param name="name">The rule.</param>
/// <param name="keepsFlows">Whether flows are kept at all.</param>
internal sealed class RuleDetail(string name, bool keepsFlows) : IDetail
{
    private static readonly TimeSpan s_readPatience = TimeSpan.FromMilliseconds(50);
    private Task<RuleText>? _reading;
    private RuleText _source = new("", "the file is being read");

    /// <summary>The rule.</summary>
    public string Name => name;

    /// <inheritdoc/>
    public string Title => $"Rule {name}";

    /// <inheritdoc/>
    public SnapshotRequest Wants(BridgeSnapshot snapshot) => RuleRow.Of(snapshot, name) is { Totals.Hits: 0 } rule
        ? new() { Layers = MissedHits.LayersIn(Read(rule.Rule.Path).Text) }
        : SnapshotRequest.FiguresAlone;

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines(BridgeSnapshot snapshot)
    {
        if (RuleRow.Of(snapshot, name) is not { } row)
            return [new StyledLine(" The rule left the chain: its file is gone.", Ink.Warning)];

        RuleRecord rule = row.Rule;
        string? path = rule.Path;
        (string source, string? unreadable) = Read(path);
        string parameters = string.Join(", ", rule.Parameters.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} = {pair.Value}"));
        List<StyledLine> lines =
        [
            StyledLine.Prose([new(" "), new(rule.State, row.StateInk), new($"  {Explain(rule.State)}")]),
            StyledLine.Prose($" {path}", Ink.Dim),
            StyledLine.Prose(rule.Guard is { } guard
                ? $" asked about {guard}: {row.Totals.GuardMatched:N0} of {row.Totals.Seen:N0} frames"
                : " asked about all frames"),
            StyledLine.Prose($" seen {row.Totals.Seen:N0}, hits {row.Totals.Hits:N0}, rewritten {row.Totals.Rewritten:N0}, "
                + $"dropped {row.Totals.Dropped:N0}, sent {row.Totals.Sent:N0}, faults {row.Totals.Faults:N0}"),
            StyledLine.Prose(row.Totals.Timed == 0 ? " no frame was measured yet: one in some 250 is"
                : $" {Figures.NanosecondsInWords(row.Totals.MeanNanoseconds)} a frame, the mean of {row.Totals.Timed:N0} that were measured"),
        ];
        if (row.Totals.GuardMatched > 0 && rule.GuardsNeverHeld is { Count: > 0 } neverHeld)
            lines.Add(StyledLine.Prose($" of its guards, these held for no frame: {string.Join("; ", neverHeld)}", Ink.Mark));
        if (rule.Held + rule.HoldRefused > 0)
        {
            lines.Add(StyledLine.Prose($" held {rule.Held:N0}, {rule.Holding:N0} of them now; no room for {rule.HoldRefused:N0}",
                rule.HoldRefused > 0 ? Ink.Warning : Ink.Normal));
        }

        lines.AddRange(rule.Work.Select(text => StyledLine.Prose($" {text}")));
        if (row.Totals.Hits == 0)
            lines.AddRange(new MissedHits(snapshot, keepsFlows, source, rule.Guard)
                .Explain(row.Totals, rule.State).Select(text => StyledLine.Prose($" {text}", Ink.Mark)));

        lines.Add(StyledLine.Prose(parameters.Length == 0 ? " no parameters" : $" parameters: {parameters}"));
        if (rule.LastFault is { } fault)
            lines.Add(StyledLine.Prose($" last fault{(fault.At is null ? "" : $" at {fault.At}")}: {ScreenText.Printable(fault.Message)}", Ink.Bad));
        if (rule.ThreadsLeftBehind is > 0 and int leftBehind)
        {
            lines.Add(StyledLine.Prose(
                $" {leftBehind} {(leftBehind == 1 ? "thread" : "threads")} left behind in it, at a lower priority, until the rule returns "
                + "or the program ends", Ink.Bad));
        }

        lines.AddRange(rule.Problems.Select(problem => StyledLine.Prose(
            $" {problem.File}({problem.Line},{problem.Column}): {ScreenText.Printable(problem.Message)}", problem.IsError ? Ink.Bad : Ink.Warning)));
        lines.Add(new StyledLine(""));
        if (unreadable is not null)
            lines.Add(StyledLine.Prose($" {unreadable}", Ink.Bad));
        else
            lines.AddRange(ScriptSource.Lines(source, Remarks(Path.GetFileName(path!), rule.Problems, rule.LastFault)));
        return lines;
    }

    private static string Explain(string state) => state switch
    {
        RuleRecord.Live => "the file's version runs",
        RuleRecord.Stale => "the file cannot be loaded; the version before runs",
        RuleRecord.Failed => "the file cannot be loaded; no version of it runs",
        RuleRecord.Bypassed => "taken out after its faults, until the file is saved again",
        _ => "switched off; space switches it on",
    };

    // A file may be on a disk that does not answer: the screen goes on with what was read before. Rules may keep the pool's threads.
    private RuleText Read(string? path)
    {
        _reading ??= Task.Factory.StartNew(
            () => RuleText.Of(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (_reading.Wait(s_readPatience))
            (_source, _reading) = (_reading.Result, null);
        return _source;
    }

    private static ILookup<int, string> Remarks(string file, IReadOnlyList<RuleProblem> problems, FaultRecord? fault)
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
