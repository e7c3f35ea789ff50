using System.Globalization;
using System.Text;

namespace Fluke6;

/// <summary>
/// Text of rules, files, exceptions and the network, made fit for a terminal or a log file: nothing in it acts on a terminal, turns the
/// direction of writing, or begins a line that looks like another's.
/// </summary>
internal static class PrintableText
{
    /// <summary>
    /// The text with control characters (C0, DEL, C1), line breaks, direction marks and overrides, joiners and characters without a shape
    /// written out, such as <c>\n</c>, <c>\e</c>, <c>\x9b</c> and <c>\u{202e}</c>; a tab is four blanks, half of a surrogate pair U+FFFD.
    /// </summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;

        var line = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            Append(line, rune);
        return line.ToString();
    }

    private static void Append(StringBuilder line, Rune rune)
    {
        _ = rune.Value switch
        {
            '\t' => line.Append("    "),
            '\n' => line.Append(@"\n"),
            '\r' => line.Append(@"\r"),
            '\e' => line.Append(@"\e"),
            < ' ' or (>= 0x7f and < 0xa0) => line.Append(CultureInfo.InvariantCulture, $@"\x{rune.Value:x2}"),
            _ => Rune.GetUnicodeCategory(rune) switch
            {
                UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate => Escape(line, rune),
                _ => line.Append(rune),
            },
        };
    }

    /// <summary>Writes a character as its number, such as <c>\u{301}</c>.</summary>
    public static StringBuilder Escape(StringBuilder line, Rune rune) =>
        line.Append(CultureInfo.InvariantCulture, $@"\u{{{rune.Value:x}}}");
}
