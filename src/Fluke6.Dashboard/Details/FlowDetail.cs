using Fluke6.Bridging;
using Fluke6.Dashboard.Model;
using Fluke6.Flows;
using Fluke6.Frames;

namespace Fluke6.Dashboard.Details;

/// <summary>A flow: its figures, what its two ends offered and were given, and the last of its frames that rules changed.</summary>
internal sealed class FlowDetail(Bridge bridge, FlowSnapshot flow) : IDetail
{
    private const int MaxChanges = 8;

    // A small screen cuts a title that is longer than this; IPv6 addresses make such.
    private const int LongTitle = 45;
    private FlowSnapshot _flow = flow;
    private bool _gone;

    /// <inheritdoc/>
    public string Title => $"Flow {_flow.Source} → {_flow.Destination}";

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines()
    {
        if (bridge.Flows!.TryRefresh(_flow, out FlowSnapshot now))
            _flow = now;
        else
            _gone = true;

        List<StyledLine> lines = [];
        if (_gone)
            lines.Add(StyledLine.Prose(" No longer in the table: others were seen since. This is how it was last.", Ink.Warning));
        if (Title.Length > LongTitle)
            lines.Add(StyledLine.Prose($" {_flow.Source} → {_flow.Destination}", Ink.Strong));
        lines.Add(new StyledLine($" {_flow.Key.ProtocolName} {FlowText.State(_flow.State)}{Vlans(_flow.Key)}", Ink.Strong));
        lines.Add(new StyledLine($" from left  {_flow.FramesFromLeft,12:N0} frames {_flow.BytesFromLeft,16:N0} bytes"));
        lines.Add(new StyledLine($" from right {_flow.FramesFromRight,12:N0} frames {_flow.BytesFromRight,16:N0} bytes"));
        lines.Add(StyledLine.Prose($" first seen {_flow.FirstSeen.ToLocalTime():HH:mm:ss.fff}, last {_flow.LastSeen.ToLocalTime():HH:mm:ss.fff}; "
            + $"rewritten {_flow.Rewritten:N0}, dropped {_flow.Dropped:N0}"));
        string rules = string.Join(", ", bridge.RuleNames.In(_flow.Rules));
        lines.Add(rules.Length == 0
            ? new StyledLine(" no rule hit it", Ink.Dim)
            : StyledLine.Prose([new Piece(" hit by "), new Piece(rules, Ink.Mark)]));

        if (bridge.Flows.TryGetLedger(_flow, out TcpLedger ledger))
        {
            lines.Add(new StyledLine(""));
            lines.AddRange(LedgerTable.Lines(ledger));
            if (_flow.KernelFrames > 0)
                lines.Add(StyledLine.Prose($" {_flow.KernelFrames:N0} of the frames the kernel forwarded: what was in them since is not known.", Ink.Warning));
        }

        lines.AddRange(Changes());
        return lines;
    }

    private static string Vlans(FlowKey key) =>
        (key.OuterVlan == 0 ? "" : $"  VLAN {key.OuterVlan}") + (key.InnerVlan == 0 ? "" : $" in it {key.InnerVlan}");

    private IEnumerable<StyledLine> Changes()
    {
        List<FrameChange> changes = [.. bridge.Changes!.Read(_flow.Rules).Where(change => change.Flow == _flow.Key).Take(MaxChanges)];
        if (changes.Count == 0)
            yield break;

        yield return new StyledLine("");
        yield return new StyledLine(" The last frames that rules changed, the latest first:", Ink.Strong);
        foreach (FrameChange change in changes)
        {
            string rules = string.Join(", ", bridge.RuleNames.In(change.Rules));
            string verdict = change.Verdict == Verdict.Continue ? "" : $", {change.Verdict}".ToLowerInvariant();
            yield return StyledLine.Prose(
            [
                new Piece($" {change.Time.ToLocalTime():HH:mm:ss.fff} ", Ink.Dim),
                new Piece($"from {(change.From == Side.Left ? "left" : "right")}, by "),
                new Piece(rules, Ink.Mark),
                new Piece(verdict),
            ]);
            foreach (FieldChange field in change.Differences())
            {
                yield return StyledLine.Prose(
                    [new Piece($"   {field.Field,-28} "), new Piece(Before(field), Ink.Dim), new Piece("  →  "), new Piece(After(field), Ink.Strong)],
                    indent: 32);
            }
        }
    }

    private static string Before(FieldChange field) => field.Before switch
    {
        null => "—",
        "" => "there",
        _ => field.Before,
    };

    private static string After(FieldChange field) => field.After switch
    {
        null => "removed",
        "" => "added",
        _ => field.After,
    };
}
