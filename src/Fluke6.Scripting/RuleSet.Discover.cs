using Fluke6.Journal;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>Finds which rules there are.</summary>
internal sealed partial class RuleSet
{
    /// <summary>Brings the list of rules in line with the files that are there; new ones are not loaded yet.</summary>
    /// <param name="files">Looks.</param>
    /// <param name="steps">Gets the names that were looked up.</param>
    /// <param name="isStart">Whether the user is told of what is wrong by whoever starts the set, and not by the journal.</param>
    /// <returns>The folders of rules, without links.</returns>
    private HashSet<string> Discover(PatientWorker files, List<PathStep> steps, bool isStart)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (RulePath path in _paths)
        {
            if (!files.TryRun(path.Path, () => PathListing.Of(path.Path, _trust), out PathListing listing))
                listing = new PathListing { Path = path.Path, Trouble = "its file system does not answer" };
            listing = listing.WithLinksFollowed(
                file => files.TryRun(file, () => PathWalk.Look(file), out FileLook look) ? look : FileLook.Unanswered);
            steps.AddRange(listing.Steps);
            if (listing.RealFolder is { } folder)
                folders.Add(folder);
            TakeListing(path, listing, isStart);
        }

        lock (_lock)
            Reconcile(isStart);
        return folders;
    }

    private void TakeListing(RulePath path, PathListing listing, bool isStart)
    {
        string? before = path.Trouble;
        lock (_lock)
            path.Take(listing, isRule: file => _rules.Exists(rule => rule.Path == file));
        if (isStart || path.Trouble == before)
            return;

        _host.Services.Journal.Add(new LogNote("rules", path.Trouble is { } trouble
            ? $"{path.Path}: {trouble}; its rules run on as they are"
            : $"{path.Path} can be read again"));
    }

    private void Reconcile(bool isStart)
    {
        IReadOnlyList<string> found = RulePaths.Merge(_paths, out IReadOnlyList<RuleDiagnostic> diagnostics);
        foreach (RuleDiagnostic diagnostic in diagnostics.Except(_pathDiagnostics).Where(diagnostic => !isStart && !IsOfPath(diagnostic)))
        {
            _host.Services.Journal.Add(diagnostic.IsError
                ? new ReloadNote(Path.GetFileNameWithoutExtension(diagnostic.File), Ok: false, 0, [diagnostic.ToString()]) { HadVersion = false }
                : new LogNote("rules", $"{diagnostic.File} {diagnostic.Message}"));
        }

        _pathDiagnostics = diagnostics;
        var locations = _paths.SelectMany(path => path.Files).DistinctBy(file => file.Path).ToDictionary(file => file.Path);

        // A new rule comes after the one that it follows by name, wherever the user moved that.
        int position = 0;
        foreach (string file in found)
        {
            int index = _rules.FindIndex(rule => rule.Path == file);
            if (index < 0)
            {
                var rule = new RuleFile(file)
                {
                    RenamedFrom = _rules.Find(old => !found.Contains(old.Path) && old.Location.Status.IsSame(locations[file].Status)),
                };
                _rules.Insert(index = Math.Min(position, _rules.Count), rule);
            }

            _rules[index].Location = locations[file];
            position = index + 1;
        }

        List();
        // Only now is it known which of them have another name.
        RemoveWhatIsGone(found);
    }

    // A file that its folder lacks is probably being replaced, and the rule runs on; until that has lasted.
    private void RemoveWhatIsGone(IReadOnlyList<string> found)
    {
        var outgoing = new List<LoadedRule>();
        foreach (RuleFile rule in _rules.ToArray())
        {
            bool isAbsent = !found.Contains(rule.Path);
            bool isGone = rule.IsGoneForGood(isAbsent, EmptyGrace) && _watch?.HasStirred(rule.Location.RealPath, EmptyGrace) != true;
            _unsettled |= isAbsent && !isGone;
            // Where its file has another name and no version of that runs, as one that does not compile, the last good one does.
            if (isGone && !_rules.Exists(next => next.RenamedFrom == rule))
                Remove(rule, outgoing);
        }

        if (outgoing.Count == 0)
            return;

        // The bridge leaves the chain before in its own time; nobody waits for it here.
        Task passed = PublishChain();
        InBackground(() =>
        {
            passed.Wait();
            outgoing.ForEach(rule => rule.Dispose());
        });
    }

    private bool IsOfPath(RuleDiagnostic diagnostic) =>
        diagnostic.IsError && diagnostic.Id == RuleDiagnostic.Unreadable && _paths.Any(path => path.Trouble == diagnostic.Message);
}
