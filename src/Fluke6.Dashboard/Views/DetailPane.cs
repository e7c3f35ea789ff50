using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Views;

/// <summary>All there is to say about one rule or one flow, or how to use the screen.</summary>
internal sealed class DetailPane(ViewState state) : TextPane(state)
{
    private IReadOnlyList<StyledLine> _lines = [];
    private IDetail? _detail;

    /// <inheritdoc/>
    protected override IReadOnlyList<StyledLine> Lines => _lines;

    /// <inheritdoc/>
    protected override string Heading => $"{_detail?.Title} (Esc closes{(First < LastFirst ? ", PgDn has more" : "")})";

    /// <summary>What is shown; null while the pane is closed.</summary>
    public IDetail? Detail
    {
        get => _detail;
        set
        {
            _detail = value;
            First = 0;
            Refresh();
        }
    }

    /// <summary>Shows what is true now.</summary>
    public void Refresh()
    {
        if (_detail is null)
            return;

        _lines = _detail.Lines();
        SetNeedsDraw();
    }
}
