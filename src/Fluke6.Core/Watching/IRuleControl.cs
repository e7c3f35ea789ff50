using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>
/// A watcher's questions and requests to whoever loads the rules, from any thread. Questions are answered at once, without a lock, whatever is being
/// loaded. Requests may take their time.
/// </summary>
internal interface IRuleControl
{
    /// <summary>The rule's file; null if there is no such rule.</summary>
    string? PathOf(string rule);

    /// <summary>The problems of the rule's file now; empty if there are none.</summary>
    IReadOnlyList<RuleProblem> ProblemsOf(string rule);

    /// <summary>Loads a rule anew, whether or not its file changed.</summary>
    /// <returns>False if there is no such rule.</returns>
    bool Reload(string rule);

    /// <summary>Switches a rule off or on.</summary>
    /// <returns>False if there is no such rule.</returns>
    bool SetDisabled(string rule, bool disabled);

    /// <summary>Moves a rule in the chain.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="position">From 0.</param>
    /// <returns>False if there is no such rule.</returns>
    bool Move(string rule, int position);

    /// <summary>Gives a rule's parameter another value, and loads the rule anew with it.</summary>
    /// <returns>Why that does not work, in a line: everything is then as before. Null if it did.</returns>
    string? SetParameter(string rule, string name, string value);
}
