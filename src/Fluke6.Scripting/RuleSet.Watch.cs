using System.Diagnostics;
using Fluke6.Journal;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>
/// Follows the files. What the kernel reports is only taken as a hint that something changed; what changed is found by looking, so that
/// no way of saving a file, and no lost event, is a special case.
/// </summary>
internal sealed partial class RuleSet
{
    // An editor's save is several events; when they have been quiet for so long, it is through.
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestUnquiet = TimeSpan.FromMilliseconds(100);

    // A file that is gone or empty is probably being written anew.
    private static readonly TimeSpan EmptyGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan EmptyInterval = TimeSpan.FromMilliseconds(50);

    // Network file systems report nothing: a look now and then finds what changed there, too.
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(2);

    // A file system that does not answer for so long is not waited for.
    private static readonly TimeSpan FilePatience = TimeSpan.FromSeconds(1);

    // A look at a file takes microseconds, so this ends at once unless a file system hangs.
    private static readonly TimeSpan StopPatience = TimeSpan.FromMilliseconds(200);

    private readonly AutoResetEvent _hint = new(false);
    private FolderWatch? _watch;
    private Thread? _thread;
    private long _hintedAt;
    private volatile bool _stopping;
    private bool _unsettled;
    private string? _lastFailure;

    /// <summary>Begins to watch the paths and every file that the scripts name in <c>#load</c> and <c>#r</c>.</summary>
    public void Watch()
    {
        lock (_lock)
        {
            if (_thread is not null || _stopping)
                return;

            _watch = new FolderWatch(Hint);
            _thread = new Thread(WatchLoop) { IsBackground = true, Name = "rules" };
            _thread.Start();
        }

        if (_watch.Trouble is { } trouble)
            _host.Services.Journal.Add(new LogNote("rules", $"saved files are seen only every {LookInterval.TotalSeconds:0} s: inotify: {trouble}"));

        // All that runs may have been compiled before, and the first save is not to wait for the compiler's start.
        if (_paths.Length > 0)
            RuleCompiler.Prepare();
        // For changes since the rules were loaded, before anybody watched.
        Hint();
    }

    private void StopWatching()
    {
        lock (_lock)
            _stopping = true;
        _hint.Set();
        _thread?.Join(StopPatience);
        _watch?.Dispose();
    }

    private void Hint()
    {
        Interlocked.CompareExchange(ref _hintedAt, Stopwatch.GetTimestamp(), 0);
        _hint.Set();
    }

