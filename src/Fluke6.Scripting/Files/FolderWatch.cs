using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Journal;
using Fluke6.Scripting.Native;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Scripting.Files;

/// <summary>
/// Says that something may have changed in folders of rules, in files that rules use, or on the way to them. Folders are watched rather than
/// files, because most editors replace a file; and every folder on the way, because links and folders are replaced, too. A mount, which
/// hides a folder without a change in any, is told of by the kernel's list of mounts. inotify(7), proc(5).
/// </summary>
internal sealed unsafe class FolderWatch : IDisposable
{
    private const uint Names = Inotify.IN_CREATE | Inotify.IN_DELETE | Inotify.IN_MOVED_FROM | Inotify.IN_MOVED_TO | Inotify.IN_ATTRIB
        | Inotify.IN_MOVE_SELF | Inotify.IN_DELETE_SELF | Inotify.IN_ONLYDIR;

    private const uint Contents = Inotify.IN_MODIFY | Inotify.IN_CLOSE_WRITE;
    private static readonly TimeSpan EventMemory = TimeSpan.FromSeconds(10);

    private readonly Action _changed;
    private readonly ConcurrentDictionary<int, Watched> _watched = new();
    private readonly ConcurrentDictionary<string, long> _lastEvents = new(StringComparer.Ordinal);
    private readonly SafeFileHandle _inotify;
    private readonly SafeFileHandle _stop;

    /// <summary>Begins to watch nothing.</summary>
    /// <param name="changed">Called when something may have changed, on a thread of the watch's own.</param>
    public FolderWatch(Action changed)
    {
        _changed = changed;
        _inotify = new SafeFileHandle(Inotify.inotify_init1(O_CLOEXEC | O_NONBLOCK), ownsHandle: true);
        Trouble = _inotify.IsInvalid ? PathWalk.Describe(Marshal.GetLastPInvokeError()) : null;
        _stop = new SafeFileHandle(eventfd(0, O_CLOEXEC), ownsHandle: true);
        if (_stop.IsInvalid)
            Trouble ??= PathWalk.Describe(LibC.errno);
        if (Trouble is null)
            new Thread(ReadLoop) { IsBackground = true, Name = "rules watch" }.Start();
    }

    /// <summary>Why nothing is watched; null if it is.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Watches exactly these. A folder that was replaced is another one, whatever it is called.</summary>
    /// <param name="steps">Names, and the folders that they are looked up in.</param>
    /// <param name="ruleFolders">Folders, without links, in which every script concerns.</param>
    /// <param name="add">Adds one watch, as far as the file system answers; false if it does not.</param>
    /// <returns>Whether there is a folder that was not watched before: it may have changed before it was.</returns>
    public bool Follow(IEnumerable<PathStep> steps, IReadOnlySet<string> ruleFolders, Func<string, Func<int>, int> add)
    {
        if (Trouble is not null)
            return false;

        var watched = new Dictionary<int, Watched>();
        foreach (IGrouping<string, string> names in steps.GroupBy(step => step.Folder, step => step.Name))
            Add(names.Key, names, ruleFolders.Contains(names.Key));
        foreach (string folder in ruleFolders)
            Add(folder, [], isRuleFolder: true);

        bool isNew = false;
        foreach ((int descriptor, Watched folder) in watched)
        {
            isNew |= !_watched.ContainsKey(descriptor);
            _watched[descriptor] = folder;
        }

        foreach (int descriptor in _watched.Keys.Where(descriptor => !watched.ContainsKey(descriptor)))
        {
            // Fails for a folder that is gone, with which its watch went.
            _ = Inotify.inotify_rm_watch(Descriptor, descriptor);
            _watched.TryRemove(descriptor, out _);
        }

        foreach ((string path, long time) in _lastEvents.Where(entry => Stopwatch.GetElapsedTime(entry.Value) > EventMemory))
            _lastEvents.TryRemove(new KeyValuePair<string, long>(path, time));
        return isNew;

        void Add(string folder, IEnumerable<string> names, bool isRuleFolder)
        {
            bool holdsFiles = isRuleFolder || names.Any(IsScript);
            int descriptor = add(folder, () => Inotify.inotify_add_watch(Descriptor, folder, Names | Inotify.IN_MASK_ADD | (holdsFiles ? Contents : 0)));
            // No right to read it, no watches left, or gone in this moment: the look now and then finds changes, too, only later.
            if (descriptor < 0)
                return;
            if (!watched.TryGetValue(descriptor, out Watched? known))
                watched[descriptor] = known = new Watched(folder);
            known.Names.UnionWith(names);
            known.IsRuleFolder |= isRuleFolder;
        }
    }

