namespace Fluke6.Command.Lab;

/// <summary>Which rules a lab runs when the user names none: the examples.</summary>
internal static class LabRules
{
    /// <summary>The folder for the user's own copies, under the current directory.</summary>
    public const string Folder = "lab-rules";

    // Removing what another example already strips would show nothing; to see it, copy it over and delete the other.
    private const string Alternative = "tcp-remove-sack-permitted.csx";

    /// <summary>The examples as they came with the command, in the order of their names.</summary>
    public static IReadOnlyList<string> Shipped =>
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "examples"), "*.csx")
            .Where(path => Path.GetFileName(path) != Alternative)
            .Order(StringComparer.Ordinal)];

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
