using System.Drawing;
using Fluke6.Dashboard.Model;
using Terminal.Gui.Drawing;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Attribute = Terminal.Gui.Drawing.Attribute;

namespace Fluke6.Dashboard.Views;

/// <summary>
/// A part of the screen: a title over lines. It draws every cell of its own, so that nothing is cleared first and nothing flickers.
/// </summary>
internal abstract class Pane : View
{
    /// <summary>A pane that keys can be sent to.</summary>
    protected Pane(ViewState state)
    {
        State = state;
        CanFocus = true;
    }

    /// <summary>The user wants to see more of what is selected.</summary>
    public event Action? Opened;

    /// <summary>How the user left the screen.</summary>
    protected ViewState State { get; }

    /// <summary>The title.</summary>
    protected virtual string Heading => "";

    /// <summary>Whether there is a title's line.</summary>
    protected virtual bool HasTitle => true;

    /// <summary>Lines that fit under the title.</summary>
    protected int Rows => Math.Max(0, Viewport.Height - (HasTitle ? 1 : 0));

    /// <summary>Lines that there are.</summary>
    protected virtual int LineCount => 0;

    /// <summary>Whether something is selected of which there is more to see.</summary>
    protected virtual bool HasSelection => false;

    /// <summary>Draws the lines under the title.</summary>
    /// <param name="top">The first one's row.</param>
    protected abstract void DrawLines(int top);

    /// <summary>Draws a line, cut or filled to the pane's width.</summary>
    protected void DrawLine(int row, IReadOnlyList<Piece> pieces, bool selected = false, int skip = 0)
    {
        int column = 0, width = Viewport.Width;
        foreach (Piece piece in pieces)
        {
            string text = State.Show(piece.Text);
            int columns = ScreenText.Columns(text);
            if (skip >= columns)
            {
                skip -= columns;
                continue;
            }

            text = skip == 0 ? text : ScreenText.Skip(text, skip);
            skip = 0;
            if (ScreenText.Columns(text) > width - column)
                text = width - column < 1 ? "" : $"{ScreenText.Start(text, width - column - 1)}…";
            Draw(row, column, text, Palette.Of(piece.Ink, selected));
            column += ScreenText.Columns(text);
            if (column >= width)
                return;
        }

        Draw(row, column, new string(' ', width - column), Palette.Of(Ink.Normal, selected));
    }

    /// <inheritdoc/>
    protected override bool OnClearingViewport() => true;

    /// <inheritdoc/>
    protected override bool OnDrawingContent(DrawContext? context)
    {
        int top = 0;
        if (HasTitle)
        {
            string heading = Heading;
            string mark = HasFocus ? "▶ " : "─ ";
            string rule = new('─', Math.Max(0, Viewport.Width - ScreenText.Columns(State.Show(heading)) - mark.Length - 1));
            DrawLine(0, [new Piece(mark, Ink.Mark), new Piece(heading, HasFocus ? Ink.Strong : Ink.Normal), new Piece($" {rule}", Ink.Dim)]);
            top = 1;
        }

        DrawLines(top);
        return true;
    }

    /// <inheritdoc/>
    protected override bool OnKeyDown(Key key)
    {
        switch (key.KeyCode)
        {
            case KeyCode.CursorUp or KeyCode.K:
                return Step(-1);
            case KeyCode.CursorDown or KeyCode.J:
                return Step(1);
            case KeyCode.PageUp:
                return Step(-Math.Max(1, Rows - 1));
            case KeyCode.PageDown:
                return Step(Math.Max(1, Rows - 1));
            case KeyCode.Home:
                return Step(-LineCount);
            case KeyCode.End:
                return Step(LineCount);
            case KeyCode.Enter when HasSelection:
                Open();
                return true;
            default:
                return false;
        }
    }

    /// <summary>Shows more of what is selected.</summary>
    protected void Open() => Opened?.Invoke();

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
        Point at = mouse.Position ?? default;
        return Clicked(at.X, at.Y - 1, mouse.IsDoubleClicked);
    }

    // Sends the terminal only what is not there yet. The library would send every cell that is drawn, the same or not.
    private void Draw(int row, int column, string text, Attribute attribute)
    {
        SetAttribute(attribute);
        Point screen = ViewportToScreen(new Point(column, row));
        if (App?.Driver?.Contents is not { } cells || screen.Y < 0 || screen.Y >= cells.GetLength(0) || screen.X < 0
            || screen.X + text.Length > cells.GetLength(1) || ScreenText.Columns(text) != text.Length)
        {
            Move(column, row);
            AddStr(text);
            return;
        }

        // A character a cell, from here on.
        for (int i = 0; i < text.Length; i++)
        {
            int start = i;
            while (i < text.Length && !IsThere(cells[screen.Y, screen.X + i], text[i], attribute))
                i++;
            if (i == start)
                continue;

            Move(column + start, row);
            AddStr(text[start..i]);
        }
    }

    private static bool IsThere(Cell cell, char character, Attribute attribute) =>
        cell.Grapheme is [var there] && there == character && cell.Attribute == attribute;

    /// <summary>Moves by some lines, as the mouse's wheel does.</summary>
    protected virtual bool Scroll(int lines) => false;

    /// <summary>Moves by some lines, as keys do: with what is selected, if anything is.</summary>
    protected virtual bool Step(int lines) => Scroll(lines);

    /// <summary>The mouse was clicked on a line under the title.</summary>
    /// <param name="column">From 0.</param>
    /// <param name="line">From 0; -1 for the title.</param>
    /// <param name="twice">Whether it is the second click of two.</param>
    protected virtual bool Clicked(int column, int line, bool twice) => false;
}
