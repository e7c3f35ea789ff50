using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Views;

/// <summary>What happened. Follows its end until the user scrolls back, and again once the user is back at the end.</summary>
internal sealed class LogPane(ViewState state, EventLog log) : TextPane(state)
{
    private bool _scrolledBack;
    private long _forgotten;
    private long _lost;

    /// <inheritdoc/>
    protected override IReadOnlyList<StyledLine> Lines => log.Lines;

    /// <inheritdoc/>
    protected override string Heading =>
        "Log" + (_scrolledBack ? $", {LastFirst - First} lines further (End)"
            : State.Frozen is not null && First < LastFirst ? $", paused, {LastFirst - First} lines further"
            : "") + (_lost > 0 ? $", {_lost:N0} lines lost" : "");

    /// <summary>Shows what is new.</summary>
    public void Show(Snapshot snapshot)
    {
        _lost = snapshot.LostNotes;
        if (_scrolledBack)
            First -= (int)(log.Forgotten - _forgotten);
        else if (State.Frozen is null)
            First = LastFirst;
        _forgotten = log.Forgotten;
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
