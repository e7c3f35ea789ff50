namespace Fluke6.Dashboard.Model;

/// <summary>What a piece of text is, from which the palette makes a colour.</summary>
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

    /// <summary>The text alone.</summary>
    public string Text => string.Concat(Pieces.Select(piece => piece.Text));
}
