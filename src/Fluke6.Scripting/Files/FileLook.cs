namespace Fluke6.Scripting.Files;

/// <summary>The kernel's answer about a path.</summary>
/// <param name="Errno">Why there is none; 0 if there is.</param>
/// <param name="Status">What stands there.</param>
internal readonly record struct FileLook(int Errno, FileStatus Status);
