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
        // What the program itself has comes from there: a Frame must be the bridge's Frame.
        if (ScriptReferences.Find(assemblyName.Name!) is not null)
            return null;

        string file = assemblyName.Name + ".dll";
        foreach ((string reference, byte[] octets) in compiled.References)
        {
            if (Path.GetFileName(reference) == file)
                return LoadFromStream(new MemoryStream(octets, writable: false));
        }

        // An assembly's own dependencies are looked for beside it.
        foreach (string folder in compiled.References.Select(reference => Path.GetDirectoryName(reference.Path)!).Distinct())
        {
            FileContent beside = FileContent.Read(Path.Combine(folder, file), FileFingerprint.MaxRead, compiled.Trust);
            if (beside.Trouble is { } trouble)
                throw new FileLoadException(trouble);
            if (beside.Octets is { } octets)
                return LoadFromStream(new MemoryStream(octets, writable: false));
        }

        return null;
    }
}
