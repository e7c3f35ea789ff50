namespace Fluke6;

/// <summary>Rules that do not compile, or whose top level throws.</summary>
/// <param name="messages">Each fault, with its file and line.</param>
public sealed class RuleException(IReadOnlyList<string> messages) : Exception(string.Join(Environment.NewLine, messages))
{
    /// <summary>Each fault, with its file and line.</summary>
    public IReadOnlyList<string> Messages { get; } = messages;
}