    /// <summary>Whether something happened to this name in its folder within this time.</summary>
    public bool HasStirred(string path, TimeSpan within) =>
        _lastEvents.TryGetValue(path, out long time) && Stopwatch.GetElapsedTime(time) < within;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Trouble is not null)
            Close();
        else
            Signal();
    }

    private int Descriptor => (int)_inotify.DangerousGetHandle();

    private static bool IsScript(string name) => name.EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal);

    private void Signal()
    {
        ulong one = 1;
        _ = write((int)_stop.DangerousGetHandle(), &one, sizeof(ulong));
    }

    private void Close()
    {
        _inotify.Dispose();
        _stop.Dispose();
    }

    private static SafeFileHandle OpenMounts()
    {
        fixed (byte* path = "/proc/self/mountinfo\0"u8)
            return new SafeFileHandle(open(path, O_RDONLY | O_CLOEXEC), ownsHandle: true);
    }

    private void ReadLoop()
    {
        // Where there is no such file, poll(2) passes over a descriptor of -1, and the look now and then finds a mount.
        using SafeFileHandle mounts = OpenMounts();
        byte[] events = new byte[64 * 1024];
        pollfd* waited = stackalloc pollfd[3];
        waited[0] = new pollfd { fd = Descriptor, events = POLLIN };
        waited[1] = new pollfd { fd = (int)_stop.DangerousGetHandle(), events = POLLIN };
        waited[2] = new pollfd { fd = (int)mounts.DangerousGetHandle(), events = POLLPRI };
        while (true)
        {
            // An interrupted call is just done again.
            if (poll(waited, 3, -1) < 0)
                continue;
            if (waited[1].revents != 0)
                break;
            if (waited[2].revents != 0)
                _changed();

            nint length;
            fixed (byte* octets = events)
                length = (nint)read(Descriptor, octets, events.Length);
            if (length > 0 && Take(events.AsSpan(0, (int)length)))
                _changed();
        }

        Close();
    }

    /// <summary>Goes through events.</summary>
    /// <returns>Whether any of them concerns.</returns>
    private bool Take(ReadOnlySpan<byte> events)
    {
        bool concerns = false;
        while (events.Length >= sizeof(inotify_event))
        {
            inotify_event head = MemoryMarshal.Read<inotify_event>(events);
            ReadOnlySpan<byte> name = events.Slice(sizeof(inotify_event), (int)head.len);
            concerns |= Concerns(head, Encoding.UTF8.GetString(name[..Math.Max(name.IndexOf((byte)0), 0)]));
            events = events[(sizeof(inotify_event) + (int)head.len)..];
        }

        return concerns;
    }

    private bool Concerns(inotify_event head, string name)
    {
        // The folder itself, too many events at once, or a folder that is only just watched: look at everything.
        if (name.Length == 0 || !_watched.TryGetValue(head.wd, out Watched? folder))
            return true;
        if (!folder.Names.Contains(name) && !(folder.IsRuleFolder && IsScript(name)))
            return false;

        _lastEvents[Path.Combine(folder.Path, name)] = Stopwatch.GetTimestamp();
        return true;
    }

    private sealed class Watched(string path)
    {
        public string Path => path;

        public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

        public bool IsRuleFolder { get; set; }
    }
}
