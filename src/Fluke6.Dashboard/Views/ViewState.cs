using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Views;

/// <summary>The log as it was.</summary>
/// <param name="Lines">Its lines.</param>
/// <param name="Count">How many there had been until then.</param>
internal sealed record HeldLog(IReadOnlyList<StyledLine> Lines, long Count);

/// <summary>How the user left the screen; outlives a visit to the editor or to a shell.</summary>
internal sealed class ViewState
{
    /// <summary>The snapshot that is shown while the view stands still; null while it follows the bridge.</summary>
    public BridgeSnapshot? Frozen { get; set; }

    /// <summary>The log's lines while the view stands still: those of the log itself are forgotten as others come.</summary>
    public HeldLog? HeldLog { get; set; }

    /// <summary>Whether addresses are hidden.</summary>
    public bool MaskAddresses { get; set; }

    /// <summary>Whether the guide was on the screen.</summary>
    public bool GuideWasShown { get; set; }

    /// <summary>A message for the user, at the next opportunity.</summary>
    public string? Message { get; set; }

    /// <summary>The rule that keys act on.</summary>
    public string? SelectedRule { get; set; }

    /// <summary>A text as the user wants to see it, and as the screen can take it.</summary>
    public string Show(string text) => ScreenText.Printable(MaskAddresses ? AddressMask.Hide(text) : text);

    /// <summary>
    /// A line that is to be broken: what is hidden is hidden first, since of an address that a line's end cuts in two neither half would
    /// look like one.
    /// </summary>
    public StyledLine Show(StyledLine line) => line with { Pieces = [.. line.Pieces.Select(piece => piece with { Text = Show(piece.Text) })] };
}
