using Fluke6.Engine;
using Fluke6.Journal;

namespace Fluke6.Scripting.Tests;

/// <summary>A folder of scripts that can be loaded one by one.</summary>
internal sealed class ScriptFolder : RuleFolder
{
    /// <summary>Puts a copy of an example here.</summary>
    public void Copy(string example) =>
        File.Copy(System.IO.Path.Combine(Examples.GoldenFrames.Folder, $"{example}.csx"), this[$"{example}.csx"]);

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
