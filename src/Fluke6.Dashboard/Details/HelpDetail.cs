using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Details;

/// <summary>What each key does.</summary>
internal sealed class HelpDetail(IReadOnlyList<string> guide) : IDetail
{
    private static readonly (string Key, string Meaning)[] s_keys =
    [
        ("Tab, Shift+Tab", "next pane, pane before; or click it"),
        ("↑ ↓ PgUp PgDn", "move in a pane, also Home, End, wheel; ← → sideways in text"),
        ("Enter", "all about the selected rule or flow; Esc closes it"),
        ("space", "switch the selected rule off or on"),
        ("+ -", "move the rule up or down the chain, until the program ends"),
        ("r", "load the rule anew"),
        ("e", "open the rule in $EDITOR; traffic goes on meanwhile"),
        ("s", "sort flows by the next column"),
        ("/", "show only flows that match all words: address, port,"),
        ("", "2001:db8::/32, protocol, state, rule; no word shows all"),
        ("n", "IPv6 neighbours: routers, prefixes, who answered"),
        ("p", "let the view stand still, or go on; traffic goes on"),
        ("c", "begin a capture in the current folder, or end it"),
        ("z", "count rules and losses from zero, on this screen only"),
        ("m", "hide addresses, for screenshots"),
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
        lines.Add(new StyledLine(""));
        lines.Add(new StyledLine(" States of a rule:", Ink.Strong));
        lines.Add(new StyledLine([new Piece(" live", Ink.Good), new Piece(" runs  "), new Piece("stale", Ink.Warning), new Piece(" does not compile, the version before runs")]));
        lines.Add(new StyledLine([new Piece(" failed", Ink.Bad), new Piece(" never compiled  "), new Piece("bypassed", Ink.Bad), new Piece(" threw too often, or hangs; save it anew")]));
        lines.Add(new StyledLine([new Piece(" disabled", Ink.Dim), new Piece(" switched off here")]));
        lines.Add(new StyledLine(" Marks of a flow: * a rule hit it, × a rule dropped frames of it."));
        if (guide.Count > 0)
            lines.Add(new StyledLine(""));
        lines.AddRange(guide.Select(line => new StyledLine(" " + line)));
        return lines;
    }
}
