using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>A flow: its figures, what its two ends offered and were given, and the last of its frames that rules changed.</summary>
internal sealed class FlowDetail(FlowRecord flow) : IDetail
{
    // A small screen cuts a title that is longer than this; IPv6 addresses make such.
    private const int LongTitle = 45;
    private FlowRecord _flow = flow;
    private bool _gone;

    /// <inheritdoc/>
    public string Title => $"Flow {_flow.Source} → {_flow.Destination}";

    /// <inheritdoc/>
    public SnapshotRequest Wants(BridgeSnapshot snapshot) => new() { Flow = _flow.Id };

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines(BridgeSnapshot snapshot)
    {
        Find(snapshot);
        List<StyledLine> lines = [];
        if (_gone)
            lines.Add(StyledLine.Prose(" No longer in the table: others were seen since. This is how it was last.", Ink.Warning));
        if (Title.Length > LongTitle)
            lines.Add(StyledLine.Prose($" {_flow.Source} → {_flow.Destination}", Ink.Strong));
        lines.Add(new StyledLine($" {_flow.Protocol} {_flow.StateInWords}{Vlans(_flow)}", Ink.Strong));
        lines.Add(new StyledLine($" from left  {_flow.FramesFromLeft,12:N0} frames {_flow.BytesFromLeft,16:N0} bytes"));
        lines.Add(new StyledLine($" from right {_flow.FramesFromRight,12:N0} frames {_flow.BytesFromRight,16:N0} bytes"));
        lines.Add(StyledLine.Prose($" first seen {_flow.FirstSeen.ToLocalTime():HH:mm:ss.fff}, last {_flow.LastSeen.ToLocalTime():HH:mm:ss.fff}; "
            + $"rewritten {_flow.Rewritten:N0}, dropped {_flow.Dropped:N0}"));
        string rules = string.Join(", ", _flow.Rules);
        lines.Add(rules.Length == 0
            ? new StyledLine(" no rule hit it", Ink.Dim)
            : StyledLine.Prose([new Piece(" hit by "), new Piece(rules, Ink.Mark)]));

        if (_flow.Ledger is { } ledger)
        {
            lines.Add(new StyledLine(""));
            lines.AddRange(LedgerTable.Lines(ledger));
            if (_flow.KernelFrames > 0)
                lines.Add(StyledLine.Prose($" {_flow.KernelFrames:N0} of the frames the kernel forwarded: what was in them since is not known.", Ink.Warning));
        }

        lines.AddRange(Changes(_flow.Changes ?? []));
        return lines;
    }

    private static string Vlans(FlowRecord flow) => flow.Vlans switch
    {
        [] => "",
        [var one] => $"  VLAN {one}",
        [var outer, var inner, ..] => $"  VLAN {outer} in it {inner}",
    };

    private static IEnumerable<StyledLine> Changes(IReadOnlyList<ChangedFrame> changes)
    {
        if (changes.Count == 0)
            yield break;

        yield return new StyledLine("");
        yield return new StyledLine(" The last frames that rules changed, the latest first:", Ink.Strong);
        foreach (ChangedFrame change in changes)
        {
            string rules = string.Join(", ", change.Rules);
            string verdict = change.Verdict == "continue" ? "" : $", {change.Verdict}";
            yield return StyledLine.Prose(
            [
                new Piece($" {change.Time.ToLocalTime():HH:mm:ss.fff} ", Ink.Dim),
                new Piece($"from {change.From}, by "),
                new Piece(rules, Ink.Mark),
                new Piece(verdict),
            ]);
            foreach (ChangedField field in change.Fields)
            {
                yield return StyledLine.Prose(
                    [new Piece($"   {field.Field,-28} "), new Piece(Before(field), Ink.Dim), new Piece("  →  "), new Piece(After(field), Ink.Strong)],
                    indent: 32);
            }
        }
    }

    private static string Before(ChangedField field) => field.Before switch
    {
        null => "—",
        "" => "there",
        _ => field.Before,
    };

    private static string After(ChangedField field) => field.After switch
    {
        null => "removed",
        "" => "added",
        _ => field.After,
    };

    // The snapshot that was asked for this flow has most to tell; one that stands still may have it among the others.
    private void Find(BridgeSnapshot snapshot)
    {
        if (snapshot.FlowAsked == _flow.Id && snapshot.Flow is null)
            _gone = true;
        else if ((snapshot.Flow?.Id == _flow.Id ? snapshot.Flow : snapshot.FlowTable?.FirstOrDefault(other => other.Id == _flow.Id)) is { } now)
            _flow = now with { Ledger = now.Ledger ?? _flow.Ledger, Changes = now.Changes ?? _flow.Changes };
    }
}