    private void WatchLoop()
    {
        using var files = new PatientWorker(FilePatience);
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
                Look(files, since == 0 ? Stopwatch.GetTimestamp() : since, thorough: hinted);
                _lastFailure = null;
            }
            // Whatever it is, it must neither end the program nor the watching: the bridge runs on with the rules it has.
            catch (Exception exception)
            {
                if (exception.Message != _lastFailure)
                    _host.Services.Journal.Add(new LogNote("rules", $"a look at the rules' files failed: {exception.Message}"));
                _lastFailure = exception.Message;
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

    private void Look(PatientWorker files, long hintedAt, bool thorough)
    {
        var steps = new List<PathStep>();
        _unsettled = false;
        IReadOnlySet<string> folders = Discover(files, steps, isStart: false);

        List<(RuleFile Rule, int Revision, IReadOnlyDictionary<string, FileFingerprint> Files)> looks;
        lock (_lock)
            looks = [.. _rules.Where(rule => !rule.IsAbsent).Select(rule => (rule, rule.Revision, rule.Watched))];
        var changed = new List<RuleLoad>();
        foreach (var (rule, revision, known) in looks)
        {
            var now = new Dictionary<string, FileFingerprint>(StringComparer.Ordinal);
            foreach ((string file, FileFingerprint before) in known)
                now[file] = LookAt(files, file, before, thorough, steps);
            lock (_lock)
            {
                // A rule that was loaded meanwhile is looked at once more.
                if (rule.Revision != revision)
                    Hint();
                else if (Consider(rule, now, hintedAt) is { } load)
                    changed.Add(load);
            }
        }

        if (changed.Count > 0)
            LoadInBackground(changed);
        // Changes from before it was watched are looked for once more.
        if (_watch!.Follow(steps, folders, (folder, add) => files.TryRun(folder, add, out int descriptor) ? descriptor : -1))
            Hint();
    }

    private FileFingerprint LookAt(PatientWorker files, string file, FileFingerprint before, bool thorough, List<PathStep> steps)
    {
        var looked = new List<PathStep>();
        if (!files.TryRun(file, () => FileFingerprint.Of(file, _trust, before, thorough, looked), out FileFingerprint now))
            return FileFingerprint.Unknown($"{file}: its file system does not answer");
        steps.AddRange(looked);
        return now;
    }

    /// <summary>Decides what becomes of a rule whose files were looked at. Under the lock.</summary>
    /// <returns>An attempt to load it; null if there is no need.</returns>
    private RuleLoad? Consider(RuleFile rule, IReadOnlyDictionary<string, FileFingerprint> now, long hintedAt)
    {
        RuleDiagnostic? trouble = TroubleWith(rule, now, out bool ofFolder);
        if (trouble is not null && rule.SetTrouble(trouble, ofFolder, CountersOf(rule.Name)))
            Report(rule, ok: false, rule.Loaded is not null, hintedAt, [trouble]);
        // The version that runs, runs on as it is.
        if (trouble is { Id: RuleDiagnostic.Unreadable })
            return null;

        // Its folder holds it, so it went in this moment: that is for the next look.
        if (now[rule.Path] is { Trouble: null, Status.Inode: 0 })
        {
            _unsettled = true;
            return null;
        }

        if (!rule.DiffersFrom(now))
        {
            rule.HasSettled(false, EmptyGrace);
            rule.Refresh(now);
            if (trouble is null && rule.SetTrouble(null, false, CountersOf(rule.Name)) && !rule.AttemptFailed)
                Report(rule, ok: true, rule.Loaded is not null, hintedAt, []);
            return null;
        }

        if (!rule.HasSettled(rule.Known.Keys.Any(file => now[file].IsEmpty && !now[file].SameContent(rule.Known[file])), EmptyGrace))
        {
            _unsettled = true;
            return null;
        }

        if (rule.HoldsRunningVersion(now))
        {
            rule.Mend(now);
            Report(rule, ok: true, hadVersion: true, hintedAt, []);
            return null;
        }

        if (rule.AttemptsUnderWay >= MaxAttempts)
            return null;
        DateTime lastWrite = now.Values.Max(file => file.LastWrite);
        return Begin(rule, rule.Known.Keys.ToDictionary(file => file, file => now[file]), Earlier(hintedAt, lastWrite));
    }

    /// <summary>Why a rule's files are not known; null if they are. Under the lock.</summary>
    private RuleDiagnostic? TroubleWith(RuleFile rule, IReadOnlyDictionary<string, FileFingerprint> now, out bool ofFolder)
    {
        string? folder = _paths.FirstOrDefault(path => path.Trouble is not null && path.Holds(rule.Path))?.Trouble;
        ofFolder = folder is not null;
        if (ofFolder)
            return RuleDiagnostic.Error(rule.Path, RuleDiagnostic.Unreadable, $"its folder {folder}");
        // One that never ran is tried nevertheless: that says what is wrong.
        if (rule.Loaded is not null && now.Values.Select(file => file.Trouble).FirstOrDefault(trouble => trouble is not null) is { } file)
            return RuleDiagnostic.Error(rule.Path, RuleDiagnostic.Unreadable, $"cannot be read: {file}");
        return rule.Pending is { } load && load.Age > SlowLoad ? Unfinished(load) : null;
    }

    // The file's own time is when it changed, if it is not one that was copied or set: events come a little later.
    private static long Earlier(long hintedAt, DateTime lastWrite)
    {
        TimeSpan age = DateTime.UtcNow - lastWrite;
        long written = Stopwatch.GetTimestamp() - (long)(age.TotalSeconds * Stopwatch.Frequency);
        return age >= TimeSpan.Zero && age < TimeSpan.FromSeconds(2) && written < hintedAt ? written : hintedAt;
    }
}
