using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Views;

/// <summary>All there is to say about one rule or one flow, or how to use the screen.</summary>
internal sealed class DetailPane(ViewState state) : TextPane(state)
{
    private IReadOnlyList<StyledLine> _lines = [];
    private IReadOnlyList<StyledLine> _broken = [];
    private (int Width, bool Masked) _brokenFor;
    private IDetail? _detail;

    /// <inheritdoc/>
    protected override IReadOnlyList<StyledLine> Lines
    {
        get
        {
            if (_brokenFor != (Viewport.Width, State.MaskAddresses))
                Break();
            return _broken;
        }
    }

    /// <inheritdoc/>
    protected override string Heading => $"{_detail?.Title} (Esc closes{(First < LastFirst ? ", PgDn has more" : "")})";

    /// <summary>The detail that is shown; null while the pane is closed.</summary>
    public IDetail? Detail
    {
        get => _detail;
        set
        {
            _detail = value;
            _lines = [];
            ScrollToBeginning();
        }
    }

    /// <summary>Shows what was true at a moment.</summary>
    public void Show(BridgeSnapshot snapshot)
    {
        if (_detail is null)
            return;

        _lines = _detail.Lines(snapshot);
        Break();
        SetNeedsDraw();
    }

    private void Break()
    {
        _brokenFor = (Viewport.Width, State.MaskAddresses);
        _broken = [.. _lines.SelectMany(line => LineBreaks.Of(State.Show(line), Viewport.Width))];
    }
}
