namespace Fluke6.Scripting.Compiling;

/// <summary>Where compiled rules are kept. The names of variables are those of the XDG Base Directory Specification and of systemd.exec(5).</summary>
internal static class CacheFolder
{
    /// <summary>The variable that switches the cache off, by <see cref="Off"/>.</summary>
    public const string Switch = "FLUKE6_CACHE";

    /// <summary>The value that does so.</summary>
    public const string Off = "off";

    private const string Name = "fluke6";

    /// <summary>The folder, as an absolute path; null if there is to be none.</summary>
    /// <param name="variable">The environment's.</param>
    /// <param name="isRoot">Whether the user is root.</param>
    public static string? Find(Func<string, string?> variable, bool isRoot)
    {
        if (variable(Switch) == Off)
            return null;
        // systemd makes it for one service alone, and may name several.
        if (Absolute(variable("CACHE_DIRECTORY")?.Split(':')[0]) is { } ofService)
            return ofService;
        if (Absolute(variable("XDG_CACHE_HOME")) is { } caches)
            return Path.Combine(caches, Name);
        if (Absolute(variable("HOME")) is { } home)
            return Path.Combine(home, ".cache", Name);
        // A service of root's has no home.
        return isRoot ? $"/var/cache/{Name}" : null;
    }

    private static string? Absolute(string? path) => Path.IsPathRooted(path) ? path : null;
}
