namespace Fluke6.Dashboard.Views;

/// <summary>Nothing, in the terminal's own colours; what no pane draws has the library's.</summary>
internal sealed class BlankPane : Pane
{
    public BlankPane(ViewState state)
        : base(state) => CanFocus = false;

    /// <inheritdoc/>
    protected override bool HasTitle => false;

    /// <inheritdoc/>
    protected override void DrawLines(int top)
    {
        for (int row = 0; row < Rows; row++)
            DrawLine(row, []);
    }
}
