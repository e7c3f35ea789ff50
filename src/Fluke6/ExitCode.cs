namespace Fluke6.Command;

/// <summary>The command's exit status.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed while running.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>A rule does not compile at start, cannot be read, or may not be trusted.</summary>
    public const int RulesDoNotCompile = 3;

    /// <summary>Not allowed to.</summary>
    public const int NoPermission = 4;
}
