using System.Collections.Immutable;

namespace Fluke6.Engine;

/// <summary>
/// What a rule wants called when its work ends, and whether it is to be called now: once for each end, however late the bridge's thread
/// looks and whatever the rule was switched to meanwhile. Any thread.
/// </summary>
internal sealed class RuleExits
{
    private readonly Lock _lock = new();
    private ImmutableArray<Action> _actions = [];
    private bool _owed;    // the rule was on since the actions were called last
    private bool _due;     // and has been switched off since

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _actions.IsEmpty;
        }
    }

    /// <summary>Adds an action, to be called before those that are there.</summary>
    public void Add(Action action)
    {
        lock (_lock)
            _actions = _actions.Insert(0, action);
    }

    /// <summary>The rule came into the chain that runs, or was switched on or off there.</summary>
    /// <returns>Whether the actions are to be called now.</returns>
    public bool Follow(RuleEntry entry)
    {
        lock (_lock)
        {
            // On again before anybody looked, it was off nevertheless.
            if (entry.Disabled)
                _due = _owed;
            else
                _owed = true;
            return _due;
        }
    }

    /// <summary>Takes what is to be called, in this order; nothing if it was taken before.</summary>
    /// <param name="entry">The rule.</param>
    /// <param name="ends">Whether its work ends now in any case.</param>
    public ImmutableArray<Action> Take(RuleEntry entry, bool ends)
    {
        lock (_lock)
        {
            if (!_due && !(ends && _owed))
                return [];

            _due = false;
            _owed = !ends && !entry.Disabled;
            return _actions;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
            (_actions, _owed, _due) = ([], false, false);
    }
}
