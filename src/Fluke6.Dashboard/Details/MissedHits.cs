using System.Text.RegularExpressions;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>
/// Why a rule has no hits: its guard held for no frame, or else by comparing what its script asks a frame for with what has passed.
/// </summary>
/// <param name="snapshot">What passed.</param>
/// <param name="keepsFlows">Whether flows are kept at all, by which layers are told.</param>
/// <param name="source">The script.</param>
/// <param name="guard">Which frames the rule is asked about; null for all.</param>
internal sealed partial class MissedHits(BridgeSnapshot snapshot, bool keepsFlows, string source, string? guard = null)
{
    /// <summary>Sentences; the most likely reason first.</summary>
    /// <param name="totals">What came to the rule.</param>
    /// <param name="state">How it stands.</param>
    public IEnumerable<string> Explain(RuleTotals totals, string state)
    {
        if (state is RuleRecord.Disabled or RuleRecord.Bypassed or RuleRecord.Failed)
            return ["No hits: it is not asked."];
        if (totals.Seen > 0 && guard is not null)
        {
            return totals.GuardMatched == 0
                ? [$"No hits: its guard, {guard}, held for none of {totals.Seen:N0} frames."]
                : [$"No hits in the {totals.GuardMatched:N0} of {totals.Seen:N0} frames that its guard, {guard}, held for.", .. Layers()];
        }

        if (totals.Seen > 0)
            return [$"No hits in {totals.Seen:N0} frames.", .. Layers()];

        bool passed = snapshot.Ports.Left.RxFrames + snapshot.Ports.Right.RxFrames > 0;
        return [passed ? "No hits: a rule before it ends the chain for every frame so far, or none came since." : "No hits: no frame has passed yet."];
    }

    /// <summary>The layers that a script asks frames for, as <see cref="SnapshotRequest.Layers"/> has them.</summary>
    public static IReadOnlyList<string> LayersIn(string source) =>
        [.. AskedIn(source).Select(ask => ask.Argument.Length == 0 ? ask.Layer : $"{ask.Layer} {ask.Argument}").Distinct()];

    private IEnumerable<string> Layers()
    {
        List<(string Layer, string Argument)> asked = [.. AskedIn(source).Distinct()];
        if (asked.Count == 0)
            return [];
        if (!keepsFlows)
            return [$"It asks for {string.Join(", ", asked.Select(ask => ask.Layer).Distinct())}; which frames had that is not counted (--flows 0)."];

        return asked.Select(ask => snapshot.Layers?.FirstOrDefault(layer => layer.Layer == ask.Layer && layer.Argument == ask.Argument))
            .OfType<LayerRecord>()
            .OrderBy(seen => seen.Has switch { false => 0, null => 1, true => 2 })
            .Select(seen => $"It asks for {seen.Layer}" + seen switch
            {
                { Has: null } => " (not counted).",
                { Has: false, By: var by } => $"{InBrackets(by)}, which no frame had.",
                { By: var by } => $"{InBrackets(by)}, which some frames had: none was as its condition wants.",
            });
    }

    private static string InBrackets(string text) => text.Length == 0 ? "" : $" ({text})";

    /// <summary>The layers that the frame itself is asked for; those that the frame inside it is asked for are not its own.</summary>
    private static IEnumerable<(string Layer, string Argument)> AskedIn(string source)
    {
        string code = Comment().Replace(source, "");
        HashSet<string> frames = [.. FrameParameter().Matches(code).Select(match => match.Groups["name"].Value), "frame"];
        return Ask().Matches(code).Where(match => frames.Contains(match.Groups["of"].Value))
            .Select(match => (match.Groups["layer"].Value, match.Groups["argument"].Value));
    }

    [GeneratedRegex(@"//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\bref\s+(?:readonly\s+)?Frame\s+(?<name>\w+)")]
    private static partial Regex FrameParameter();

    // An argument before the view, such as a port, says more about what is asked for.
    [GeneratedRegex(@"\b(?<of>\w+)\s*\.\s*TryGet(?<layer>\w+)\s*\(\s*(?:(?<argument>[\w.]+)\s*,)?")]
    private static partial Regex Ask();
}
