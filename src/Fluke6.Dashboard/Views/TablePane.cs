using Fluke6.Dashboard.Model;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Views;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Width">Its characters; 0 to share what the others leave.</param>
/// <param name="Cell">What stands in a row.</param>
/// <param name="RightAligned">Whether it holds numbers.</param>
/// <param name="FromWidth">How wide the pane must be for the column to appear.</param>
internal sealed record Column<TRow>(string Title, int Width, Func<TRow, Piece> Cell, bool RightAligned = false, int FromWidth = 0);

/// <summary>A table with one selected row, which stays selected wherever it moves.</summary>
internal abstract class TablePane<TRow>(ViewState state) : Pane(state)
{
    private const int MinSharedWidth = 10;
    private IReadOnlyList<TRow> _rows = [];
    private object? _selectedKey;
    private int _first;

    /// <summary>The user wants to see more of the selected row.</summary>
    public event Action? Opened;

    /// <summary>The selected row; default if the table is empty.</summary>
    public TRow? Selected => SelectedIndex < _rows.Count ? _rows[SelectedIndex] : default;

    /// <summary>Whether there is a row at all.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <summary>The selected row's place.</summary>
    protected int SelectedIndex { get; private set; }

    /// <summary>What is in the rows.</summary>
    protected abstract IReadOnlyList<Column<TRow>> Columns { get; }

    /// <summary>What to say instead of rows.</summary>
    protected abstract string EmptyText { get; }

    /// <summary>What makes a row the same one as before.</summary>
    protected abstract object KeyOf(TRow row);

    /// <summary>Shows these rows from now on.</summary>
    protected void Show(IReadOnlyList<TRow> rows)
    {
        _rows = rows;
        int found = -1;
        for (int i = 0; i < rows.Count && _selectedKey is not null && found < 0; i++)
            found = KeyOf(rows[i]).Equals(_selectedKey) ? i : -1;
        SelectedIndex = found >= 0 ? found : Math.Clamp(SelectedIndex, 0, Math.Max(0, rows.Count - 1));
        SetNeedsDraw();
    }

    /// <summary>Selects the row with a key, now or as soon as it is there.</summary>
    protected void SelectKey(object? key) => _selectedKey = key;

    /// <inheritdoc/>
    protected override bool Scroll(int lines)
    {
        Select(SelectedIndex + lines);
        return true;
    }

    /// <inheritdoc/>
    protected override bool Clicked(int line, bool twice)
    {
        // The headings stand in the first line.
        if (line < 1 || _first + line - 1 >= _rows.Count)
            return true;

        Select(_first + line - 1);
        if (twice)
            Opened?.Invoke();
        return true;
    }

    /// <inheritdoc/>
    protected override bool OnKeyDown(Key key)
    {
        switch (key.KeyCode)
        {
            case KeyCode.CursorUp or KeyCode.K:
                return Scroll(-1);
            case KeyCode.CursorDown or KeyCode.J:
                return Scroll(1);
            case KeyCode.PageUp:
                return Scroll(-Math.Max(1, Rows - 1));
            case KeyCode.PageDown:
                return Scroll(Math.Max(1, Rows - 1));
            case KeyCode.Home:
                return Scroll(-_rows.Count);
            case KeyCode.End:
                return Scroll(_rows.Count);
            case KeyCode.Enter when !IsEmpty:
                Opened?.Invoke();
                return true;
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    protected override void DrawLines(int top)
    {
        List<(Column<TRow> Column, int Width)> columns = WidthsOfColumns();
        DrawLine(top, [.. columns.Select(column => new Piece(Fit(column.Column, column.Column.Title, column.Width), Ink.Dim))]);
        int visible = Math.Max(1, Rows - 1);
        _first = Math.Clamp(_first, Math.Max(0, SelectedIndex - visible + 1), SelectedIndex);
        _first = Math.Clamp(_first, 0, Math.Max(0, _rows.Count - visible));
        for (int i = 0; i < Rows - 1; i++)
        {
            int index = _first + i;
            if (index >= _rows.Count)
                DrawLine(top + 1 + i, i == 0 && IsEmpty ? [new Piece($" {EmptyText}", Ink.Dim)] : []);
            else
                DrawLine(top + 1 + i, [.. columns.Select(column => Cell(column, _rows[index]))], index == SelectedIndex && HasFocus);
        }
    }

    private void Select(int index)
    {
        SelectedIndex = Math.Clamp(index, 0, Math.Max(0, _rows.Count - 1));
        _selectedKey = IsEmpty ? null : KeyOf(_rows[SelectedIndex]);
        SetNeedsDraw();
    }

    private Piece Cell((Column<TRow> Column, int Width) column, TRow row)
    {
        Piece piece = column.Column.Cell(row);
        return piece with { Text = Fit(column.Column, State.Show(piece.Text), column.Width) };
    }

    private static string Fit(Column<TRow> column, string text, int width)
    {
        text = Figures.CutMiddle(text, width - 1);
        return column.RightAligned ? $"{text.PadLeft(width - 1)} " : text.PadRight(width);
    }

    private List<(Column<TRow> Column, int Width)> WidthsOfColumns()
    {
        List<Column<TRow>> shown = [.. Columns.Where(column => Viewport.Width >= column.FromWidth)];
        int shares = shown.Count(column => column.Width == 0);
        int left = Viewport.Width - shown.Sum(column => column.Width);
        int share = shares == 0 ? 0 : Math.Max(MinSharedWidth, left / shares);
        return [.. shown.Select(column => (column, column.Width == 0 ? share : column.Width))];
    }
}
