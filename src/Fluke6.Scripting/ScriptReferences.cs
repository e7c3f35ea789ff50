using System.Collections.Immutable;
using System.Runtime.Loader;
using Fluke6.Frames;
using Microsoft.CodeAnalysis;

namespace Fluke6.Scripting;

/// <summary>
/// The assemblies that every script sees: the framework, Fluke6, PacketDotNet. Read once and shared by all compilations; nothing of a
/// script is kept here.
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
    private static readonly Lazy<ImmutableArray<MetadataReference>> s_default = new(LoadDefault);

    /// <summary>The assemblies that scripts are compiled against before any <c>#r</c>.</summary>
    public static ImmutableArray<MetadataReference> Default => s_default.Value;

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

    private static ImmutableArray<MetadataReference> LoadDefault()
    {
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<string> platform = s_trusted.Value.Values
            .Where(path => Path.GetDirectoryName(path) == framework && !IsLegacy(Path.GetFileName(path)));
        return [.. platform.Concat(s_own).Select(path => MetadataReference.CreateFromFile(path))];
    }

    // Each reference costs every compilation a little; no rule misses these.
    private static bool IsLegacy(string file) =>
        file.StartsWith("Microsoft.VisualBasic", StringComparison.Ordinal) || file is "mscorlib.dll" or "WindowsBase.dll";
}
