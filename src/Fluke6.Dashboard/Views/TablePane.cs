using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Views;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Width">Its characters; 0 to share what the others leave.</param>
/// <param name="Cell">Its text in a row.</param>
/// <param name="RightAligned">Whether it holds numbers.</param>
/// <param name="FromWidth">How wide the pane must be for the column to appear.</param>
/// <param name="MaxWidth">How much of what the others leave it takes at the most; what is left over stays blank at the end of the rows.</param>
internal sealed record Column<TRow>(
    string Title, int Width, Func<TRow, Piece> Cell, bool RightAligned = false, int FromWidth = 0, int MaxWidth = int.MaxValue);

/// <summary>A table with one selected row, which stays selected wherever it moves.</summary>
internal abstract class TablePane<TRow>(ViewState state) : Pane(state)
{
    private const int MinSharedWidth = 10;
    private IReadOnlyList<TRow> _rows = [];
    private object? _selectedKey;
    private int _first;

    /// <summary>The selected row; default if the table is empty.</summary>
    public TRow? Selected => SelectedIndex < _rows.Count ? _rows[SelectedIndex] : default;

    /// <summary>Whether there is a row at all.</summary>
    public bool IsEmpty => _rows.Count == 0;

    /// <inheritdoc/>
    protected override int LineCount => _rows.Count;

    /// <inheritdoc/>
    protected override bool HasSelection => !IsEmpty;

    /// <summary>The selected row's place.</summary>
    protected int SelectedIndex { get; private set; }

    /// <summary>Rows below those that there is room for.</summary>
    protected int RowsBelow => Math.Max(0, _rows.Count - _first - Math.Max(1, Rows - 1));

    /// <summary>The columns, from left to right.</summary>
    protected abstract IReadOnlyList<Column<TRow>> Columns { get; }

    /// <summary>The text that stands there instead of rows.</summary>
    protected abstract string EmptyText { get; }

    /// <summary>The key by which a row is known again.</summary>
    protected abstract object KeyOf(TRow row);

    /// <summary>The column that the rows are sorted by; null if they stand in an order of their own.</summary>
    protected virtual Column<TRow>? SortedBy => null;

    /// <summary>Which way they are sorted, as a character.</summary>
    protected virtual char SortArrow => ' ';

    /// <summary>The mouse was clicked on a heading.</summary>
    protected abstract void ClickedHeading(Column<TRow> column);

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
    protected override bool Clicked(int column, int line, bool twice)
    {
        // The headings stand in the first line. A click of two sorts once.
        if (line == 0 && !twice)
            ClickedHeading(ColumnAt(column));
        if (line < 1 || _first + line - 1 >= _rows.Count)
            return true;

        Select(_first + line - 1);
        if (twice)
            Open();
        return true;
    }

    /// <inheritdoc/>
    protected override void DrawLines(int top)
    {
        List<(Column<TRow> Column, int Width)> columns = WidthsOfColumns();
        DrawLine(top, [.. columns.Select(column => Head(column))]);
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

    private Piece Head((Column<TRow> Column, int Width) column)
    {
        bool sorted = column.Column == SortedBy;
        string title = sorted ? $"{column.Column.Title}{SortArrow}" : column.Column.Title;
        return new Piece(Fit(column.Column, title, column.Width), sorted ? Ink.Strong : Ink.Dim);
    }

    private Column<TRow> ColumnAt(int x)
    {
        List<(Column<TRow> Column, int Width)> columns = WidthsOfColumns();
        int right = 0;
        return columns.FirstOrDefault(column => (right += column.Width) > x, columns[^1]).Column;
    }

    private static string Fit(Column<TRow> column, string text, int width)
    {
        text = ScreenText.CutMiddle(text, width - 1);
        string blanks = new(' ', width - 1 - ScreenText.Columns(text));
        return column.RightAligned ? $"{blanks}{text} " : $"{text}{blanks} ";
    }

    private List<(Column<TRow> Column, int Width)> WidthsOfColumns()
    {
        List<Column<TRow>> shown = [.. Columns.Where(column => Viewport.Width >= column.FromWidth)];
        int shares = shown.Count(column => column.Width == 0);
        int left = Viewport.Width - shown.Sum(column => column.Width);
        int share = shares == 0 ? 0 : Math.Max(MinSharedWidth, left / shares);
        return [.. shown.Select(column => (column, column.Width == 0 ? Math.Min(share, column.MaxWidth) : column.Width))];
    }
}
