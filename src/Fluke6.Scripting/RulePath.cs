using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>
/// A path of <c>--rules</c> and the rules that it last stood for. Only a folder that was read and lacks a file takes a rule away: where a
/// look fails, whatever the reason, the rules of the last good look stay.
/// </summary>
internal sealed class RulePath(string path)
{
    private const string Empty = "there is another folder now, without rules";
    private FileStatus? _folder;
    private bool? _isFolder;

    public string Path => path;

    /// <summary>The rules' files at the last good look.</summary>
    public IReadOnlyList<RuleLocation> Files { get; private set; } = [];

    /// <summary>Why the last look failed; null if it did not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The files that the last good look left out.</summary>
    public IReadOnlyList<RuleDiagnostic> LeftOut { get; private set; } = [];

    /// <summary>Whether a file was among the rules at the last good look.</summary>
    public bool Holds(string file) => Files.Any(found => found.Path == file);

    /// <summary>Takes a look's result.</summary>
    /// <param name="listing">What there is.</param>
    /// <param name="isRule">Whether a file is a rule's that has not left.</param>
    public void Take(PathListing listing, Func<string, bool> isRule)
    {
        Trouble = TroubleWith(listing);
        if (Trouble is not null)
            return;

        // A rule has not left because something else can be found under its name for now, with or without a look that found nothing between.
        ILookup<bool, RuleLocation> files = listing.Files.ToLookup(file => file.NoRule is null || isRule(file.Path));
        LeftOut = [.. files[false].Select(LeaveOut)];
        Files = [.. files[true]];
        if (listing.IsMissing)
            return;
        _folder = listing.Folder;
        _isFolder = listing.IsFolder;
    }

    private static RuleDiagnostic LeaveOut(RuleLocation file) =>
        RuleDiagnostic.Error(file.Path, RuleDiagnostic.Unreadable, $"{file.NoRule}; left out") with { IsError = false };

    private string? TroubleWith(PathListing listing)
    {
        if (listing.Trouble is { } trouble)
            return $"cannot be read: {trouble}";

        bool isOther = _folder is { } before && !before.IsSame(listing.Folder);
        if (listing.IsMissing)
        {
            // A file may be deleted. A folder is moved, or not mounted, or was never there.
            return _isFolder != false ? "there is no such file or folder"
                : isOther ? "there is another folder now, which lacks it"
                : null;
        }

        // Nobody makes one of the other by editing: as with a folder that is moved away, its rules have not been deleted.
        if (_isFolder is { } wasFolder && wasFolder != listing.IsFolder)
            return wasFolder ? "was a folder and is one no more" : "was a file and is a folder now";

        // The empty folder below a file system that is not mounted any more. One that is mounted next may have the same numbers, and be empty, too.
        return (isOther || Trouble == Empty) && listing.IsFolder && listing.Files.Count == 0 && Files.Count > 0 ? Empty : null;
    }
}
