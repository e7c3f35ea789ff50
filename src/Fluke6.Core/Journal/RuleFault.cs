namespace Fluke6.Journal;

/// <summary>A failure of a rule.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Message">The exception's type and message, or that the rule did not return.</param>
/// <param name="At">File and line in the script, such as <c>10-x.csx:4</c>; null if not known.</param>
/// <param name="Bypassed">Whether the rule was taken out because of it.</param>
internal sealed record RuleFault(string Rule, string Message, string? At, bool Bypassed)
{
    /// <summary>The extension of rule scripts.</summary>
    public const string ScriptExtension = ".csx";
}
