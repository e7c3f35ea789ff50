using Fluke6.Dashboard.Model;
using Terminal.Gui.Drawing;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace Fluke6.Dashboard.Views;

/// <summary>
/// Colours on the terminal's own background: of its sixteen, those that a light one and a dark one both show. Nothing is said by colour
/// alone, so that <c>NO_COLOR</c> (no-color.org) takes nothing away.
/// </summary>
internal static class Palette
{
    private static readonly bool s_plain = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };

    /// <summary>How a piece of text is drawn.</summary>
    /// <param name="ink">The kind of text.</param>
    /// <param name="selected">Whether it is in the row that keys act on.</param>
    public static Attribute Of(Ink ink, bool selected = false)
    {
        (Color color, TextStyle style) = ink switch
        {
            Ink.Dim => (Color.None, TextStyle.Faint),
            Ink.Strong => (Color.None, TextStyle.Bold),
            Ink.Good => ((Color)ColorName16.Green, TextStyle.None),
            Ink.Warning => (ColorName16.Magenta, TextStyle.None),
            Ink.Bad => (ColorName16.Red, TextStyle.Bold),
            Ink.Mark => (ColorName16.Cyan, TextStyle.None),
            Ink.Keyword => (ColorName16.Blue, TextStyle.Bold),
            Ink.Literal => (ColorName16.Magenta, TextStyle.None),
            _ => (Color.None, TextStyle.None),
        };
        if (selected)
            return new Attribute(Color.None, Color.None, (style & ~TextStyle.Faint) | TextStyle.Reverse);

        return new Attribute(s_plain ? Color.None : color, Color.None, style);
    }
}
