namespace Fluke6.Command;

/// <summary>Ends the command with an exit status and lines on standard error that say what to do.</summary>
internal sealed class CommandFailure(int exitCode, params IReadOnlyList<string> lines) : Exception(string.Join('\n', lines))
{
    /// <summary>One of <see cref="Command.ExitCode"/>.</summary>
    public int ExitCode => exitCode;

    /// <summary>Whether the same command may do better if it is started again.</summary>
    public bool MayPass { get; init; }

    /// <summary>The rules that left threads behind, if nothing else is wrong: those end with the process.</summary>
    public IReadOnlyList<string> LeftBehindBy { get; init; } = [];

    /// <summary>The lines to say; usually one.</summary>
    public IReadOnlyList<string> Lines => lines;
}
