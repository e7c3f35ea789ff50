using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>A folder of scripts that is gone after the test.</summary>
internal sealed class ScriptFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fluke6-rules-").FullName;

    public string this[string file] => System.IO.Path.Combine(Path, file);

    public string Write(string file, string text)
    {
        string path = this[file];
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>Puts a copy of an example here.</summary>
    public void Copy(string example) =>
        File.Copy(System.IO.Path.Combine(Examples.GoldenFrames.Folder, $"{example}.csx"), this[$"{example}.csx"]);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Compiles and loads one script, with services of its own.</summary>
    public LoadedRule Load(string file, string text, IReadOnlyDictionary<string, string>? parameters = null) =>
        TryLoad(file, text, parameters, out RuleDiagnostic? diagnostic)
        ?? throw new InvalidOperationException(diagnostic!.ToString());

    public LoadedRule? TryLoad(
        string file, string text, IReadOnlyDictionary<string, string>? parameters, out RuleDiagnostic? diagnostic)
    {
        CompiledRule compiled = RuleCompiler.Compile(Write(file, text));
        Assert.True(compiled.Succeeded, string.Join('\n', compiled.Diagnostics));
        var services = new RuleServices(new BridgeJournal(), TimeProvider.System, new Random(1));
        var globals = new RuleGlobals(compiled.Name, new RuleCounters(), services, parameters);
        return LoadedRule.TryLoad(compiled, globals, out LoadedRule? loaded, out diagnostic) ? loaded : null;
    }
}
