using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Views;

/// <summary>
/// The log, each line of it in as many lines as it needs. Follows its end until the user goes back, and again once the user is at the end.
/// While the view stands still, it shows what there was until then.
/// </summary>
internal sealed class LogPane(ViewState state, LogLines log) : TextPane(state)
{
    // Lines as broken for a width, each with the number of the log's line that it is of, counted from the program's start. The pane may have
    // another width by now: whoever reads them does so by Lines and Numbers, which break them anew.
    private readonly List<StyledLine> _broken = [];
    private readonly List<long> _numbers = [];
    private (int Width, bool Masked) _brokenFor;
    // The log's line that keys mean; null for the last one, whichever that is.
    private long? _selected;
    private bool _wentBack;
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
        + (First < LastFirst ? $", {LastFirst - First:N0} lines further (End)" : "")
        + (_lost > 0 ? $", {_lost:N0} lines lost" : "");

    /// <summary>The log's line that is selected; null if there is none.</summary>
    public StyledLine? Selected
    {
        get
        {
            (IReadOnlyList<StyledLine> lines, long first) = Kept;
            return lines.Count == 0 ? null : lines[(int)Math.Clamp((_selected ?? long.MaxValue) - first, 0, lines.Count - 1)];
        }
    }

    /// <inheritdoc/>
    protected override bool HasSelection => Numbers.Count > 0;

    private List<long> Numbers
    {
        get
        {
            _ = Lines;
            return _numbers;
        }
    }

    // The lines that there are to see, and the number of the first.
    private (IReadOnlyList<StyledLine> Lines, long First) Kept =>
        State.HeldLog is { } held ? (held.Lines, held.Count - held.Lines.Count) : (log.Lines, log.Forgotten);

    private long SelectedNumber => _selected is { } number ? Math.Max(number, Numbers[0]) : Numbers[^1];

    /// <summary>Shows what is new.</summary>
    public void Show(BridgeSnapshot snapshot)
    {
        _lost = snapshot.NotesLost + log.Missing;
        if (State.Frozen is not null)
            State.HeldLog ??= new HeldLog([.. log.Lines], log.Count);
        else
            State.HeldLog = null;
        TakeOver();
        if (!_wentBack)
            First = LastFirst;
        SetNeedsDraw();
    }

    /// <inheritdoc/>
    protected override bool Scroll(int lines)
    {
        base.Scroll(lines);
        // The selected line stays in sight.
        if (HasSelection && First < LastFirst)
            Select(Math.Clamp(SelectedNumber, Numbers[First], Numbers[Math.Min(First + Math.Max(1, Rows), Numbers.Count) - 1]));
        else
            Select(null);
        return true;
    }

    /// <inheritdoc/>
    protected override bool Step(int lines)
    {
        if (!HasSelection)
            return true;

        long number = SelectedNumber;
        int row = lines < 0 ? Numbers.IndexOf(number) : Numbers.LastIndexOf(number);
        number = Numbers[Math.Clamp(row + lines, 0, Numbers.Count - 1)];
        // All of it is in sight, or as much of its beginning as there is room for.
        First = Math.Clamp(First, Math.Max(0, Numbers.LastIndexOf(number) + 1 - Rows), LastFirst);
        First = Math.Min(First, Numbers.IndexOf(number));
        Select(number == Numbers[^1] ? null : number);
        return true;
    }

    /// <inheritdoc/>
    protected override bool Clicked(int column, int line, bool twice)
    {
        if (line < 0 || First + line >= Numbers.Count)
            return true;

        long number = Numbers[First + line];
        Select(number == Numbers[^1] ? null : number);
        if (twice)
            Open();
        return true;
    }

    /// <inheritdoc/>
    protected override bool IsSelected(int line) => HasFocus && line < Numbers.Count && Numbers[line] == SelectedNumber;

    private void Select(long? number)
    {
        _selected = number;
        _wentBack = number is not null || First < LastFirst;
        SetNeedsDraw();
    }

    // Drops what the log forgot and adds what is new. The lines that the user looks at move with those before them.
    private void TakeOver()
    {
        (IReadOnlyList<StyledLine> lines, long first) = Kept;
        long count = first + lines.Count;
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
        First = _wentBack ? Math.Max(0, _numbers.FindIndex(number => number >= at)) : Math.Max(0, _broken.Count - Rows);
    }
}
