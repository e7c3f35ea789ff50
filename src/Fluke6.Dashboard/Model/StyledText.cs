namespace Fluke6.Dashboard.Model;

/// <summary>The kind of a piece of text, from which the palette makes a colour.</summary>
internal enum Ink
{
    Normal,
    Dim,
    Strong,
    Good,
    Warning,
    Bad,
    Mark,
    Keyword,
    Literal,
}

/// <summary>A piece of a line.</summary>
internal readonly record struct Piece(string Text, Ink Ink = Ink.Normal);

/// <summary>A line of pieces.</summary>
internal sealed record StyledLine(IReadOnlyList<Piece> Pieces)
{
    /// <summary>A line of one piece.</summary>
    public StyledLine(string text, Ink ink = Ink.Normal)
        : this([new Piece(text, ink)])
    {
    }

    /// <summary>Columns that the further lines begin with where the line is longer than the pane is wide; null if it is cut there.</summary>
    public int? Indent { get; init; }

    /// <summary>A line of words, which goes on in further lines where the pane ends. What stands in columns does not.</summary>
    public static StyledLine Prose(string text, Ink ink = Ink.Normal, int indent = 3) => Prose([new Piece(text, ink)], indent);

    /// <summary>A line of words in pieces.</summary>
    public static StyledLine Prose(IReadOnlyList<Piece> pieces, int indent = 3) => new(pieces) { Indent = indent };

    /// <summary>The text alone.</summary>
    public string Text => string.Concat(Pieces.Select(piece => piece.Text));
}
