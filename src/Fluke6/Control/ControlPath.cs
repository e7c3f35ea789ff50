using System.Text;
using Fluke6.Linux;

namespace Fluke6.Command.Control;

/// <summary>Where bridges have their control sockets.</summary>
internal static class ControlPath
{
    /// <summary>The value of <c>--control</c> for no socket.</summary>
    public const string None = "none";

    /// <summary>How the sockets' names end.</summary>
    public const string Extension = ".sock";

    /// <summary>The longest path, in bytes, that a socket's address has room for. unix(7).</summary>
    public const int MaxLength = 107;

    private const string SystemFolder = "/run/fluke6";

    /// <summary>The folder for bridges that are started here and now: a service manager's, the user's, or the system's.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY") is { Length: > 0 } service && !service.Contains(':') ? service
        : OfUser ?? SystemFolder;

    private static string? OfUser =>
        Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR") is { Length: > 0 } folder ? Path.Combine(folder, "fluke6") : null;

    /// <summary>All folders where there may be sockets.</summary>
    public static IReadOnlyList<string> Folders => [.. ((string[])[Folder, .. OfUser is { } own ? (string[])[own] : [], SystemFolder]).Distinct()];

    /// <summary>The name for a bridge between two ports, without what a file's name cannot have.</summary>
    public static string NameOf(string left, string right)
    {
        string name = $"{left}-{right}".Replace('/', '_');
        int most = MaxLength - Encoding.UTF8.GetByteCount(Folder) - Extension.Length - "/-99".Length;
        return Encoding.UTF8.GetByteCount(name) <= most ? name : $"{name[..Math.Max(0, Math.Min(name.Length, most / 4))]}{(uint)string.GetHashCode(name, StringComparison.Ordinal):x8}";
    }

    /// <summary>The sockets that there are, of dead bridges, too.</summary>
    public static IReadOnlyList<string> All() =>
    [
        .. Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, $"*{Extension}", new EnumerationOptions
        {
            RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true,
        })).Distinct().Order(StringComparer.Ordinal),
    ];
}
