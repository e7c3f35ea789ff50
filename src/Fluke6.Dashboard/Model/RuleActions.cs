using Fluke6.Engine;

namespace Fluke6.Dashboard.Model;

/// <summary>
/// Does to rules what the user asks for, one after the other and beside the screen: compiling takes its time. What an action starts from,
/// such as a rule's place, it reads when its turn comes: the screen may show what was before the action ahead of it.
/// </summary>
/// <param name="rules">The rules.</param>
/// <param name="chain">The chain as it is now.</param>
/// <param name="report">Told what came of it, on another thread.</param>
internal sealed class RuleActions(IRuleControl rules, Func<RuleChain> chain, Action<string> report)
{
    private Task _last = Task.CompletedTask;

    /// <summary>Loads a rule anew.</summary>
    public void Reload(string rule) => Do(() => rules.Reload(rule) ? Outcome(rule) : Missing(rule));

    /// <summary>Switches a rule off if it is on, and on if it is off.</summary>
    public void Toggle(string rule) => Do(() =>
    {
        RuleEntry? entry = chain().Entries.FirstOrDefault(entry => entry.Name == rule);
        if (entry is not { Disabled: var was } || !rules.SetDisabled(rule, !was))
            return Missing(rule);

        return $"{rule} is {(was ? "on" : "off: frames pass it by")}";
    });

    /// <summary>Moves a rule by so many places: down the chain, or up if negative.</summary>
    public void Move(string rule, int places) => Do(() =>
    {
        string[] names = [.. chain().Entries.Select(entry => entry.Name)];
        int from = Array.IndexOf(names, rule), to = from + places;
        if (from < 0)
            return Missing(rule);
        if (to < 0 || to >= names.Length)
            return $"{rule} is the {(places < 0 ? "first" : "last")} rule already";

        return rules.Move(rule, to) ? $"{rule} is number {to + 1} now, until the program ends" : Missing(rule);
    });

    private string Outcome(string rule) => rules.ProblemsOf(rule).FirstOrDefault(problem => problem.IsError) is { } problem
        ? $"{problem.File}({problem.Line},{problem.Column}): {problem.Message}"
        : $"{rule} was loaded anew";

    private static string Missing(string rule) => $"{rule} is gone";

    private void Do(Func<string> action) => _last = _last.ContinueWith(
        _ =>
        {
            try
            {
                report(action());
            }
            // The rule's loader is another part's code; what it throws is worth a line, not the screen.
            catch (Exception exception)
            {
                report($"did not work: {exception.Message}");
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.None,
        TaskScheduler.Default);
}
