namespace Fluke6.Command.Lab;

/// <summary>Which rules a lab runs when the user names none: those examples that go together.</summary>
internal static class LabRules
{
    // Nobody but the user writes there, whatever the umask: others' rules are not run.
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode FolderMode = FileMode | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    // Each shows at these two hosts and takes nothing from the others. More examples are there to be named with -r.
    private static readonly string[] s_names =
    [
        "ndp-answer-solicitations", "ndp-rewrite-ra-prefix", "tcp-clamp-mss", "tcp-log-options", "tcp-strip-sack-permitted",
    ];

    /// <summary>
    /// The folder for the user's own copies: the user's, and not one that happens to be called so in the current directory, where anybody may
    /// have put it.
    /// </summary>
    public static string Folder { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "fluke6", "lab-rules");

    /// <summary>Those examples as they came with the command, in the order of their names.</summary>
    public static IReadOnlyList<string> Shipped =>
        [.. s_names.Select(name => Path.Combine(AppContext.BaseDirectory, "examples", $"{name}.csx"))];

    /// <summary>
    /// The same failure, and where the files are that it is about: their user may never have opened them, as after an update of the command.
    /// </summary>
    public static CommandFailure Explain(CommandFailure failure) => failure.ExitCode != ExitCode.RulesDoNotCompile ? failure
        : new CommandFailure(failure.ExitCode, [.. failure.Lines, $"the lab's rules are your copies in {Folder}: mend them there, or type "
            + $"'mv {Folder} {Folder}.old', and the next lab begins with this version's"]);

    /// <summary>A folder of copies to edit. One that is there already stays as the user left it.</summary>
    /// <exception cref="CommandFailure">It cannot be made.</exception>
    public static string CopyForEditing()
    {
        if (Directory.Exists(Folder))
            return Folder;

        try
        {
            Directory.CreateDirectory(Folder, FolderMode);
            foreach (string path in Shipped)
            {
                string copy = Path.Combine(Folder, Path.GetFileName(path));
                File.Copy(path, copy);
                File.SetUnixFileMode(copy, FileMode);
            }

            return Folder;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                ExitCode.Failed, $"cannot make the folder {Folder} ({exception.Message}); set XDG_DATA_HOME to a folder of yours, or name rules with -r");
        }
    }
}
