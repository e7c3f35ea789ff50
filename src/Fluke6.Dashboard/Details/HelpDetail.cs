using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Details;

/// <summary>Every key and its effect.</summary>
/// <param name="guide">The lines at its end.</param>
/// <param name="offers">Whether a command can do anything here at all.</param>
internal sealed class HelpDetail(IReadOnlyList<string> guide, Func<KeyCommand, bool> offers) : IDetail
{
    /// <inheritdoc/>
    public string Title => "Help";

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines(BridgeSnapshot snapshot)
    {
        List<StyledLine> lines = [];
        foreach (KeyLine line in KeyTable.Lines.Where(line => line.Names.Length > 0 && line.Entries.Any(entry => offers(entry.Command))))
        {
            if (line.GoesOn)
                lines[^1] = new StyledLine([.. lines[^1].Pieces, new Piece($" {line.Names} ", Ink.Strong), new Piece(line.Meaning)]);
            else
                lines.Add(new StyledLine([new Piece($" {line.Names,-15} ", Ink.Strong), new Piece(line.Meaning)]));
        }

        lines.Add(new StyledLine(" A flow: * a rule hit it, × a rule dropped frames of it.  A rule's states:"));
        lines.Add(new StyledLine(
        [
            new Piece(" live", Ink.Good), new Piece(" runs, "), new Piece("stale", Ink.Warning),
            new Piece(" does not compile: the version before runs, "), new Piece("failed", Ink.Bad), new Piece(" never did,"),
        ]));
        lines.Add(new StyledLine(
        [
            new Piece(" bypassed", Ink.Bad), new Piece(" threw too often or hangs: save it anew, "),
            new Piece("disabled", Ink.Dim), new Piece(" switched off here"),
        ]));
        if (guide.Count > 0)
            lines.Add(new StyledLine(""));
        lines.AddRange(new GuideDetail(guide).Lines(snapshot));
        return lines;
    }
}
