using Fluke6.Scripting.Files;
using Fluke6.Scripting.Positions;

namespace Fluke6.Scripting;

/// <summary>The compiler's result for a rule's file: an assembly, or what is wrong.</summary>
internal sealed class CompiledRule
{
    internal CompiledRule(
        string path,
        IReadOnlyDictionary<string, FileFingerprint> fingerprints,
        IReadOnlyList<RuleDiagnostic> diagnostics,
        MarkedAssembly? assembly,
        IReadOnlyList<string> references,
        FileTrust trust)
    {
        Path = path;
        Fingerprints = fingerprints;
        Diagnostics = diagnostics;
        Assembly = assembly;
        References = references;
        Trust = trust;
    }

    /// <summary>The file, as an absolute path.</summary>
    public string Path { get; }

    /// <summary>The rule's name: the file's, without the extension.</summary>
    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Errors and warnings, in the order of the compiler.</summary>
    public IReadOnlyList<RuleDiagnostic> Diagnostics { get; }

    /// <summary>Whether there is something to run.</summary>
    public bool Succeeded => Assembly is not null;

    /// <summary>Every file that the compiler asked for, by absolute path; those it did not find included.</summary>
    public IEnumerable<string> Files => Fingerprints.Keys;

    internal IReadOnlyDictionary<string, FileFingerprint> Fingerprints { get; }

    /// <summary>The same, of files that hold the same and were looked at anew.</summary>
    internal CompiledRule With(IReadOnlyDictionary<string, FileFingerprint> fingerprints) =>
        new(Path, fingerprints, Diagnostics, Assembly, References, Trust) { Parameters = Parameters };

    internal MarkedAssembly? Assembly { get; }

    /// <summary>The assemblies that <c>#r</c> named by path.</summary>
    internal IReadOnlyList<string> References { get; }

    /// <summary>The parameters that it may ask for; null where it makes up a name only as it runs.</summary>
    internal IReadOnlyList<AskedParameter>? Parameters { get; init; } = [];

    /// <summary>Whose files are taken.</summary>
    internal FileTrust Trust { get; }
}
