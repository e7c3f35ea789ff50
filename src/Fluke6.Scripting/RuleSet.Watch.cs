using System.Diagnostics;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>
/// Follows the files. What the kernel reports is only taken as a hint that something changed; what changed is found by looking, so that
/// no way of saving a file, and no lost event, is a special case.
/// </summary>
public sealed partial class RuleSet
{
    // An editor's save is several events; when they have been quiet for so long, it is through.
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestUnquiet = TimeSpan.FromMilliseconds(100);

    // A file that is gone or empty is probably being written anew.
    private static readonly TimeSpan EmptyGrace = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan EmptyInterval = TimeSpan.FromMilliseconds(50);

    // Network file systems report nothing, and a watch ends with its folder: a look at lengths and times now and then finds that, too.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    private readonly AutoResetEvent _hint = new(false);
    private RuleWatcher? _watcher;
    private Thread? _thread;
    private long _hintedAt;
    private volatile bool _stopping;
    private bool _unsettled;

    /// <summary>Begins to watch the paths and every file that the scripts name in <c>#load</c> and <c>#r</c>.</summary>
    public void Watch()
    {
        lock (_lock)
        {
            if (_thread is not null)
                return;

            _watcher = new RuleWatcher(_paths, Hint);
            _watcher.Follow(_rules.SelectMany(rule => rule.Files));
            _thread = new Thread(WatchLoop) { IsBackground = true, Name = "rules" };
            _thread.Start();
        }

        // What changed since it was loaded, before anybody watched.
        Hint();
    }

    private void StopWatching()
    {
        _stopping = true;
        _hint.Set();
        _thread?.Join();
        _watcher?.Dispose();
    }

    private void Hint()
    {
        Interlocked.CompareExchange(ref _hintedAt, Stopwatch.GetTimestamp(), 0);
        _hint.Set();
    }

    private void WatchLoop()
    {
        while (true)
        {
            bool hinted = _hint.WaitOne(_unsettled ? EmptyInterval : LookInterval);
            if (hinted)
                AwaitQuiet();
            if (_stopping)
                return;

            long since = Interlocked.Exchange(ref _hintedAt, 0);
            try
            {
                lock (_lock)
                    Rescan(since == 0 ? Stopwatch.GetTimestamp() : since, thorough: hinted);
            }
            // Whatever it is, it must neither end the program nor the watching: the bridge runs on with the rules it has.
            catch (Exception exception)
            {
                _bridge.Journal.Add(new LogNote("rules", $"reloading failed: {exception}"));
            }
        }
    }

    private void AwaitQuiet()
    {
        long start = Stopwatch.GetTimestamp();
        while (!_stopping && Stopwatch.GetElapsedTime(start) < LongestUnquiet && _hint.WaitOne(QuietTime))
        {
        }
    }

    private void Rescan(long hintedAt, bool thorough)
    {
        _unsettled = false;
        bool chainChanged = Discover(immediately: false);
        var changed = new List<RuleFile>();
        DateTime lastWrite = default;
        foreach (RuleFile rule in _rules)
        {
            IReadOnlyDictionary<string, FileFingerprint> changes = rule.Changes(thorough);
            if (rule.Entry is not null && changes.Count == 0)
                continue;

            if (!rule.HasSettled(changes.Values.Any(file => file.IsEmpty), EmptyGrace))
            {
                _unsettled = true;
                continue;
            }

            foreach (FileFingerprint file in changes.Values.Append(FileFingerprint.Of(rule.Path)))
                lastWrite = file.LastWrite > lastWrite ? file.LastWrite : lastWrite;
            if (rule.HoldsRunningVersion())
            {
                rule.Mend();
                Report(rule, ok: true, hintedAt);
            }
            else
            {
                changed.Add(rule);
            }
        }

        if (changed.Count > 0)
            LoadAndPublish(changed, Earlier(hintedAt, lastWrite));
        else if (chainChanged)
            Publish();
        if (changed.Count > 0 || chainChanged)
            _watcher?.Follow(_rules.SelectMany(rule => rule.Files));
    }

    // The file's own time is when it changed, if it is not one that was copied or set: events come a little later.
    private static long Earlier(long hintedAt, DateTime lastWrite)
    {
        TimeSpan age = DateTime.UtcNow - lastWrite;
        long written = Stopwatch.GetTimestamp() - (long)(age.TotalSeconds * Stopwatch.Frequency);
        return age >= TimeSpan.Zero && age < TimeSpan.FromSeconds(2) && written < hintedAt ? written : hintedAt;
    }

    /// <summary>Brings the list of rules in line with the files that are there; new ones are not loaded yet.</summary>
    /// <param name="immediately">Whether a file that is gone now is gone for good.</param>
    /// <returns>Whether a rule left.</returns>
    private bool Discover(bool immediately)
    {
        IReadOnlyList<string> files = RulePaths.Find(_paths, out IReadOnlyList<RuleDiagnostic> diagnostics);
        foreach (RuleDiagnostic diagnostic in diagnostics.Except(_pathDiagnostics).Where(_ => !immediately))
            _bridge.Journal.Add(new ReloadNote(Path.GetFileNameWithoutExtension(diagnostic.File), Ok: false, 0, [diagnostic.ToString()]));
        _pathDiagnostics = diagnostics;

        bool added = files.Any(file => !_rules.Exists(rule => rule.Path == file));
        var gone = _rules.Where(rule => !files.Contains(rule.Path) && (added || immediately || IsGoneForGood(rule))).ToList();
        foreach (RuleFile rule in gone)
        {
            _rules.Remove(rule);
            _bridge.Journal.Add(new LogNote(rule.Name, "left the chain: its file is gone"));
        }

        // A new rule comes after the one that it follows by name, wherever the user moved that.
        int position = 0;
        foreach (string file in files)
        {
            int index = _rules.FindIndex(rule => rule.Path == file);
            if (index < 0)
                _rules.Insert(index = Math.Min(position, _rules.Count), new RuleFile(file));
            position = index + 1;
        }

        if (gone.Count > 0)
        {
            Publish();
            gone.ForEach(rule => rule.Loaded?.Dispose());
        }

        return gone.Count > 0;
    }

    private bool IsGoneForGood(RuleFile rule)
    {
        bool gone = rule.HasSettled(empty: true, EmptyGrace);
        _unsettled |= !gone;
        return gone;
    }
}
