using System.Globalization;
using Fluke6.Rules;
using Fluke6.Scripting.Files;
using static Tmds.Linux.LibC;

namespace Fluke6.Scripting;

/// <summary>A look at a path of <c>--rules</c>: a script, or a folder with all scripts directly in it, in the order of their numbers.</summary>
internal sealed record PathListing
{
    /// <summary>As it was given, absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Why there is no telling which rules there are; null if there is.</summary>
    public string? Trouble { get; init; }

    /// <summary>Whether the folder that would hold the path was looked into and lacks it.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Whether the path is a folder.</summary>
    public bool IsFolder { get; init; }

    /// <summary>The rules' files, as absolute paths, and which file each is.</summary>
    public IReadOnlyList<(string File, RuleLocation Location)> Files { get; init; } = [];

    /// <summary>What is called like a rule and is none: links that lead nowhere, folders, devices.</summary>
    public IReadOnlyList<RuleDiagnostic> LeftOut { get; init; } = [];

    /// <summary>The folder that was listed, or that holds the file.</summary>
    public FileStatus Folder { get; init; }

    /// <summary>The listed folder, without links in its path; null if the path is none.</summary>
    public string? RealFolder { get; init; }

    /// <summary>The names that were looked up.</summary>
    public IReadOnlyList<PathStep> Steps { get; init; } = [];

    /// <summary>Looks.</summary>
    public static PathListing Of(string path, FileTrust trust)
    {
        using PathWalk walk = PathWalk.To(path, trust);
        var listing = new PathListing { Path = path, Steps = walk.Steps, Folder = walk.Folder };
        if (walk.Trouble is not null || walk.IsMissing)
            return listing with { Trouble = walk.Trouble, IsMissing = walk.IsMissing };
        if (!walk.Status.IsFolder)
            return listing with { Files = [(path, new RuleLocation(walk.RealPath, walk.Status))] };
        try
        {
            return List(listing with { IsFolder = true, Folder = walk.Status, RealFolder = walk.RealPath }, walk);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return listing with { IsFolder = true, Trouble = exception.Message.TrimEnd('.') };
        }
    }

    private static PathListing List(PathListing listing, PathWalk walk)
    {
        var files = new List<(string, RuleLocation)>();
        var leftOut = new List<RuleDiagnostic>();
        foreach (string name in Names(listing.RealFolder!).Where(IsRule).OrderBy(Number).ThenBy(name => name, StringComparer.Ordinal))
        {
            int errno = walk.StatusOf(name, out FileStatus status);
            // Not where the target only cannot be seen: that there is a rule, and why it cannot be read, is to be said.
            if (errno is not 0 && (errno == ENOENT || errno == ELOOP))
                leftOut.Add(LeaveOut(name, "is a link that leads nowhere"));
            else if (errno is 0 && !status.IsRegular)
                leftOut.Add(LeaveOut(name, $"is {status.Kind}, not a file"));
            else
                files.Add((System.IO.Path.Combine(listing.Path, name), new RuleLocation(System.IO.Path.Combine(listing.RealFolder!, name), status)));
        }

        return listing with { Files = files, LeftOut = leftOut };
    }

    private static RuleDiagnostic LeaveOut(string name, string what) =>
        RuleDiagnostic.Error(name, RuleDiagnostic.Unreadable, $"{what}; left out") with { IsError = false };

    // Whatever keeps the folder from being read to its end is an exception: a rule that was not listed is not therefore gone.
    private static IEnumerable<string> Names(string folder) =>
        Directory.EnumerateFileSystemEntries(folder, "*", new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false })
            .Select(path => System.IO.Path.GetFileName(path));

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
