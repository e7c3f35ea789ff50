namespace Fluke6.Dashboard.Model;

/// <summary>Breaks lines of words, so that all of them can be read however narrow the pane is.</summary>
internal static class LineBreaks
{
    // In less there is no room for a word behind the indentation.
    private const int Narrowest = 20;

    /// <summary>The lines that a line becomes; itself if it fits, or is not one of words.</summary>
    /// <param name="line">Of printable text.</param>
    /// <param name="columns">How many there are.</param>
    public static IEnumerable<StyledLine> Of(StyledLine line, int columns)
    {
        string text = line.Text;
        if (line.Indent is not { } indent || columns < Narrowest || ScreenText.Columns(text) <= columns)
        {
            yield return line;
            yield break;
        }

        string blanks = new(' ', Math.Min(indent, columns / 2));
        int start = 0, room = columns;
        while (start < text.Length)
        {
            int end = start + End(text[start..], room);
            IEnumerable<Piece> pieces = Slice(line.Pieces, start, end);
            yield return new StyledLine([.. start == 0 ? pieces : pieces.Prepend(new Piece(blanks))]);
            for (start = end; start < text.Length && text[start] == ' ';)
                start++;
            room = columns - blanks.Length;
        }
    }

    /// <summary>
    /// How much of a text is for the line: to the last blank before the edge; or to the edge, if there is none or what comes next would not
    /// fit into a line of its own either.
    /// </summary>
    private static int End(string text, int columns)
    {
        string head = ScreenText.Start(text, columns);
        if (head.Length == text.Length)
            return text.Length;
        if (text[head.Length] == ' ')
            return head.Length;

        int blank = head.LastIndexOf(' ');
        int next = text.IndexOf(' ', head.Length);
        if (ScreenText.Columns(text[(blank + 1)..(next < 0 ? text.Length : next)]) > columns)
            return head.Length;

        return blank > 0 && !string.IsNullOrWhiteSpace(head[..blank]) ? blank : head.Length;
    }

    private static IEnumerable<Piece> Slice(IEnumerable<Piece> pieces, int start, int end)
    {
        int at = 0;
        foreach (Piece piece in pieces)
        {
            int from = Math.Max(start - at, 0), to = Math.Min(end - at, piece.Text.Length);
            if (from < to)
                yield return piece with { Text = piece.Text[from..to] };
            at += piece.Text.Length;
        }
    }
}
