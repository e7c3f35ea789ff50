using Fluke6.Dashboard.Model;

namespace Fluke6.Dashboard.Views;

/// <summary>Sorts and filters the flows.</summary>
internal sealed partial class DashboardWindow
{
    private void Sort(FlowColumn column) => Sort(() => _watch.Query.SortBy(column));

    private void Sort(Action change)
    {
        if (!_watch.KeepsFlows)
        {
            Say("flows are not kept: the bridge runs with --flows 0");
            return;
        }

        change();
        Say($"flows by {FlowsPane.Name(_watch.Query.Column)}, {(_watch.Query.Descending ? "the most first" : "the least first")}");
        Requery();
    }

    private void FilterFlows()
    {
        if (!_watch.KeepsFlows)
            Say("flows are not kept: the bridge runs with --flows 0");
        else
            _keys.Ask("/", _watch.Query.FilterText, Filter, otherwise: () => Filter(""));
    }

    private void Filter(string text)
    {
        try
        {
            _watch.Query.SetFilter(text, Shown);
            if (text.Length == 0)
                Say("all flows are shown");
            Requery();
        }
        catch (FormatException exception)
        {
            Say($"{exception.Message}{(_watch.Query.FilterText.Length > 0 ? "; the filter is as before" : "")}");
        }
    }

    // A view that stands still shows others of the flows that it stood still with.
    private void Requery()
    {
        if (_state.Frozen is null)
            _watch.Poll();
        ShowLatest();
    }
}
