using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Scripting.Files;

/// <summary>A look at a file: what it holds, or why nobody knows.</summary>
/// <param name="Status">Of the file, when it was opened.</param>
/// <param name="Octets">All of it; null if it was not read.</param>
/// <param name="IsMissing">Whether its folder was looked into and lacks it.</param>
/// <param name="Trouble">Why it could not be read; null if it was, or is missing.</param>
internal sealed unsafe record FileContent(FileStatus Status, byte[]? Octets, bool IsMissing, string? Trouble)
{
    // A file that is replaced all the time.
    private const int MaxAttempts = 3;
    private const int FirstRead = 16 * 1024;

    /// <summary>Reads a regular file; anything else is refused without being opened, and a file that grows is read to its limit only.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="limit">How many octets it may hold.</param>
    /// <param name="trust">Whose files are taken.</param>
    public static FileContent Read(string path, int limit, FileTrust trust)
    {
        for (int attempt = 1; ; attempt++)
        {
            using PathWalk walk = PathWalk.To(path, trust);
            if (walk.IsMissing || walk.Trouble is not null)
                return new FileContent(default, null, walk.IsMissing, walk.Trouble);
            if (TryRead(walk, path, limit, attempt == MaxAttempts) is { } content)
                return content;
        }
    }

    /// <summary>Reads what a walk found.</summary>
    /// <returns>Null if the file was replaced in this moment.</returns>
    private static FileContent? TryRead(PathWalk walk, string path, int limit, bool last)
    {
        FileContent Fail(string trouble) => new(walk.Status, null, false, trouble);
        if (!walk.Status.IsRegular)
            return Fail($"{path} is {walk.Status.Kind}, not a file");
        if (walk.Status.Length > limit)
            return Fail(TooLarge(path, limit));

        using SafeFileHandle? handle = walk.OpenForReading(out int errno);
        FileStatus status = handle is null ? default : PathWalk.StatusOf(handle);
        if (!last && (errno is 0 ? !status.IsSame(walk.Status) : errno == ENOENT))
            return null;
        if (handle is null)
            return Fail($"{path}: {PathWalk.Describe(errno)}");
        if (!status.IsSame(walk.Status))
            return Fail($"{path} is being replaced all the time");

        byte[]? octets = ReadAll(handle, limit, out errno);
        if (errno != 0)
            return Fail($"{path}: {PathWalk.Describe(errno)}");
        return octets is null ? Fail(TooLarge(path, limit)) : new FileContent(status, octets, false, null);
    }

    private static string TooLarge(string path, int limit) => $"{path} has more than the {limit} bytes that are read";

    /// <summary>A file's octets; null if there are more than the limit.</summary>
    private static byte[]? ReadAll(SafeFileHandle handle, int limit, out int error)
    {
        error = 0;
        byte[] octets = new byte[Math.Min(FirstRead, limit + 1)];
        int length = 0;
        while (length <= limit)
        {
            if (length == octets.Length)
                Array.Resize(ref octets, Math.Min(2 * octets.Length, limit + 1));
            nint count;
            fixed (byte* free = &octets[length])
                count = (nint)read((int)handle.DangerousGetHandle(), free, octets.Length - length);
            if (count == 0)
                return octets[..length];
            if (count > 0)
                length += (int)count;
            else if (errno != EINTR)
            {
                error = errno;
                return null;
            }
        }

        return null;
    }
}
