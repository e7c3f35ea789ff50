namespace Fluke6.Command.Lab;

/// <summary>Which rules a lab runs when the user names none: those examples that go together.</summary>
internal static class LabRules
{
    /// <summary>The folder for the user's own copies, under the current directory.</summary>
    public const string Folder = "lab-rules";

    // Each shows at these two hosts and takes nothing from the others. More examples are there to be named with -r.
    private static readonly string[] s_names =
    [
        "ndp-answer-solicitations", "ndp-rewrite-ra-prefix", "tcp-clamp-mss", "tcp-log-options", "tcp-strip-sack-permitted",
    ];

    /// <summary>Those examples as they came with the command, in the order of their names.</summary>
    public static IReadOnlyList<string> Shipped =>
        [.. s_names.Select(name => Path.Combine(AppContext.BaseDirectory, "examples", $"{name}.csx"))];

    /// <summary>A folder of copies to edit. One that is there already stays as the user left it.</summary>
    /// <exception cref="CommandFailure">It cannot be made here.</exception>
    public static string CopyForEditing()
    {
        if (Directory.Exists(Folder))
            return Folder;

        try
        {
            Directory.CreateDirectory(Folder);
            foreach (string path in Shipped)
                File.Copy(path, Path.Combine(Folder, Path.GetFileName(path)));
            return Folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.Failed, $"cannot make the folder {Path.GetFullPath(Folder)} ({exception.Message}); go to one of yours, or name rules with -r");
        }
    }
}
