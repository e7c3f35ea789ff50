using System.Text;
using Fluke6.Scripting.Files;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Fluke6.Scripting;

/// <summary>
/// The files that one compilation reads, each read once: the rule's own and what it names in <c>#load</c> and <c>#r</c>. Remembers all
/// that it was asked for, files that do not exist included, so that a change to any of them is seen.
/// </summary>
internal sealed class ScriptFiles(FileTrust trust) : SourceReferenceResolver
{
    /// <summary>The largest script, in octets: what is longer was not written by hand.</summary>
    public const int MaxLength = 1 << 20;

    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileFingerprint> _fingerprints = new(StringComparer.Ordinal);
    private readonly List<string> _refused = [];

    /// <summary>Whose files are taken.</summary>
    public FileTrust Trust => trust;

    /// <summary>Every file asked for, by absolute path, as it was.</summary>
    public IReadOnlyDictionary<string, FileFingerprint> Fingerprints => _fingerprints;

    /// <summary>Why files that are there could not be read, a sentence each: no rule is to run without them.</summary>
    public IReadOnlyList<string> Refused => _refused;

    /// <summary>Takes a script from memory.</summary>
    public void Give(string path, byte[] octets) => _contents[path] = octets;

    /// <summary>A script's octets.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public byte[] Read(string path) => Read(path, MaxLength);

    /// <summary>Changes a script's text for the compiler; null for the text itself.</summary>
    public Func<string, SourceText, SourceText>? Edit { get; set; }

    /// <summary>A script's text.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public override SourceText ReadText(string resolvedPath)
    {
        byte[] octets = Read(resolvedPath);
        // The encoding goes into the symbols: exceptions then name the script's line.
        SourceText text = SourceText.From(octets, octets.Length, Encoding.UTF8);
        if (text.ToString().Contains('\0', StringComparison.Ordinal))
        {
            string reason = $"{resolvedPath} is no text in UTF-8: it has zero bytes, as files in UTF-16 or UTF-32 do; save it as UTF-8";
            _refused.Add(reason);
            throw new IOException(reason);
        }

        return Edit is null ? text : Edit(resolvedPath, text);
    }

    /// <summary>An assembly's octets.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public byte[] ReadAssembly(string path) => Read(path, FileFingerprint.MaxRead);

    /// <inheritdoc/>
    public override string? ResolveReference(string path, string? baseFilePath)
    {
        string full = NormalizePath(path, baseFilePath);
        if (_contents.ContainsKey(full))
            return full;

        FileFingerprint found;
        using (PathWalk walk = PathWalk.To(full, trust))
        {
            // A file that cannot be read is there: reading it says why. If its folder is missing, nothing is refused, and nothing found.
            if (walk is { IsMissing: false, Trouble: null } || (walk.Trouble is not null && !walk.LacksFolder))
                return full;
            found = walk.IsMissing ? FileFingerprint.Missing : FileFingerprint.Unknown(walk.Trouble!);
        }

        _fingerprints[full] = found;
        return null;
    }

    /// <inheritdoc/>
    public override string NormalizePath(string path, string? baseFilePath) =>
        Path.GetFullPath(path, baseFilePath is null ? Environment.CurrentDirectory : Path.GetDirectoryName(baseFilePath)!);

    /// <inheritdoc/>
    public override Stream OpenRead(string resolvedPath) => new MemoryStream(Read(resolvedPath), writable: false);

    // Two compilations never share what they read.

    /// <inheritdoc/>
    public override bool Equals(object? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private byte[] Read(string path, int limit)
    {
        if (_contents.TryGetValue(path, out byte[]? known))
            return known;

        FileContent content = FileContent.Read(path, limit, trust);
        _fingerprints[path] = FileFingerprint.Of(content, limit);
        if (content.Octets is { } octets)
            return _contents[path] = octets;
        if (content.IsMissing)
            throw new IOException($"there is no {path}");

        _refused.Add(content.Trouble!);
        throw new IOException(content.Trouble);
    }
}
