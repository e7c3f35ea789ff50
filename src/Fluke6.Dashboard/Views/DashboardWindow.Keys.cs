using Fluke6.Captures;
using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Rules;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Views;

/// <summary>What keys do; what one cannot do now, it says.</summary>
internal sealed partial class DashboardWindow
{
    /// <inheritdoc/>
    protected override bool OnKeyDown(Key key)
    {
        // Terminals send Esc and Alt in the same way: who types fast after an Esc means both keys.
        if (key.IsAlt)
        {
            Act(Key.Esc);
            key = key.NoAlt;
        }

        // Whatever is not handled here would meet the library's own bindings, such as Esc for quit.
        Act(key);
        return true;
    }

    // Before any pane: a question has the whole keyboard, and Ctrl+C means the same everywhere.
    private void OnFirstSight(object? sender, Key key)
    {
        if (key.KeyCode is (KeyCode.C | KeyCode.CtrlMask))
            RequestStop();
        else if (_keys.Asks)
            _keys.Answer(key);
        else
            return;

        key.Handled = true;
    }

    private void Act(Key key)
    {
        switch (key.KeyCode)
        {
            case KeyCode.Tab:
                MoveFocus(1);
                break;
            case KeyCode.Tab | KeyCode.ShiftMask:
                MoveFocus(-1);
                break;
            case KeyCode.Esc when _detail.Visible:
                CloseDetail();
                break;
            case KeyCode.Esc when _watch.Query.FilterText.Length > 0:
                Filter("");
                break;
            case KeyCode.Esc:
                Say("nothing is open, and no filter is set; q quits");
                break;
            case KeyCode.Enter:
                Say(_log.HasFocus ? "a line of the log has no more to tell" : _detail.HasFocus ? "this is all; Esc closes it" : "nothing is selected");
                break;
            case KeyCode.Space:
                WithRule(rule => _actions.Toggle(rule.Name));
                break;
            case KeyCode.Z | KeyCode.CtrlMask:
                Say(BridgeWatch.SuspendText);
                break;
            default:
                Act((char)key.AsRune.Value);
                break;
        }
    }

    private void Act(char key)
    {
        switch (key)
        {
            case '+':
                WithRule(rule => Move(rule, -1));
                break;
            case '-':
                WithRule(rule => Move(rule, 1));
                break;
            case 'r':
                WithRule(rule => _actions.Reload(rule.Name));
                break;
            case 'e':
                WithRule(Edit);
                break;
            case 's':
                Sort(_watch.Query.SortByNext);
                break;
            case 'S':
                Sort(_watch.Query.Reverse);
                break;
            case '/':
                FilterFlows();
                break;
            case 'n':
                if (_watch.Bridge.Neighbors is { } neighbors)
                    Open(new NeighborDetail(neighbors));
                else
                    Say("neighbours are not kept: the bridge runs with --flows 0");
                break;
            case 'p':
                Pause();
                break;
            case 'c':
                ToggleCapture();
                break;
            case 'z':
                _watch.Zero();
                Say("counting from zero; the summary at the end still counts everything");
                break;
            case 'm':
                _state.MaskAddresses = !_state.MaskAddresses;
                ShowLatest();
                break;
            case '?' or 'h':
                Open(new HelpDetail(_watch.Options.Guide));
                break;
            case 'q':
                Quit();
                break;
            case > ' ':
                Say($"{key} does nothing; ? shows what the keys do");
                break;
        }
    }

    private void MoveFocus(int step)
    {
        Pane[] panes = [.. new Pane[] { _rules, _flows, _log, _detail }.Where(pane => pane.Visible)];
        int at = Array.IndexOf(panes, FocusedPane);
        panes[(at + step + panes.Length) % panes.Length].SetFocus();
    }

    // In the rules' pane and in the detail of a rule the keys mean that rule; elsewhere they would change what the user does not look at.
    private void WithRule(Action<RuleFigures> act)
    {
        RuleFigures? rule = _detail.Visible && _detail.Detail is RuleDetail detail ? Shown.Rules.FirstOrDefault(rule => rule.Name == detail.Name)
            : _rules.HasFocus ? _rules.Selected
            : null;
        if (rule is not null)
            act(rule);
        else
            Say(_rules.IsEmpty ? "there is no rule; start with -r PATH" : "this is for rules: Tab to theirs first");
    }

    private void Move(RuleFigures rule, int places)
    {
        _rules.Follow(rule.Name);
        _actions.Move(rule.Name, places);
    }

    private void Edit(RuleFigures rule)
    {
        if (_watch.Rules.PathOf(rule.Name) is not { } path)
        {
            Say($"{rule.Name} has no file any more");
            return;
        }

        FileToEdit = path;
        RequestStop();
    }

    private void Sort(FlowColumn column) => Sort(() => _watch.Query.SortBy(column));

    private void Sort(Action change)
    {
        if (_watch.Bridge.Flows is null)
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
        if (_watch.Bridge.Flows is null)
            Say("flows are not kept: the bridge runs with --flows 0");
        else
            _keys.Ask("/", _watch.Query.FilterText, Filter, otherwise: () => Filter(""));
    }

    private void Filter(string text)
    {
        try
        {
            _watch.Query.SetFilter(text);
            if (text.Length == 0)
                Say("all flows are shown");
            Requery();
        }
        catch (FormatException exception)
        {
            Say($"{exception.Message}{(_watch.Query.FilterText.Length > 0 ? "; the filter is as before" : "")}");
        }
    }

    // A view that stands still takes this one new look: the user asked for other flows.
    private void Requery()
    {
        _watch.Poll();
        if (_state.Frozen is { } frozen)
            _state.Frozen = frozen with { Flows = _watch.Latest.Flows };
        ShowLatest();
    }

    private void Pause()
    {
        _state.Frozen = _state.Frozen is null ? _watch.Latest : null;
        ShowLatest();
    }

    private void ToggleCapture()
    {
        if (_watch.Bridge.Capture is not null)
        {
            // A file may take its time to close; the screen does not stand still for it.
            Say("ending the capture");
            Task.Run(() =>
            {
                if (_watch.Bridge.StopCapture() is { } ended)
                    App?.Invoke(() => Tell($"capture ended: {CaptureFigures.Of(ended)} in {ended.Path}"));
            });
            return;
        }

        string path = CapturePath();
        try
        {
            _watch.Bridge.StartCapture(path, overwrite: false);
            Tell($"capturing to {path}; c ends it");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            Say($"cannot capture to {path}: {exception.Message}");
        }
    }

    // Of a file that this second named before nothing is lost.
    private static string CapturePath()
    {
        string name = $"fluke6-{DateTime.Now:yyyyMMdd-HHmmss}";
        string path = Path.GetFullPath($"{name}.pcapng");
        for (int number = 2; new FileInfo(path) is { Exists: true } or { LinkTarget: not null }; number++)
            path = Path.GetFullPath($"{name}-{number}.pcapng");
        return path;
    }

    private void Tell(string message)
    {
        _watch.Log.Add(message);
        Say(message);
    }

    private void Quit()
    {
        if (_watch.HasTraffic)
            _keys.Confirm(" Traffic flows, and stops with the bridge. Quit? y/n ", RequestStop);
        else
            RequestStop();
    }
}
