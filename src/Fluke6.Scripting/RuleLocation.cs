using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>Where a rule's file is, and which file that is.</summary>
/// <param name="Path">As an absolute path, by way of the path that was given.</param>
/// <param name="RealPath">The same without links before its name.</param>
/// <param name="Status">The file's status.</param>
internal readonly record struct RuleLocation(string Path, string RealPath, FileStatus Status)
{
    /// <summary>Why it is no rule, though it is called like one; null if it is one.</summary>
    public string? NoRule { get; init; }
}
