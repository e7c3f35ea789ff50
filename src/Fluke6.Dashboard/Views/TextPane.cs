using Fluke6.Dashboard.Model;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Views;

/// <summary>Lines of text that scroll both ways.</summary>
internal abstract class TextPane(ViewState state) : Pane(state)
{
    private const int SidewaysStep = 8;
    private int _skip;

    /// <summary>The lines.</summary>
    protected abstract IReadOnlyList<StyledLine> Lines { get; }

    /// <inheritdoc/>
    protected override int LineCount => Lines.Count;

    /// <summary>The first line that is shown.</summary>
    protected int First { get; set; }

    /// <summary>The first line when the end is shown.</summary>
    protected int LastFirst => Math.Max(0, Lines.Count - Rows);

    /// <summary>Shows what it shows from its first line and column on.</summary>
    protected void ScrollToBeginning() => First = _skip = 0;

    /// <inheritdoc/>
    protected override bool Scroll(int lines)
    {
        First = Math.Clamp(First + lines, 0, LastFirst);
        SetNeedsDraw();
        return true;
    }

    /// <inheritdoc/>
    protected override bool OnKeyDown(Key key)
    {
        switch (key.KeyCode)
        {
            case KeyCode.CursorLeft:
                return Sideways(-SidewaysStep);
            case KeyCode.CursorRight:
                return Sideways(SidewaysStep);
            default:
                return base.OnKeyDown(key);
        }
    }

    /// <inheritdoc/>
    protected override void DrawLines(int top)
    {
        IReadOnlyList<StyledLine> lines = Lines;
        First = Math.Clamp(First, 0, LastFirst);
        // The lines may have become shorter, or the pane wider.
        if (_skip > 0)
            _skip = Math.Min(_skip, MostSkip);
        for (int i = 0; i < Rows; i++)
            DrawLine(top + i, First + i < lines.Count ? lines[First + i].Pieces : [], IsSelected(First + i), _skip);
    }

    /// <summary>Whether a line is marked as the one that keys mean.</summary>
    protected virtual bool IsSelected(int line) => false;

    // With it the longest line's end stands at the right edge.
    private int MostSkip => Math.Max(0, Lines.Select(Columns).DefaultIfEmpty().Max() - Viewport.Width);

    private int Columns(StyledLine line) => line.Pieces.Sum(piece => ScreenText.Columns(State.Show(piece.Text)));

    private bool Sideways(int columns)
    {
        _skip = Math.Clamp(_skip + columns, 0, MostSkip);
        SetNeedsDraw();
        return true;
    }
}
