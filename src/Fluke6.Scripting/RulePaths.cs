using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>The files behind <c>--rules PATH</c>: a script, or a folder with all scripts directly in it, in the order of their numbers.</summary>
internal static class RulePaths
{
    /// <summary>All scripts that these paths stand for, in the order of the chain, as absolute paths.</summary>
    /// <param name="paths">Files and folders. Within a folder, files with a numeric prefix come first, by number, then by name.</param>
    /// <param name="diagnostics">Paths that are not there, files whose names are taken, and what was left out.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, out IReadOnlyList<RuleDiagnostic> diagnostics)
    {
        var looked = new List<RulePath>();
        foreach (string path in paths.Select(Path.GetFullPath))
        {
            looked.Add(new RulePath(path));
            looked[^1].Take(PathListing.Of(path, FileTrust.Any).WithLinksFollowed(PathWalk.Look), isRule: _ => false);
        }

        return Merge(looked, out diagnostics);
    }

    /// <summary>Why rules at these paths would not be run, a sentence each; what they load in turn is not looked at.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="trust">Whose files are run.</param>
    public static IReadOnlyList<string> Refused(IEnumerable<string> paths, FileTrust trust)
    {
        var refused = new List<string>();
        foreach (string path in paths.Select(Path.GetFullPath).Concat(Find(paths, out _)))
        {
            using PathWalk walk = PathWalk.To(path, trust);
            if (walk.Trouble is { } trouble)
                refused.Add(trouble);
        }

        return [.. refused.Distinct()];
    }

    /// <summary>The rules of all paths, each name once, and what is wrong with the paths.</summary>
    internal static IReadOnlyList<string> Merge(IEnumerable<RulePath> paths, out IReadOnlyList<RuleDiagnostic> diagnostics)
    {
        var problems = new List<RuleDiagnostic>();
        var files = new List<string>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (RulePath path in paths)
        {
            if (path.Trouble is { } trouble)
                problems.Add(RuleDiagnostic.Error(path.Path, RuleDiagnostic.Unreadable, trouble));
            problems.AddRange(path.LeftOut);
            foreach (string file in path.Files.Select(found => found.Path))
            {
                string name = Path.GetFileNameWithoutExtension(file);
                if (names.TryAdd(name, file))
                    files.Add(file);
                else if (names[name] != file)
                    problems.Add(RuleDiagnostic.Error(file, RuleDiagnostic.DuplicateName, $"the name is taken by {names[name]}; rename one of them"));
            }
        }

        diagnostics = problems;
        return files;
    }
}
