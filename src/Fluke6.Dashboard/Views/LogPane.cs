using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Views;

/// <summary>
/// What happened. Follows its end until the user scrolls back, and again once the user is back at the end. While the view stands still, it
/// shows what there was until then.
/// </summary>
internal sealed class LogPane(ViewState state, EventLog log) : TextPane(state)
{
    private bool _scrolledBack;
    private long _forgotten;
    private long _lost;

    /// <inheritdoc/>
    protected override IReadOnlyList<StyledLine> Lines => State.HeldLog?.Lines ?? log.Lines;

    /// <inheritdoc/>
    protected override string Heading =>
        "Log" + (State.HeldLog is { } held ? $", paused, {log.Count - held.Count:N0} lines since" : "")
        + (_scrolledBack ? $", {LastFirst - First:N0} lines further (End)" : "")
        + (_lost > 0 ? $", {_lost:N0} lines lost" : "");

    /// <summary>Shows what is new.</summary>
    public void Show(Snapshot snapshot)
    {
        _lost = snapshot.LostNotes;
        if (State.Frozen is not null)
        {
            State.HeldLog ??= new HeldLog([.. log.Lines], log.Count);
        }
        else
        {
            State.HeldLog = null;
            // The lines that the user looks at moved, or are gone.
            if (_scrolledBack)
                First = (int)Math.Max(0, First - (log.Forgotten - _forgotten));
            _forgotten = log.Forgotten;
        }

        if (!_scrolledBack)
            First = LastFirst;
        SetNeedsDraw();
    }

    /// <inheritdoc/>
    protected override bool Scroll(int lines)
    {
        base.Scroll(lines);
        _scrolledBack = First < LastFirst;
        return true;
    }
}
