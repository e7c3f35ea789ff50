using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Dashboard.Terminals;
using Fluke6.Snapshots;
using Terminal.Gui.App;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Views;

/// <summary>Does what keys ask for; what one cannot do now, it says.</summary>
internal sealed partial class DashboardWindow
{
    /// <inheritdoc/>
    protected override bool OnKeyDown(Key key)
    {
        // Whatever is not handled here would meet the library's own bindings, such as Esc for quit.
        Act(key);
        return true;
    }

    private void ListenToTheKeyboard()
    {
        App!.Keyboard.KeyDown += OnFirstSight;
        App.Paste += OnPaste;
    }

    // Before any pane: a question has the whole keyboard, and Ctrl+C means the same everywhere.
    private void OnFirstSight(object? sender, Key key)
    {
        if (key.IsAlt)
            Press(Key.Esc, key.NoAlt);
        else if (KeyTable.CommandOf(key) == KeyCommand.QuitAtOnce)
            RequestStop();
        else if (_keys.Asks)
            _keys.Answer(key);
        else
            return;

        key.Handled = true;
    }

    // Terminals that tell Alt from Esc: to the user of the others it is the same.
    private void Press(params Key[] keys)
    {
        foreach (Key key in keys)
            App?.Keyboard.RaiseKeyDownEvent(new Key(key));
    }

    // Pasted text is never taken for commands.
    private void OnPaste(object? sender, PasteEventArgs paste)
    {
        paste.Handled = true;
        if (!_keys.Insert(paste.Text))
            Say("pasted text is for the filter: press / first");
    }

    private void Act(Key key)
    {
        switch (KeyTable.CommandOf(key))
        {
            case KeyCommand.NextPane:
                MoveFocus(1);
                break;
            case KeyCommand.PreviousPane:
                MoveFocus(-1);
                break;
            case KeyCommand.Close when _detail.Visible:
                CloseDetail();
                break;
            case KeyCommand.Close when _watch.Query.FilterText.Length > 0:
                Filter("");
                break;
            case KeyCommand.Close:
                Say("nothing is open, and no filter is set; q quits");
                break;
            case KeyCommand.Open:
                Say(_detail.HasFocus ? "this is all; Esc closes it" : "nothing is selected");
                break;
            case KeyCommand.ToggleRule:
                WithRule(rule => Do(WatcherCommand.Toggle, rule.Name));
                break;
            case KeyCommand.MoveRuleUp:
                WithRule(rule => Move(rule, -1));
                break;
            case KeyCommand.MoveRuleDown:
                WithRule(rule => Move(rule, 1));
                break;
            case KeyCommand.ReloadRule:
                WithRule(rule => Do(WatcherCommand.Reload, rule.Name));
                break;
            case KeyCommand.EditRule:
                WithRule(Edit);
                break;
            case KeyCommand.SortByNext:
                Sort(_watch.Query.SortByNext);
                break;
            case KeyCommand.ReverseSort:
                Sort(_watch.Query.Reverse);
                break;
            case KeyCommand.Filter:
                FilterFlows();
                break;
            case KeyCommand.Neighbors when _watch.KeepsFlows:
                Open(new NeighborDetail());
                break;
            case KeyCommand.Neighbors:
                Say("neighbours are not kept: the bridge runs with --flows 0");
                break;
            case KeyCommand.LeftShell when Shell(Side.Left) is { } shell:
                Leave(shell);
                break;
            case KeyCommand.RightShell when Shell(Side.Right) is { } shell:
                Leave(shell);
                break;
            case KeyCommand.Pause:
                Pause();
                break;
            case KeyCommand.Capture:
                ToggleCapture();
                break;
            case KeyCommand.Zero:
                Do(WatcherCommand.Zero);
                break;
            case KeyCommand.Mask:
                _state.MaskAddresses = !_state.MaskAddresses;
                ShowLatest();
                break;
            case KeyCommand.Redraw:
                App!.ClearScreenNextIteration = true;
                break;
            case KeyCommand.Suspend:
                Say(_watch.SuspendText);
                break;
            case KeyCommand.Help:
                Open(new HelpDetail(_watch.Options.Guide, Offers));
                break;
            case KeyCommand.Quit:
                Quit();
                break;
            default:
                Say($"{(key.IsCtrl || key.AsRune.Value <= ' ' ? $"{key}" : $"{key.AsRune}")} does nothing; ? shows what the keys do");
                break;
        }
    }

    // Where an end is not in a namespace of its own, there is no other host to have a shell in.
    private bool Offers(KeyCommand command) => command switch
    {
        KeyCommand.LeftShell => Shell(Side.Left) is not null,
        KeyCommand.RightShell => Shell(Side.Right) is not null,
        KeyCommand.ToggleRule or KeyCommand.MoveRuleUp or KeyCommand.MoveRuleDown or KeyCommand.ReloadRule or KeyCommand.EditRule or KeyCommand.Capture
            or KeyCommand.Zero => !_watch.Bridge.IsReadOnly,
        _ => true,
    };

    private TerminalProgram? Shell(Side side) =>
        (side == Side.Left ? _watch.Options.LeftShell : _watch.Options.RightShell) is { } command ? TerminalProgram.Shell(command) : null;

    private void Leave(TerminalProgram program)
    {
        Next = program;
        RequestStop();
    }

    private void MoveFocus(int step)
    {
        Pane[] panes = [.. new Pane[] { _rules, _flows, _log, _detail }.Where(pane => pane.Visible)];
        int at = Array.IndexOf(panes, FocusedPane);
        panes[(at + step + panes.Length) % panes.Length].SetFocus();
    }

    // In the rules' pane and in the detail of a rule the keys mean that rule; elsewhere they would change what the user does not look at.
    private void WithRule(Action<RuleRow> act)
    {
        RuleRow? rule = _detail.Visible && _detail.Detail is RuleDetail detail ? RuleRow.Of(Shown, detail.Name)
            : _rules.HasFocus ? _rules.Selected
            : null;
        if (rule is not null)
            act(rule);
        else
            Say(_rules.IsEmpty ? "there is no rule; start with -r PATH" : "this is for rules: Tab to theirs first");
    }

    private void Move(RuleRow rule, int places)
    {
        _rules.Follow(rule.Name);
        Do(WatcherCommand.Move, rule.Name, places);
    }

    private void Edit(RuleRow rule)
    {
        if (_watch.Bridge.IsReadOnly)
            Say("this view changes nothing: it was opened with --read-only");
        else if (rule.Rule.Path is not { } path)
            Say($"{rule.Name} has no file any more");
        else
            Leave(TerminalProgram.Editor(path));
    }

    private void Pause()
    {
        if (_state.Frozen is not null)
        {
            _state.Frozen = null;
            ShowLatest();
            return;
        }

        BridgeSnapshot seen = _watch.Latest;
        Task<BridgeSnapshot> all = _watch.TakeAll();
        _state.Frozen = all.IsCompletedSuccessfully ? all.Result : seen;
        ShowLatest();
        if (all.IsCompleted)
            return;

        // From afar, what details show comes a moment later than what was on the screen.
        all.ContinueWith(
            done => App?.Invoke(() =>
            {
                if (_state.Frozen == seen && done.IsCompletedSuccessfully)
                    _state.Frozen = done.Result;
            }),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void Quit()
    {
        if (_watch.Bridge.EndsWithWatcher && _watch.HasTraffic)
            _keys.Confirm(" Traffic flows, and stops with the bridge. Quit? y/n ", RequestStop);
        else
            RequestStop();
    }
}
