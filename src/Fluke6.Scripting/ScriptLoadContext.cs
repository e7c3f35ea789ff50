using System.Reflection;
using System.Runtime.Loader;
using Fluke6.Rules;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting;

/// <summary>Where one version of a script lives, with the assemblies that it names by path; unloaded as a whole.</summary>
internal sealed class ScriptLoadContext(CompiledRule compiled) : AssemblyLoadContext(compiled.Name, isCollectible: true)
{
    /// <summary>The rule that this is a version of.</summary>
    public required RuleContext Rule { get; init; }

    /// <summary>Loads a script's assembly.</summary>
    public Assembly Load(byte[] assembly, byte[] symbols) =>
        LoadFromStream(new MemoryStream(assembly, writable: false), new MemoryStream(symbols, writable: false));

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        // The program's own assemblies come from the program: a Frame must be the bridge's Frame.
        if (ScriptReferences.Find(assemblyName.Name!) is not null)
            return null;

        string file = assemblyName.Name + ".dll";
        if (compiled.References.FirstOrDefault(reference => Path.GetFileName(reference) == file) is { } named)
            return Load(named, compiled.Fingerprints[named]);

        // An assembly's own dependencies are looked for beside it.
        return compiled.References.Select(reference => Path.Combine(Path.GetDirectoryName(reference)!, file)).Distinct()
            .Select(beside => Load(beside, null)).FirstOrDefault(assembly => assembly is not null);
    }

    // Not what the compiler did not see: a new build that took the file's place meanwhile is loaded next.
    private Assembly? Load(string path, FileFingerprint? seen)
    {
        FileContent content = FileContent.Read(path, FileFingerprint.MaxRead, compiled.Trust);
        if (content.Trouble is { } trouble)
            throw new FileLoadException(trouble);
        if (seen is { } expected && !FileFingerprint.Of(content, FileFingerprint.MaxRead).SameContent(expected))
            throw new FileLoadException($"{path} changed while the rule was loaded");
        return content.Octets is { } octets ? LoadFromStream(new MemoryStream(octets, writable: false)) : null;
    }
}
