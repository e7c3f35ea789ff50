using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Model;

/// <summary>Something that a key asks for.</summary>
internal enum KeyCommand
{
    NextPane,
    PreviousPane,
    MoveInPane,
    Open,
    Close,
    ToggleRule,
    MoveRuleUp,
    MoveRuleDown,
    ReloadRule,
    EditRule,
    SortByNext,
    ReverseSort,
    Filter,
    Neighbors,
    LeftShell,
    RightShell,
    Pause,
    Capture,
    Zero,
    Mask,
    Quit,
    QuitAtOnce,
    Redraw,
    Suspend,
    Help,
}

/// <summary>A key and its command.</summary>
/// <param name="Command">Its effect.</param>
/// <param name="Keys">The keys that do it.</param>
/// <param name="Word">Its effect, in the bar; empty if the word of the next entry is about both, null if the bar does not show the key.</param>
/// <param name="Rank">Where the bar is too narrow for all words, those of higher ranks go first.</param>
/// <param name="Name">The key's name in the bar, if it has another in the help.</param>
internal sealed record KeyEntry(KeyCommand Command, Key[] Keys, string? Word = null, int Rank = 0, string? Name = null)
{
    /// <summary>The key, as the bar shows it.</summary>
    public string BarName => Name ?? $"{Keys[0].AsRune}";
}

/// <summary>A line of the help, or a part of one.</summary>
/// <param name="Names">The keys.</param>
/// <param name="Meaning">Their effect.</param>
/// <param name="Entries">Each of them.</param>
internal sealed record KeyLine(string Names, string Meaning, params KeyEntry[] Entries)
{
    /// <summary>Whether it goes on in the line of the help before it.</summary>
    public bool GoesOn { get; init; }
}

/// <summary>All keys of the dashboard, in the help's order: the window, the bar and the help take them from here.</summary>
internal static class KeyTable
{
    /// <summary>The lines of the help.</summary>
    public static IReadOnlyList<KeyLine> Lines { get; } =
    [
        new("Tab, Shift+Tab", "next pane, pane before; or click it",
            new(KeyCommand.NextPane, [Key.Tab], "pane", 1, "Tab"),
            new(KeyCommand.PreviousPane, [Key.Tab.WithShift])),
        new("↑ ↓ PgUp PgDn", "move in a pane, also Home, End, wheel; ← → sideways in text", new KeyEntry(KeyCommand.MoveInPane, [])),
        new("Enter", "all about the selected rule or flow; a line of the log, whole", new KeyEntry(KeyCommand.Open, [Key.Enter], "detail", 1, "⏎")),
        new("Esc", "close that, or show all flows again", new KeyEntry(KeyCommand.Close, [Key.Esc])),
        new("space", "switch the selected rule off or on", new KeyEntry(KeyCommand.ToggleRule, [Key.Space], "on/off", 2, "spc")),
        new("+ -", "move the rule up or down the chain, until the program ends",
            new(KeyCommand.MoveRuleUp, [(Key)'+'], "", 5),
            new(KeyCommand.MoveRuleDown, [(Key)'-'], "move", 5)),
        new("r  e", "load the rule anew; open it in $EDITOR while traffic goes on",
            new(KeyCommand.ReloadRule, [(Key)'r'], "reload", 4),
            new(KeyCommand.EditRule, [(Key)'e'], "edit", 3)),
        new("s  S", "flows by the next column, the other way; or click a heading",
            new(KeyCommand.SortByNext, [(Key)'s'], "", 6),
            new(KeyCommand.ReverseSort, [(Key)'S'], "sort", 6)),
        new("/", "flows that match: address, prefix, port, protocol, state, rule", new KeyEntry(KeyCommand.Filter, [(Key)'/'], "filter", 3)),
        new("n", "IPv6 neighbours: routers, prefixes, who answered", new KeyEntry(KeyCommand.Neighbors, [(Key)'n'], "neighbours", 8)),
        new("<  >", "a shell in the left host, in the right one; exit comes back",
            new(KeyCommand.LeftShell, [(Key)'<'], "", 4),
            new(KeyCommand.RightShell, [(Key)'>'], "shell", 4)),
        new("p", "let the view stand still, or go on; traffic goes on", new KeyEntry(KeyCommand.Pause, [(Key)'p'], "pause", 7)),
        new("c", "begin a capture in the current folder, or end it", new KeyEntry(KeyCommand.Capture, [(Key)'c'], "capture", 7)),
        new("z  m", "count rules and losses from zero here; hide addresses",
            new(KeyCommand.Zero, [(Key)'z'], "zero", 9),
            new(KeyCommand.Mask, [(Key)'m'], "mask", 9)),
        new("q, Ctrl+C", "quit; q asks while traffic flows.",
            new(KeyCommand.Quit, [(Key)'q'], "quit"),
            new(KeyCommand.QuitAtOnce, [Key.C.WithCtrl])),
        new("Ctrl+L", "draw the screen anew", new KeyEntry(KeyCommand.Redraw, [Key.L.WithCtrl])) { GoesOn = true },
        // Neither is worth a line of the help: one opens it, the other is refused in words.
        new("", "", new(KeyCommand.Help, [(Key)'?', (Key)'h'], "help"), new(KeyCommand.Suspend, [Key.Z.WithCtrl])),
    ];

    private static readonly Dictionary<KeyCode, KeyCommand> s_commands =
        Lines.SelectMany(line => line.Entries).SelectMany(entry => entry.Keys.Select(key => (key.KeyCode, entry.Command))).ToDictionary();

    /// <summary>The command of a key; null if it has none.</summary>
    public static KeyCommand? CommandOf(Key key) => s_commands.TryGetValue(key.KeyCode, out KeyCommand command) ? command : null;

    /// <summary>The bar's text: as many words as there is room for, but always how to quit and where the help is.</summary>
    /// <param name="columns">How wide the screen is.</param>
    /// <param name="offers">Whether a command can do anything here at all.</param>
    public static string Bar(int columns, Func<KeyCommand, bool> offers)
    {
        KeyEntry[] entries = [.. Lines.SelectMany(line => line.Entries).Where(entry => entry.Word is not null && offers(entry.Command))];
        int last = entries.Max(entry => entry.Rank);
        for (int rank = last; rank >= 0; rank--)
        {
            string text = Text(entries, entry => entry.Rank <= rank);
            if (text.Length <= columns)
                return text;
        }

        for (int rank = last; rank > 0; rank--)
        {
            string text = Text([.. entries.Where(entry => entry.Rank < rank)], entry => entry.Rank == 0);
            if (text.Length <= columns)
                return text;
        }

        return Text([.. entries.Where(entry => entry.Rank == 0)], _ => true);
    }

    // Keys without their words stand close together: " r e / s S".
    private static string Text(KeyEntry[] entries, Func<KeyEntry, bool> hasWord)
    {
        var text = new System.Text.StringBuilder();
        bool spaced = true;
        foreach (KeyEntry entry in entries)
        {
            bool word = hasWord(entry);
            text.Append(' ').Append(word && !spaced ? " " : "").Append(entry.BarName);
            if (word && entry.Word!.Length > 0)
                text.Append(' ').Append(entry.Word).Append(' ');
            spaced = word;
        }

        return text.ToString().TrimEnd();
    }
}
