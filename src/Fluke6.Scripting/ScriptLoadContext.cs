using System.Reflection;
using System.Runtime.Loader;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>Where one version of a script lives, with the assemblies that it names by path; unloaded as a whole.</summary>
internal sealed class ScriptLoadContext(string name, IReadOnlyList<string> references) : AssemblyLoadContext(name, isCollectible: true)
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
        foreach (string reference in references)
        {
            // An assembly's own dependencies are looked for beside it.
            string path = Path.GetFileName(reference) == file ? reference : Path.Combine(Path.GetDirectoryName(reference)!, file);
            if (File.Exists(path))
                return LoadFromStream(new MemoryStream(File.ReadAllBytes(path), writable: false));
        }

        return null;
    }
}
