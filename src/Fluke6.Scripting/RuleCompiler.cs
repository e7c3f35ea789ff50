using Fluke6.Impairments;
using Fluke6.Scripting.Compiling;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>
/// Compiles a rule's script, in a process of its own: whatever the file does to the compiler, this process goes on. Results are kept on
/// disk, for files that hold the same at the next start. Knows no bridge and runs nothing; any thread may call it.
/// </summary>
internal static class RuleCompiler
{
    /// <summary>The namespaces that scripts see without a <c>using</c>.</summary>
    public static IReadOnlyList<string> Imports { get; } =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net", "System.Text", "System.Threading",
        "System.Threading.Tasks",
        "Fluke6", "Fluke6.Wire", "Fluke6.Frames", "Fluke6.Rules", "Fluke6.Scripting", "Fluke6.TcpServices", "Fluke6.Impairments", "Fluke6.Streams",
    ];

    /// <summary>The classes whose static members scripts see without a <c>using static</c>.</summary>
    public static IReadOnlyList<string> StaticImports { get; } = [typeof(ImpairmentModels).FullName!];

    /// <summary>Why compiled rules are not kept although they could be, in a line that says what to do; null if they are, or are not to be.</summary>
    public static string? CacheTrouble => CompiledRuleCache.Shared.Trouble;

    /// <summary>The folder where compiled rules would be kept, and why they are not; null if they are, or are not to be.</summary>
    public static (string Folder, string Why)? UnusableCache() => CompiledRuleCache.Shared.Unusable();

    /// <summary>
    /// Starts the compiler's process, where it does not run yet, and has it compile something, so that the next rule need not wait for
    /// that. Returns at once.
    /// </summary>
    public static void Prepare() => CompilerService.Shared.Prepare();

    /// <summary>
    /// Compiles a file and holds it against what a rule must have. Never throws for what the file holds, and returns within the limits of
    /// time and memory, if need be with a diagnostic that names the one which was reached.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="trust">Whose files are taken; anybody's unless said.</param>
    /// <param name="waits">Told that the compiler has others to compile first, and that it has done so.</param>
    public static CompiledRule Compile(string path, FileTrust? trust = null, Action<bool>? waits = null) =>
        Compile(Path.GetFullPath(path), trust ?? FileTrust.Any, CompiledRuleCache.Shared, waits);

    internal static CompiledRule Compile(string path, FileTrust trust, CompiledRuleCache cache, Action<bool>? waits = null)
    {
        if (cache.Find(path, trust) is { } kept)
            return kept;

        CompiledRule compiled = CompilerService.Shared.Compile(path, trust, waits);
        cache.Keep(compiled);
        return compiled;
    }
}
