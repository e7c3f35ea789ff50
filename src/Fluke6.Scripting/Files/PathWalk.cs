using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Scripting.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Scripting.Files;

/// <summary>
/// The way from the root to a file, one name after the other, each looked up in a folder that is held open: what was checked is what is
/// opened, whatever is renamed meanwhile. Nothing is opened but looked at (O_PATH), so a FIFO or a device on the way does not notice.
/// </summary>
internal sealed unsafe class PathWalk : IDisposable
{
    // As many links as the kernel itself follows. path_resolution(7).
    private const int MaxLinks = 40;

    private readonly List<PathStep> _steps = [];
    private readonly FileTrust _trust;
    private SafeFileHandle _folder;
    private SafeFileHandle? _file;
    private string _folderPath = "/";
    private string _name = ".";
    private string? _link;
    private int _links;

    private PathWalk(string path, FileTrust trust)
    {
        _trust = trust;
        _folder = OpenRoot();
        Follow(path);
    }

    /// <summary>Every name that was looked up.</summary>
    public IReadOnlyList<PathStep> Steps => _steps;

    /// <summary>Why there is no way to the file; null if there is one, or if only the last folder lacks it.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whether the last folder was looked into and lacks the file.</summary>
    public bool IsMissing { get; private set; }

    /// <summary>Whether a folder on the way is missing.</summary>
    public bool LacksFolder { get; private set; }

    /// <summary>The status of the file at the end; nothing useful if there is trouble or it is missing.</summary>
    public FileStatus Status { get; private set; }

    /// <summary>The folder that the walk ended in.</summary>
    public FileStatus Folder { get; private set; }

    /// <summary>The file's path without links.</summary>
    public string RealPath => Path.Combine(_folderPath, _name == "." ? "" : _name);

    /// <summary>Walks to a file.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="trust">Whose files and folders are taken.</param>
    public static PathWalk To(string path, FileTrust trust) => new(path, trust);

    /// <summary>Opens what stands at the end for reading.</summary>
    /// <param name="errno">Why that failed.</param>
    public SafeFileHandle? OpenForReading(out int errno)
    {
        // Without O_NONBLOCK, to open a FIFO that took the file's place in this moment waits for a writer; O_NOCTTY: for terminals.
        SafeFileHandle? handle = OpenAt(_folder, _name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW, out errno);
        return handle;
    }

