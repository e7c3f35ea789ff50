namespace Fluke6.Scripting.Files;

/// <summary>A name that was looked up on the way to a file: where it changes, the path may lead elsewhere.</summary>
/// <param name="Folder">The folder, without links in its path.</param>
/// <param name="Name">The name in it: a folder's, a link's, or the file's own.</param>
internal readonly record struct PathStep(string Folder, string Name);
