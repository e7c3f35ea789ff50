using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>
/// Says that something may have changed in folders of rules or in files that rules use. Folders are watched rather than files, because most
/// editors replace a file; links are followed, because it is their targets that change.
/// </summary>
internal sealed class RuleWatcher(IReadOnlyList<string> paths, Action changed) : IDisposable
{
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);
    private volatile HashSet<string> _names = [];

    /// <summary>Watches the paths, and besides exactly these files, whether they are there or not.</summary>
    public void Follow(IEnumerable<string> files)
    {
        string[] all = [.. paths, .. files];
        string[] targets = [.. all.Select(Target)];
        _names = [.. all.Concat(targets).Select(Path.GetFileName).OfType<string>()];

        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (string path in all.Concat(targets))
        {
            // The folder that holds it as well: it may itself be replaced, or appear only later.
            folders.Add(Existing(Path.GetDirectoryName(path)));
            if (Directory.Exists(path))
                folders.Add(path);
        }

        foreach (string folder in _watchers.Keys.Except(folders).ToArray())
        {
            _watchers.Remove(folder, out FileSystemWatcher? watcher);
            watcher!.Dispose();
        }

        foreach (string folder in folders)
        {
            if (!_watchers.ContainsKey(folder) && Start(folder) is { } watcher)
                _watchers[folder] = watcher;
        }
    }

    public void Dispose()
    {
        foreach (FileSystemWatcher watcher in _watchers.Values)
            watcher.Dispose();
    }

    private FileSystemWatcher? Start(string folder)
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Attributes,
            };
            watcher.Changed += Look;
            watcher.Created += Look;
            watcher.Deleted += Look;
            watcher.Renamed += Look;
            // Too many events at once, or the folder is gone: look at everything.
            watcher.Error += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        // No more inotify watches to be had, or the folder went in this moment: looking now and then finds changes, too, only later.
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            return null;
        }
    }

    private void Look(object sender, FileSystemEventArgs change)
    {
        if (Concerns(change.FullPath) || (change is RenamedEventArgs renamed && Concerns(renamed.OldFullPath)))
            changed();
    }

    private bool Concerns(string path) =>
        path.EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal) || _names.Contains(Path.GetFileName(path));

    private static string Target(string path)
    {
        try
        {
            FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
            return info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        }
        // A link in a circle leads nowhere.
        catch (IOException)
        {
            return path;
        }
    }

    private static string Existing(string? folder)
    {
        while (folder is not null && !Directory.Exists(folder))
            folder = Path.GetDirectoryName(folder);
        return folder ?? Path.DirectorySeparatorChar.ToString();
    }
}
