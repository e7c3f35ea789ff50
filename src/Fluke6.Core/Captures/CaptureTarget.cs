namespace Fluke6.Captures;

/// <summary>
/// Opens what a capture is written to: a file that only its owner reads, since it holds what others said, or a pipe. No symbolic link is
/// followed: in a folder that others may write to, it could lead to a file that they may not.
/// </summary>
internal static class CaptureTarget
{
    private const string Rule = ".csx", RuleTests = ".test";

    /// <summary>Opens a file, which is then empty, or a pipe, which takes until somebody reads it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="overwrite">Whether a file that is there already may be overwritten, which keeps its owner and mode.</param>
    /// <exception cref="IOException">It cannot be made, is there and is not to be overwritten, or is a link.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static FileStream Open(string path, bool overwrite)
    {
        try
        {
            // O_CREAT and O_EXCL: follows no link, not even one that leads nowhere.
            return Open(path, FileMode.CreateNew);
        }
        catch (IOException) when (overwrite && (Path.Exists(path) || IsLink(path)))
        {
            RefuseLink(path);
            FileStream file = Open(path, FileMode.Open);
            try
            {
                // It may have become one meanwhile. Until here nothing of what it led to has changed.
                RefuseLink(path);
                // A pipe has no length, and a device none to set.
                if (file.CanSeek && file.Length > 0)
                    file.SetLength(0);
                return file;
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
    }

    /// <summary>Opens a file that this program made before, to go on after its end; a new one if it is gone.</summary>
    /// <inheritdoc cref="Open(string, bool)"/>
    public static FileStream OpenAtEnd(string path)
    {
        if (!Path.Exists(path) && !IsLink(path))
            return Open(path, overwrite: false);

        RefuseLink(path);
        FileStream file = Open(path, FileMode.Open);
        try
        {
            RefuseLink(path);
            if (file.CanSeek)
                file.Seek(0, SeekOrigin.End);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        if (Path.GetExtension(path) is Rule or RuleTests)
            throw new IOException("a capture would overwrite that rule or its tests");

        // Unbuffered: what is written at once is one system call.
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;

    private static void RefuseLink(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        // The system's own, such as /dev/stdout.
        bool isSystems = folder is "/dev" or "/dev/fd" || folder.StartsWith("/proc/", StringComparison.Ordinal);
        if (!isSystems && IsLink(path))
            throw new IOException($"a capture follows no symbolic link, and that is one to {new FileInfo(path).LinkTarget}");
    }
}
