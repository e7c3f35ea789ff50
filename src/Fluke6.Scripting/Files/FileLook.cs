using static Tmds.Linux.LibC;

namespace Fluke6.Scripting.Files;

/// <summary>The kernel's answer about a path.</summary>
/// <param name="Errno">Why there is none; 0 if there is.</param>
/// <param name="Status">The file's status.</param>
internal readonly record struct FileLook(int Errno, FileStatus Status)
{
    /// <summary>Of a file system that does not answer.</summary>
    public static FileLook Unanswered { get; } = new(ETIMEDOUT, default);

    /// <summary>Whether nothing stands there, and links lead nowhere.</summary>
    public bool IsNowhere => Errno == ENOENT || Errno == ELOOP;

    /// <summary>Whether something stands there that is no regular file.</summary>
    public bool IsNoFile => Errno == 0 && !Status.IsRegular;
}
