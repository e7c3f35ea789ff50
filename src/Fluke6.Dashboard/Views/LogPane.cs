using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Views;

/// <summary>
/// What happened, in as many lines as it needs. Follows its end until the user scrolls back, and again once the user is back at the end.
/// While the view stands still, it shows what there was until then.
/// </summary>
internal sealed class LogPane(ViewState state, EventLog log) : TextPane(state)
{
    // Lines as broken for the pane's width, each with the number of the log's line that it is of, counted from the program's start.
    private readonly List<StyledLine> _broken = [];
    private readonly List<long> _numbers = [];
    private (int Width, bool Masked) _brokenFor;
    private bool _scrolledBack;
    private long _lost;

    /// <inheritdoc/>
    protected override IReadOnlyList<StyledLine> Lines
    {
        get
        {
            if (_brokenFor != (Viewport.Width, State.MaskAddresses))
                BreakAnew();
            return _broken;
        }
    }

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
            State.HeldLog ??= new HeldLog([.. log.Lines], log.Count);
        else
            State.HeldLog = null;
        TakeOver();
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

    // Drops what the log forgot and adds what is new. The lines that the user looks at move with those before them.
    private void TakeOver()
    {
        (IReadOnlyList<StyledLine> lines, long count) = State.HeldLog is { } held ? (held.Lines, held.Count) : (log.Lines, log.Count);
        long first = count - lines.Count;
        int gone = _numbers.FindIndex(number => number >= first);
        if (gone < 0)
            gone = _numbers.Count;
        _numbers.RemoveRange(0, gone);
        _broken.RemoveRange(0, gone);
        First = Math.Max(0, First - gone);
        long next = _numbers.Count == 0 ? first : _numbers[^1] + 1;
        for (; next < count; next++)
        {
            foreach (StyledLine line in LineBreaks.Of(State.Show(lines[(int)(next - first)]), Viewport.Width))
            {
                _broken.Add(line);
                _numbers.Add(next);
            }
        }
    }

    private void BreakAnew()
    {
        _brokenFor = (Viewport.Width, State.MaskAddresses);
        long at = First < _numbers.Count ? _numbers[First] : 0;
        _broken.Clear();
        _numbers.Clear();
        TakeOver();
        First = _scrolledBack ? Math.Max(0, _numbers.FindIndex(number => number >= at)) : Math.Max(0, _broken.Count - Rows);
    }
}
