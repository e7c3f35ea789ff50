using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Fluke6.Scripting;

/// <summary>Finds what a script names in <c>#r</c>: a path relative to the script, or the name of an assembly that is there anyway.</summary>
internal sealed class ScriptReferenceResolver(ScriptFiles files) : MetadataReferenceResolver
{
    private readonly List<string> _paths = [];

    /// <summary>The assemblies that were found by path, in order.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <inheritdoc/>
    public override ImmutableArray<PortableExecutableReference> ResolveReference(
        string reference, string? baseFilePath, MetadataReferenceProperties properties)
    {
        if (files.ResolveReference(reference, baseFilePath) is { } path)
        {
            if (!_paths.Contains(path))
                _paths.Add(path);

            // From memory: the file may be replaced by a new build at any time.
            return [MetadataReference.CreateFromImage(files.ReadAssembly(path), properties, filePath: path)];
        }

        return ScriptReferences.Find(reference) is { } known ? [MetadataReference.CreateFromFile(known, properties)] : [];
    }

    /// <inheritdoc/>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
