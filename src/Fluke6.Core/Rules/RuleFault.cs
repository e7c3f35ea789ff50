namespace Fluke6.Rules;

/// <summary>What went wrong in a rule.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Message">The exception's type and message, or that the rule did not return.</param>
/// <param name="At">File and line in the script, such as <c>10-x.csx:4</c>; null if not known.</param>
/// <param name="Bypassed">Whether the rule was taken out because of it.</param>
public sealed record RuleFault(string Rule, string Message, string? At, bool Bypassed)
{
    /// <summary>The extension of rule scripts.</summary>
    public const string ScriptExtension = ".csx";

    /// <summary>Describes an exception by its innermost line of script.</summary>
    /// <param name="rule">The rule's name.</param>
    /// <param name="exception">One that was just caught.</param>
    /// <param name="message">As <see cref="ExceptionText"/> has it.</param>
    /// <param name="bypassed">Whether the rule was taken out because of it.</param>
    /// <param name="position">The rule's; null if not known: the line is then the stack trace's, which may be wrong.</param>
    internal static RuleFault From(string rule, Exception exception, string message, bool bypassed, ScriptPosition? position) =>
        new(rule, message, ScriptPosition.Locate(exception, position)?.ToString(), bypassed);
}
