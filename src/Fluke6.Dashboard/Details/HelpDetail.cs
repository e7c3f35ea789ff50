using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Details;

/// <summary>What each key does.</summary>
internal sealed class HelpDetail(IReadOnlyList<string> guide) : IDetail
{
    private static readonly (string Key, string Meaning)[] s_keys =
    [
        ("Tab, Shift+Tab", "next pane, pane before; or click it"),
        ("↑ ↓ PgUp PgDn", "move in a pane, also Home, End, wheel; ← → sideways in text"),
        ("Enter", "all about the selected rule or flow"),
        ("Esc", "close that, or show all flows again"),
        ("space", "switch the selected rule off or on"),
        ("+ -", "move the rule up or down the chain, until the program ends"),
        ("r  e", "load the rule anew; open it in $EDITOR while traffic goes on"),
        ("s  S", "flows by the next column, the other way; or click a heading"),
        ("/", "only flows that match all words: address, 2001:db8::/32, port,"),
        ("", "protocol, TCP state, rule; Esc there shows all"),
        ("n", "IPv6 neighbours: routers, prefixes, who answered"),
        ("p", "let the view stand still, or go on; traffic goes on"),
        ("c", "begin a capture in the current folder, or end it"),
        ("z  m", "count rules and losses from zero here; hide addresses"),
        ("q, Ctrl+C", "quit; q asks while traffic flows"),
    ];

    /// <inheritdoc/>
    public string Title => "Help";

    /// <inheritdoc/>
    public IReadOnlyList<StyledLine> Lines()
    {
        List<StyledLine> lines = [];
        foreach ((string key, string meaning) in s_keys)
            lines.Add(new StyledLine([new Piece($" {key,-15} ", Ink.Strong), new Piece(meaning)]));
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
        lines.AddRange(guide.Select(line => StyledLine.Prose(" " + line)));
        return lines;
    }
}
