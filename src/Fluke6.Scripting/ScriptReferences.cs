using Fluke6.Frames;

namespace Fluke6.Scripting;

/// <summary>
/// The assemblies that every script sees: the framework, Fluke6, PacketDotNet. By their paths, so that the compiler need not be loaded.
/// </summary>
internal static class ScriptReferences
{
    private static readonly string[] s_own =
    [
        typeof(Frame).Assembly.Location,
        typeof(RuleGlobals).Assembly.Location,
        typeof(PacketDotNet.Packet).Assembly.Location,
    ];

    private static readonly Lazy<Dictionary<string, string>> s_trusted = new(FindTrusted);

    /// <summary>The paths of all assemblies that the program was started with.</summary>
    public static IEnumerable<string> Trusted => s_trusted.Value.Values;

    /// <summary>Those of them that scripts are compiled against before any <c>#r</c>.</summary>
    public static IEnumerable<string> Default
    {
        get
        {
            string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            return Trusted.Where(path => Path.GetDirectoryName(path) == framework && !IsLegacy(Path.GetFileName(path))).Concat(s_own);
        }
    }

    /// <summary>The path of an assembly that the program was started with; null if there is none of that name.</summary>
    public static string? Find(string assemblyName) => s_trusted.Value.GetValueOrDefault(assemblyName);

    // A script's code will be bound to the assemblies that this program was started with.
    private static Dictionary<string, string> FindTrusted()
    {
        string list = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (string path in list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Concat(s_own))
            found[Path.GetFileNameWithoutExtension(path)] = path;
        return found;
    }

    // Each reference costs every compilation a little; no rule misses these.
    private static bool IsLegacy(string file) =>
        file.StartsWith("Microsoft.VisualBasic", StringComparison.Ordinal) || file is "mscorlib.dll" or "WindowsBase.dll";
}
