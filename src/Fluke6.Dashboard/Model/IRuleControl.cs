namespace Fluke6.Dashboard.Model;

/// <summary>
/// The dashboard's questions and requests to whoever loads the rules, from any thread. Questions are answered at once, whatever is being
/// loaded: the screen stands still meanwhile. Requests may take their time; the dashboard has a thread of its own wait for them.
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
}

/// <summary>Something wrong with a rule's file.</summary>
/// <param name="File">The file, relative to the rule's folder: the rule's own, or one that it loads.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="IsError">Whether the rule cannot run because of it.</param>
/// <param name="Message">Number and sentence, such as <c>CS1002: ; expected</c>.</param>
internal sealed record RuleProblem(string File, int Line, int Column, bool IsError, string Message);
