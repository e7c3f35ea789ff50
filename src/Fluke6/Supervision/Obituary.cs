using Fluke6.Engine;
using Fluke6.Linux;

namespace Fluke6.Command.Supervision;

/// <summary>How a bridge's process ended, for a line that names the rule.</summary>
/// <param name="Rule">The rule that it ended in; null if it is not known.</param>
/// <param name="Sentence">What happened, without a full stop.</param>
internal sealed record Obituary(string? Rule, string Sentence)
{
    private const string Kill = "SIGKILL";
    private const string Causes = "a stack overflow, Environment.FailFast, a wild pointer, memory that ran out or kill -9";

    /// <summary>The line that the rule was at, such as <c>10-x.csx:4</c>; null if it is not known.</summary>
    public string? At { get; private init; }

    /// <summary>The rule that was at work when somebody killed the process, its line with it; null if nobody did or none was.</summary>
    public (string Rule, string? At)? Suspect { get; init; }

    /// <summary>The rules that left threads behind which alone ended the process; empty if something else did.</summary>
    public IReadOnlyList<string> LeftBehindBy { get; private init; } = [];

    /// <summary>Tells of a process whose end nobody could wait for.</summary>
    public static Obituary Of(SharedPage page) => Of(page.Record, page.Ending == Ending.Exit
        ? $"Environment.Exit({page.ExitStatus}) ended the bridge"
        : $"the bridge was ended by {Causes}");

    /// <summary>Tells of a process whose end was waited for.</summary>
    /// <param name="page">What it left.</param>
    /// <param name="status">How it ended.</param>
    /// <param name="outOfMemory">Whether memory ran out meanwhile.</param>
    public static Obituary Of(SharedPage page, ChildStatus status, bool outOfMemory)
    {
        // On purpose: the rule that is at work just then has no part in it.
        if (status.SignalName.Length == 0 && page.Ending == Ending.Relieved)
        {
            IReadOnlyList<string> rules = page.LeftBehindBy;
            return new Obituary(null, $"the bridge was restarted, which alone ends the threads that rules left behind ({string.Join(", ", rules)})") { LeftBehindBy = rules };
        }

        Obituary obituary = Of(page.Record, (status.SignalName, page.Ending) switch
        {
            (Kill, _) => $"the bridge was ended by {Kill} ({(outOfMemory ? "memory ran out" : "kill -9")})",
            ({ Length: > 0 } signal, _) => $"the bridge was ended by {signal}{CausesOf(signal)}",
            (_, Ending.Exit) => $"Environment.Exit({status.ExitStatus}) ended the bridge",
            _ => $"the bridge ended with status {status.ExitStatus}",
        });
        if (status.SignalName != Kill || outOfMemory)
            return obituary;

        // Whoever kills it does not look which rule is at work.
        return obituary with { Rule = null, At = null, Suspect = obituary.Rule is { } rule ? (rule, obituary.At) : null };
    }

    private static Obituary Of(CrashRecord record, string what) => (record.RunningRules, record.RuleBeingLoaded) switch
    {
        ([], { } loaded) => new Obituary(loaded.Name, $"rule {loaded.Name}, while it was being loaded: {what}{Line(loaded)}") { At = loaded.At },
        ([var rule, ..], null) => new Obituary(rule.Name, $"rule {rule.Name}: {what}{Line(rule)}") { At = rule.At },
        ([var rule, ..], { } loaded) => new Obituary(null, $"rule {rule.Name}, or rule {loaded.Name}, which was being loaded: {what}"),
        ([], null) => new Obituary(null, $"no rule was at work, unless on a thread of its own: {what}"),
    };

    private static string Line(RuleAtWork rule) => rule.At is null ? "" : $", at {rule.At}";

    private static string CausesOf(string signal) => signal switch
    {
        "SIGABRT" => " (a stack overflow, Environment.FailFast or a wild pointer)",
        "SIGSEGV" or "SIGBUS" or "SIGILL" or "SIGFPE" => " (a wild pointer, or a fault of the runtime)",
        _ => "",
    };
}