    /// <summary>The names in the folder at the end, whatever they stand for.</summary>
    /// <returns>The kernel's errno, where the folder could not be read to its end; 0 if it was.</returns>
    public int ListNames(List<string> names)
    {
        // .NET's own listing looks where links lead, which takes until a server that is gone is back.
        using SafeFileHandle? folder = OpenAt(_file!, ".", O_RDONLY | O_DIRECTORY, out int error);
        if (folder is null)
            return error;

        Span<byte> entries = stackalloc byte[16 * 1024];
        fixed (byte* octets = entries)
        {
            nint length;
            while ((length = Dirent.getdents64(Descriptor(folder), octets, (nuint)entries.Length)) > 0)
            {
                for (ReadOnlySpan<byte> rest = entries[..(int)length]; rest.Length > 0; rest = rest[MemoryMarshal.Read<ushort>(rest[Dirent.LengthAt..])..])
                {
                    ReadOnlySpan<byte> name = rest[Dirent.NameAt..];
                    names.Add(Encoding.UTF8.GetString(name[..name.IndexOf((byte)0)]));
                }
            }

            return length < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
    }

    /// <summary>The status of a name in the folder at the end, be it a link.</summary>
    public FileLook LookAt(string name) => Look(Descriptor(_file!), name, AT_SYMLINK_NOFOLLOW);

    /// <summary>The file at a path, links followed.</summary>
    public static FileLook Look(string path) => Look(AT_FDCWD, path, 0);

    /// <summary>The status of an open file.</summary>
    public static FileStatus StatusOf(SafeFileHandle handle)
    {
        stat found;
        return fstat(Descriptor(handle), &found) < 0 ? default : FileStatus.From(found);
    }

    /// <summary>The kernel's words for an error.</summary>
    public static string Describe(int errno) => Marshal.GetPInvokeErrorMessage(errno);

    /// <inheritdoc/>
    public void Dispose()
    {
        _folder.Dispose();
        _file?.Dispose();
    }

    /// <summary>The status of a name in a folder.</summary>
    internal static FileLook Look(int folder, string name, int flags)
    {
        stat found;
        fixed (byte* octets = Terminated(name))
            return fstatat(folder, octets, &found, flags) < 0 ? new FileLook(LibC.errno, default) : new FileLook(0, FileStatus.From(found));
    }

    private void Follow(string path)
    {
        if (_folder.IsInvalid)
        {
            Trouble = $"/: {Describe(LibC.errno)}";
            return;
        }

        Folder = Status = StatusOf(_folder);
        if (_trust.Refuse("/", Status) is { } refusal)
        {
            Trouble = refusal;
            return;
        }

        var names = new Stack<string>();
        Push(names, path);
        while (names.TryPop(out string? name))
        {
            // The one before turned out to be a folder on the way.
            if (_file is not null)
                Descend();
            if (!Enter(name, names))
                return;
        }

        // "/" alone.
        _file ??= OpenAt(_folder, ".", O_PATH | O_DIRECTORY, out _);
    }

    /// <summary>Looks one name up.</summary>
    /// <returns>False if the walk ends here.</returns>
    private bool Enter(string name, Stack<string> names)
    {
        string here = Path.Combine(_folderPath, name);
        if (name != "..")
            _steps.Add(new PathStep(_folderPath, name));
        SafeFileHandle? next = OpenAt(_folder, name, O_PATH | O_NOFOLLOW, out int errno);
        if (next is null)
        {
            // The folder does not lack what it has a link for, wherever that leads.
            IsMissing = errno == ENOENT && names.Count == 0 && _link is null;
            LacksFolder = errno == ENOENT && names.Count > 0 && _link is null;
            if (!IsMissing)
            {
                Trouble = errno != ENOENT ? $"{here}: {Describe(errno)}"
                    : _link is not null ? $"{_link} is a link that leads nowhere: there is no {here}"
                    : $"there is no folder {here}";
            }

            return false;
        }

        FileStatus status = StatusOf(next);
        if (_trust.Refuse(here, status) is { } refusal)
        {
            Trouble = refusal;
            next.Dispose();
            return false;
        }

        if (status.IsLink)
            return FollowLink(next, here, names);

        if (names.Count > 0 && !status.IsFolder)
        {
            Trouble = $"{here} is {status.Kind}, not a folder";
            next.Dispose();
            return false;
        }

        _file = next;
        _name = name;
        Status = status;
        if (name == "..")
            Descend();
        return true;
    }

    private bool FollowLink(SafeFileHandle link, string here, Stack<string> names)
    {
        using (link)
        {
            if (++_links > MaxLinks)
            {
                Trouble = $"{here}: {Describe(ELOOP)}";
                return false;
            }

            if (ReadLink(link) is not { Length: > 0 } target)
            {
                Trouble = $"{here}: {Describe(LibC.errno)}";
                return false;
            }

            if (names.Count == 0)
                _link ??= here;
            Push(names, target);
            if (!target.StartsWith('/'))
                return true;

            _folder.Dispose();
            _folder = OpenRoot();
            _folderPath = "/";
            Folder = Status = StatusOf(_folder);
            return true;
        }
    }

    private void Descend()
    {
        _folder.Dispose();
        _folder = _file!;
        _file = null;
        Folder = Status;
        _folderPath = _name == ".." ? Path.GetDirectoryName(_folderPath) ?? "/" : Path.Combine(_folderPath, _name);
        _name = ".";
    }

    private static void Push(Stack<string> names, string path)
    {
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(name => name != ".").Reverse())
            names.Push(name);
    }

    private static string? ReadLink(SafeFileHandle link)
    {
        Span<byte> target = stackalloc byte[4096];
        byte empty = 0;
        fixed (byte* octets = target)
        {
            nint length = (nint)readlinkat(Descriptor(link), &empty, octets, target.Length);
            return length < 0 ? null : Encoding.UTF8.GetString(target[..(int)length]);
        }
    }

    private static SafeFileHandle OpenRoot()
    {
        fixed (byte* root = "/\0"u8)
            return new SafeFileHandle(open(root, O_PATH | O_DIRECTORY | O_CLOEXEC, 0), ownsHandle: true);
    }

    private static SafeFileHandle? OpenAt(SafeFileHandle folder, string name, int flags, out int errno)
    {
        int descriptor;
        fixed (byte* octets = Terminated(name))
        {
            do
            {
                descriptor = openat(Descriptor(folder), octets, flags | O_CLOEXEC, 0);
                errno = descriptor < 0 ? LibC.errno : 0;
            }
            while (errno == EINTR);
        }

        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static byte[] Terminated(string name) => Encoding.UTF8.GetBytes(name + '\0');

    private static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();
}
