using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Scripting.Native;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Scripting.Files;

/// <summary>
/// A folder of this user's own, with files that nobody else can have written. It is held open, and names are looked up in it: what was
/// checked is what is used, whatever is renamed meanwhile. Any thread may use it, and any number of processes at the same time.
/// </summary>
internal sealed unsafe class PrivateFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const ushort OwnerMayReadAndWrite = 0x180;    // 0600
    private const string Unfinished = ".tmp";
    private static int s_unfinished;

    private readonly string _path;
    private readonly SafeFileHandle _folder;

    private PrivateFolder(string path, SafeFileHandle folder)
    {
        _path = path;
        _folder = folder;
    }

    /// <summary>Opens a folder, and makes it if it is not there, for its owner alone.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="refusal">Why the folder is not taken although it is there, and what to type; null if that is not why.</param>
    /// <returns>Null if there is none that this user may use.</returns>
    public static PrivateFolder? Open(string path, out string? refusal)
    {
        refusal = null;
        SafeFileHandle? folder = null;
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            folder = OpenAt(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
        }
        // Somebody's home that is read-only, or not there.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }

        if (folder is null)
            return null;

        refusal = Refuse(path, PathWalk.StatusOf(folder));
        if (refusal is null)
            return new PrivateFolder(path, folder);

        folder.Dispose();
        return null;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="limit">How many bytes it may hold.</param>
    /// <returns>Null if it is not there, cannot be read, holds more, or may be another's.</returns>
    public byte[]? Read(string name, int limit)
    {
        try
        {
            using SafeFileHandle? file = OpenAt(Descriptor, name, O_RDONLY | O_NONBLOCK);
            if (file is null || PathWalk.StatusOf(file) is not { IsRegular: true } status || status.Length > limit || Refuse(name, status) is not null)
                return null;

            byte[] octets = new byte[status.Length];
            int length = 0;
            while (length < octets.Length && RandomAccess.Read(file, octets.AsSpan(length), length) is > 0 and var read)
                length += read;
            return length == octets.Length ? octets : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Writes a file, in place of one that has the name: whoever reads it finds all of either.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="octets">What it is to hold.</param>
    /// <returns>Whether it was written.</returns>
    public bool Write(string name, ReadOnlySpan<byte> octets)
    {
        string unfinished = $"{name}.{Environment.ProcessId}-{Interlocked.Increment(ref s_unfinished)}{Unfinished}";
        using SafeFileHandle? file = OpenAt(Descriptor, unfinished, O_WRONLY | O_CREAT | O_EXCL, OwnerMayReadAndWrite);
        if (file is null)
            return false;

        try
        {
            RandomAccess.Write(file, octets, 0);
            fixed (byte* from = Terminated(unfinished), to = Terminated(name))
            {
                if (Stdio.renameat(Descriptor, from, Descriptor, to) == 0)
                    return true;
            }
        }
        // The disk is full.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }

        Remove(unfinished);
        return false;
    }

    /// <summary>Says that a file was used: it is removed the later.</summary>
    public void Touch(string name)
    {
        fixed (byte* octets = Terminated(name))
            _ = utimensat(Descriptor, octets, null, AT_SYMLINK_NOFOLLOW);
    }

    /// <summary>
    /// Removes those files that were not used for the longest, unfinished ones among them, until the others hold no more than a limit.
    /// </summary>
    /// <param name="extension">How the names of files end that may be removed; whatever else is there is not this class's.</param>
    /// <param name="limit">In bytes.</param>
    public void Shrink(string extension, long limit)
    {
        var names = new List<string>();
        using (PathWalk walk = PathWalk.To(_path, FileTrust.Any))
        {
            // The folder may have been renamed, and another one be there now.
            if (walk.Trouble is not null || walk.IsMissing || !walk.Status.IsSame(PathWalk.StatusOf(_folder)))
                return;
            walk.ListNames(names);
        }

        (string Name, FileStatus Status)[] files =
        [
            .. names.Where(name => name.EndsWith(extension, StringComparison.Ordinal)
                || (name.EndsWith(Unfinished, StringComparison.Ordinal) && name.Contains(extension)))
                .Select(name => (name, PathWalk.Look(Descriptor, name, AT_SYMLINK_NOFOLLOW).Status))
                .OrderByDescending(file => file.Status.LastWrite),
        ];
        long length = 0;
        foreach ((string name, FileStatus status) in files)
        {
            length += status.Length;
            if (length > limit)
                Remove(name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private int Descriptor => (int)_folder.DangerousGetHandle();

    private static string? Refuse(string path, FileStatus status) =>
        status.Owner != geteuid() ? $"{path} belongs to user {status.Owner}"
        : status.IsWritableByAll || status.IsWritableByGroup ? $"others may write {path} (mode {status.Permissions}); type 'chmod go-w {path}'"
        : null;

    private void Remove(string name)
    {
        fixed (byte* octets = Terminated(name))
            _ = unlinkat(Descriptor, octets, 0);
    }

    private static SafeFileHandle? OpenAt(int folder, string name, int flags, ushort mode = 0)
    {
        fixed (byte* octets = Terminated(name))
        {
            int descriptor;
            do
                descriptor = openat(folder, octets, flags | O_NOFOLLOW | O_CLOEXEC, mode);
            while (descriptor < 0 && errno == EINTR);
            return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
        }
    }

    private static byte[] Terminated(string name) => Encoding.UTF8.GetBytes(name + '\0');
}
