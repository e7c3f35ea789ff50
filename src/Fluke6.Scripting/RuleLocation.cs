using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>Where a rule's file is, and which file that is.</summary>
/// <param name="RealPath">The file's path without links before its name.</param>
/// <param name="Status">What stands there.</param>
internal readonly record struct RuleLocation(string RealPath, FileStatus Status);
