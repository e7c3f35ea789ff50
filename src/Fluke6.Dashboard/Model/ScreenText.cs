using System.Globalization;
using System.Text;
using Fluke6.Journal;
using Terminal.Gui.Text;

namespace Fluke6.Dashboard.Model;

/// <summary>Makes text fit for the screen.</summary>
internal static class ScreenText
{
    /// <summary>
    /// With what would move the cursor, or what terminals disagree about the width of, written out: a rule's log and a file's name may hold
    /// anything. What is left takes one column a character, or two in the scripts that terminals draw so.
    /// </summary>
    public static string Printable(string text)
    {
        text = PrintableText.Of(text);
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;

        var line = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
            _ = TakesColumns(rune) ? line.Append(rune) : PrintableText.Escape(line, rune);
        return line.ToString();
    }

    /// <summary>How many columns a printable text takes.</summary>
    public static int Columns(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text.Length;

        int columns = 0;
        foreach (Rune rune in text.EnumerateRunes())
            columns += Math.Max(0, rune.GetColumns());
        return columns;
    }

    /// <summary>The longest beginning of a printable text that fits into some columns.</summary>
    public static string Start(string text, int columns)
    {
        int length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            columns -= rune.GetColumns();
            if (columns < 0)
                break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    /// <summary>A printable text without what stands in its first columns.</summary>
    public static string Skip(string text, int columns)
    {
        string skipped = Start(text, columns);
        int missing = columns - Columns(skipped);
        // Half of a wide character that the edge cuts is a blank.
        return missing == 0 || skipped.Length == text.Length ? text[skipped.Length..] : $" {Skip(text[skipped.Length..], missing + 1)}";
    }

    /// <summary>With the ends kept and an ellipsis between them if it takes more columns than there are.</summary>
    public static string CutMiddle(string text, int columns)
    {
        int all = Columns(text);
        if (all <= columns)
            return text;
        if (columns < 3)
            return Start(text, Math.Max(0, columns));

        int head = (columns - 1) / 2;
        return $"{Start(text, head)}…{Skip(text, all - (columns - 1 - head))}";
    }

    // Marks stand over the letter before.
    private static bool TakesColumns(Rune rune) => rune.GetColumns() is 1 or 2 && Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.SpacingCombiningMark);
}
