namespace Fluke6.Dashboard.Model;

/// <summary>Does to rules what the user asks for, one after the other and beside the screen: compiling takes its time.</summary>
/// <param name="rules">The rules.</param>
/// <param name="report">Told what came of it, on another thread.</param>
internal sealed class RuleActions(IRuleControl rules, Action<string> report)
{
    private Task _last = Task.CompletedTask;

    /// <summary>Loads a rule anew.</summary>
    public void Reload(string rule) => Do(() => rules.Reload(rule) ? Outcome(rule) : Missing(rule));

    /// <summary>Switches a rule off or on.</summary>
    public void SetDisabled(string rule, bool disabled) =>
        Do(() => !rules.SetDisabled(rule, disabled) ? Missing(rule) : $"{rule} is {(disabled ? "off: frames pass it by" : "on")}");

    /// <summary>Moves a rule.</summary>
    public void Move(string rule, int position) =>
        Do(() => rules.Move(rule, position) ? $"{rule} is number {position + 1} now, until the program ends" : Missing(rule));

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
