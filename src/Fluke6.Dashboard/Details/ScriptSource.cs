using System.Text.RegularExpressions;
using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Details;

/// <summary>A script's text with numbered lines, highlighted, and what is wrong with a line under it.</summary>
internal static partial class ScriptSource
{
    /// <summary>The lines.</summary>
    /// <param name="text">The file.</param>
    /// <param name="remarks">The problems, by line from 1.</param>
    public static IEnumerable<StyledLine> Lines(string text, ILookup<int, string> remarks)
    {
        string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            bool wrong = remarks.Contains(i + 1);
            yield return new StyledLine(
                [new Piece($"{(wrong ? "►" : " ")}{i + 1,4} ", wrong ? Ink.Bad : Ink.Dim), .. Highlight(ScreenText.Printable(lines[i]))]);
            foreach (string remark in remarks[i + 1])
                yield return Remark(remark);
        }

        // An error at the end of the file may stand past its last line.
        foreach (IGrouping<int, string> past in remarks.Where(group => group.Key < 1 || group.Key > lines.Length))
        {
            foreach (string remark in past)
                yield return Remark(remark);
        }
    }

    private static StyledLine Remark(string text) => StyledLine.Prose($"      ^ {ScreenText.Printable(text)}", Ink.Bad, indent: 8);

    private static IEnumerable<Piece> Highlight(string line)
    {
        int done = 0;
        foreach (Match match in Token().Matches(line))
        {
            if (match.Index > done)
                yield return new Piece(line[done..match.Index]);
            Ink ink = match.Groups["comment"].Success ? Ink.Dim : match.Groups["literal"].Success ? Ink.Literal : Ink.Keyword;
            yield return new Piece(match.Value, ink);
            done = match.Index + match.Length;
        }

        if (done < line.Length)
            yield return new Piece(line[done..]);
    }

    [GeneratedRegex("""
        (?<comment>//.*$|\#\w+.*$)|(?<literal>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)+'|\b\d[\w.]*)|\b(?:var|using|if|else|for|foreach|in|out|ref|while|do|switch|case|break|continue|return|new|true|false|null|is|and|or|not|readonly|const|static|void|bool|byte|ushort|short|int|uint|long|ulong|double|string|char|class|record|struct|enum|try|catch|finally|throw|this|default|when|params|object)\b
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();
}
