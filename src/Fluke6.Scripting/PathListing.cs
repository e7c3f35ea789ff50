using System.Globalization;
using Fluke6.Journal;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>A look at a path of <c>--rules</c>: a script, or a folder with all scripts directly in it, in the order of their numbers.</summary>
internal sealed record PathListing
{
    // In place of bytes that are no UTF-8.
    private const char Garbled = '\uFFFD';

    /// <summary>As it was given, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Why there is no telling which rules there are; null if there is.</summary>
    public string? Trouble { get; init; }

    /// <summary>Whether the folder that would hold the path was looked into and lacks it.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Whether the path is a folder.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The files that are called like rules.</summary>
    public IReadOnlyList<RuleLocation> Files { get; init; } = [];

    /// <summary>The folder that was listed, or that holds the file.</summary>
    public FileStatus Folder { get; init; }

    /// <summary>The listed folder, without links in its path; null if the path is none.</summary>
    public string? RealFolder { get; init; }

    /// <summary>The names that were looked up.</summary>
    public IReadOnlyList<PathStep> Steps { get; init; } = [];

    /// <summary>Looks. Where links in the folder lead is another question, since the answer may take its time.</summary>
    public static PathListing Of(string path, FileTrust trust)
    {
        using PathWalk walk = PathWalk.To(path, trust);
        var listing = new PathListing { Path = path, Steps = walk.Steps, Folder = walk.Folder };
        if (walk.Trouble is not null || walk.IsMissing)
            return listing with { Trouble = walk.Trouble, IsMissing = walk.IsMissing };
        if (!walk.Status.IsFolder)
            return listing with { Files = [new RuleLocation(path, walk.RealPath, walk.Status)] };
        return List(listing with { IsFolder = true, Folder = walk.Status, RealFolder = walk.RealPath }, walk);
    }

    /// <summary>The same, and which of a folder's are no rules: links that lead nowhere, folders, devices.</summary>
    /// <param name="status">Looks at a path, links followed.</param>
    public PathListing WithLinksFollowed(Func<string, FileLook> status) =>
        IsFolder ? this with { Files = [.. Files.Select(file => Judge(file, file.Status.IsLink ? status(file.Path) : new FileLook(0, file.Status)))] } : this;

    // Not where a link's target only cannot be seen: that there is a rule, and why it cannot be read, is to be said.
    private static RuleLocation Judge(RuleLocation file, FileLook look) => file with
    {
        Status = look.Status,
        NoRule = file.NoRule ?? (look.IsNowhere ? "is a link that leads nowhere" : look.IsNoFile ? $"is {look.Status.Kind}, not a file" : null),
    };

    private static PathListing List(PathListing listing, PathWalk walk)
    {
        // Whatever keeps the folder from being read to its end is trouble: a rule that was not listed is not therefore gone.
        var names = new List<string>();
        if (walk.ListNames(names) is not 0 and var error)
            return listing with { Trouble = $"{listing.RealFolder}: {PathWalk.Describe(error)}" };

        var files = new List<RuleLocation>();
        foreach (string name in names.Where(IsRule).OrderBy(Number).ThenBy(name => name, StringComparer.Ordinal))
        {
            FileLook look = walk.LookAt(name);
            bool isGarbled = look.IsNowhere && name.Contains(Garbled);
            // A file that went in this moment is not there.
            if (look.IsNowhere && !isGarbled)
                continue;

            string path = System.IO.Path.Combine(listing.Path, name), realPath = System.IO.Path.Combine(listing.RealFolder!, name);
            files.Add(new RuleLocation(path, realPath, look.Status)
            {
                NoRule = isGarbled ? "has a name that is not UTF-8: rename it" : null,
            });
        }

        return listing with { Files = files };
    }

    // Editors keep locks and copies as .#x.csx, .x.csx.swp and the like.
    private static bool IsRule(string name) => name.EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal) && !name.StartsWith('.');

    private static ulong Number(string name)
    {
        int digits = name.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return ulong.TryParse(name.AsSpan(0, Math.Max(digits, 0)), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : ulong.MaxValue;
    }
}
