using Fluke6.Dashboard.Model;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;

namespace Fluke6.Dashboard.Views;

/// <summary>A part of the screen: a title over lines. It draws every cell of its own, so that nothing is cleared first and nothing flickers.</summary>
internal abstract class Pane : View
{
    /// <summary>A pane that keys can be sent to.</summary>
    protected Pane(ViewState state)
    {
        State = state;
        CanFocus = true;
    }

    /// <summary>How the user left the screen.</summary>
    protected ViewState State { get; }

    /// <summary>What stands in the title's line; null for a pane without one.</summary>
    protected abstract string? Heading { get; }

    /// <summary>Lines that fit under the title.</summary>
    protected int Rows => Math.Max(0, Viewport.Height - (Heading is null ? 0 : 1));

    /// <summary>Draws the lines under the title.</summary>
    /// <param name="top">The first one's row.</param>
    protected abstract void DrawLines(int top);

    /// <summary>Draws a line, cut or filled to the pane's width.</summary>
    protected void DrawLine(int row, IReadOnlyList<Piece> pieces, bool selected = false, int skip = 0)
    {
        int column = 0, width = Viewport.Width;
        Move(0, row);
        foreach (Piece piece in pieces)
        {
            string text = State.Show(piece.Text);
            if (skip >= text.Length)
            {
                skip -= text.Length;
                continue;
            }

            text = text[skip..];
            skip = 0;
            if (text.Length > width - column)
                text = width - column < 1 ? "" : $"{text[..(width - column - 1)]}…";
            SetAttribute(Palette.Of(piece.Ink, selected));
            AddStr(text);
            column += text.Length;
            if (column >= width)
                return;
        }

        SetAttribute(Palette.Of(Ink.Normal, selected));
        AddStr(new string(' ', width - column));
    }

    /// <inheritdoc/>
    protected override bool OnClearingViewport() => true;

    /// <inheritdoc/>
    protected override bool OnDrawingContent(DrawContext? context)
    {
        int top = 0;
        if (Heading is { } heading)
        {
            string mark = HasFocus ? "▶ " : "─ ";
            string rule = new('─', Math.Max(0, Viewport.Width - heading.Length - mark.Length - 1));
            DrawLine(0, [new Piece(mark, Ink.Mark), new Piece(heading, HasFocus ? Ink.Strong : Ink.Normal), new Piece($" {rule}", Ink.Dim)]);
            top = 1;
        }

        DrawLines(top);
        return true;
    }

    /// <inheritdoc/>
    protected override void OnHasFocusChanged(bool newHasFocus, View? previousFocusedView, View? focusedView) => SetNeedsDraw();

    /// <inheritdoc/>
    protected override bool OnMouseEvent(Mouse mouse)
    {
        if (mouse.Flags.HasFlag(MouseFlags.WheeledDown))
            return Scroll(3);
        if (mouse.Flags.HasFlag(MouseFlags.WheeledUp))
            return Scroll(-3);
        if (!mouse.IsSingleClicked && !mouse.IsDoubleClicked)
            return false;

        SetFocus();
        return Clicked((mouse.Position?.Y ?? 0) - 1, mouse.IsDoubleClicked);
    }

    /// <summary>Moves by some lines.</summary>
    protected virtual bool Scroll(int lines) => false;

    /// <summary>The mouse was clicked on a line under the title.</summary>
    protected virtual bool Clicked(int line, bool twice) => false;
}
