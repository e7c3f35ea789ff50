using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Dashboard.Terminals;
using Fluke6.Snapshots;
using Terminal.Gui.Input;
using Terminal.Gui.ViewBase;
using Terminal.Gui.Views;

namespace Fluke6.Dashboard.Views;

/// <summary>The whole screen: its panes, where they are, and what stands in them. What keys do is in the other half.</summary>
internal sealed partial class DashboardWindow : Runnable
{
    // From here on the detail has the right half for itself; below, it covers the panes.
    private const int WideEnough = 150;
    private readonly BridgeWatch _watch;
    private readonly ViewState _state;
    private readonly TopPane _top;
    private readonly RulesPane _rules;
    private readonly FlowsPane _flows;
    private readonly LogPane _log;
    private readonly DetailPane _detail;
    private readonly BlankPane _gap;
    private readonly KeyBar _keys;
    private Pane _focusBeforeDetail;
    private int _arrangedRules;

    public DashboardWindow(BridgeWatch watch, ViewState state)
    {
        _watch = watch;
        _state = state;
        _top = new TopPane(state, watch) { Width = Dim.Fill(), Height = TopPane.Lines };
        _rules = new RulesPane(state) { Y = TopPane.Lines };
        _flows = new FlowsPane(state, watch);
        _log = new LogPane(state, watch.Log);
        _detail = new DetailPane(state) { Visible = false };
        _gap = new BlankPane(state);
        _keys = new KeyBar(state);
        _focusBeforeDetail = _rules;
        Border.Settings = default;
        BorderStyle = Terminal.Gui.Drawing.LineStyle.None;
        Add(_top, _rules, _flows, _log, _gap, _detail, _keys);
        _flows.Sorting += Sort;
        _rules.HeadingClicked += () => Say("rules stand in the chain's order; + and - move one");
        _rules.Opened += () => Open(new RuleDetail(_rules.Selected!.Name, _watch.KeepsFlows));
        _flows.Opened += () => Open(new FlowDetail(_flows.Selected!));
        _log.Opened += () => Open(new LogLineDetail(_log.Selected!));
        SubViewLayout += (_, _) => Arrange();
        Initialized += (_, _) => Begin();
    }

    /// <summary>The program that is to have the terminal next; null if the screen was closed for good.</summary>
    public TerminalProgram? Next { get; private set; }

    private BridgeSnapshot Shown => _state.Frozen ?? _watch.Latest;

    /// <summary>Shows what the last look at the bridge found, unless the view stands still.</summary>
    public void ShowLatest()
    {
        _keys.Forget();
        _keys.Keys = KeyTable.Bar(Viewport.Width, Offers);
        _keys.SetNeedsDraw();
        int rules = Shown.Rules.Count;
        _top.Show(Shown);
        _rules.Show(Shown);
        _flows.Show(Shown);
        _log.Show(Shown);
        _detail.Show(Shown);
        _watch.DetailWants = _detail.Detail?.Wants(Shown) ?? SnapshotRequest.FiguresAlone;
        if (rules != _arrangedRules)
            SetNeedsLayout();
    }

    /// <inheritdoc/>
    protected override bool OnClearingViewport() => true;

    private void Begin()
    {
        ListenToTheKeyboard();
        _watch.Poll();
        ShowLatest();
        _rules.SetFocus();
        if (_watch.Options.Guide.Count > 0 && !_state.GuideWasShown)
            Open(new GuideDetail(_watch.Options.Guide));
        _state.GuideWasShown = true;
        if (_state.Message is { } message)
            Say(message);
        _state.Message = null;
    }

    /// <summary>Gives every pane its place: the rules as many lines as they need, within reason, the log a quarter, the flows the rest.</summary>
    private void Arrange()
    {
        int width = Viewport.Width, bar = _keys.LinesAt(width), height = Math.Max(0, Viewport.Height - TopPane.Lines - bar);
        bool beside = _detail.Visible && width >= WideEnough;
        int left = beside ? width / 2 : width;
        _arrangedRules = Shown.Rules.Count;
        int rules = Math.Clamp(_arrangedRules + 2, 3, Math.Max(3, height * 2 / 5));
        int log = Math.Max(3, height / 4);
        int flows = Math.Max(0, height - rules - log);
        Place(_rules, 0, TopPane.Lines, left, rules);
        Place(_flows, 0, TopPane.Lines + rules, left, flows);
        Place(_log, 0, TopPane.Lines + rules + flows, left, log);
        Place(_keys, 0, Viewport.Height - bar, width, bar);
        Place(_detail, beside ? left + 1 : 0, TopPane.Lines, beside ? width - left - 1 : width, height);
        Place(_gap, left, TopPane.Lines, beside ? 1 : 0, height);
        _gap.Visible = beside;
        foreach (Pane pane in (Pane[])[_rules, _flows, _log])
            pane.Visible = beside || !_detail.Visible;
    }

    private static void Place(View view, int x, int y, int width, int height)
    {
        view.X = x;
        view.Y = y;
        view.Width = width;
        view.Height = height;
    }

    private void Open(IDetail detail)
    {
        if (!_detail.Visible)
            _focusBeforeDetail = FocusedPane;
        _detail.Detail = detail;
        _detail.Visible = true;
        _watch.DetailWants = detail.Wants(Shown);
        if (_state.Frozen is null)
            _watch.Poll();
        ShowLatest();
        Arrange();
        _detail.SetFocus();
        SetNeedsLayout();
        SetNeedsDraw();
    }

    private void CloseDetail()
    {
        _detail.Visible = false;
        _detail.Detail = null;
        Arrange();
        _focusBeforeDetail.SetFocus();
        SetNeedsLayout();
        SetNeedsDraw();
    }

    private Pane FocusedPane => _flows.HasFocus ? _flows : _log.HasFocus ? _log : _detail.HasFocus ? _detail : _rules;

    private void Say(string message) => _keys.Say(message);
}
