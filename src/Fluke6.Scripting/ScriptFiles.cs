using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Fluke6.Scripting;

/// <summary>
/// The files that one compilation reads, each read once: the rule's own and what it names in <c>#load</c> and <c>#r</c>. Remembers all
/// that it was asked for, files that do not exist included, so that a change to any of them is seen.
/// </summary>
internal sealed class ScriptFiles : SourceReferenceResolver
{
    /// <summary>The largest script, in octets: what is longer was not written by hand.</summary>
    public const int MaxLength = 1 << 20;

    private readonly Dictionary<string, byte[]> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileFingerprint> _fingerprints = new(StringComparer.Ordinal);

    /// <summary>Every file asked for, by absolute path, as it was.</summary>
    public IReadOnlyDictionary<string, FileFingerprint> Fingerprints => _fingerprints;

    /// <summary>A script's octets.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public byte[] Read(string path) => Read(path, MaxLength);

    /// <summary>What the compiler is given instead of a script's text; null for the text itself.</summary>
    public Func<string, SourceText, SourceText>? Edit { get; set; }

    /// <summary>A script's text.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public override SourceText ReadText(string resolvedPath)
    {
        byte[] octets = Read(resolvedPath);
        // The encoding goes into the symbols: exceptions then name the script's line.
        SourceText text = SourceText.From(octets, octets.Length, Encoding.UTF8);
        return Edit is null ? text : Edit(resolvedPath, text);
    }

    /// <summary>An assembly's octets.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[] ReadAssembly(string path) => Read(path, FileFingerprint.MaxRead);

    /// <inheritdoc/>
    public override string? ResolveReference(string path, string? baseFilePath)
    {
        string full = NormalizePath(path, baseFilePath);
        if (File.Exists(full))
            return full;

        _fingerprints[full] = FileFingerprint.Missing;
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

        _fingerprints[path] = FileFingerprint.Missing;
        try
        {
            // Before the content: a write in between is then seen as a change, not missed.
            var file = new FileInfo(path);
            if (file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            DateTime lastWrite = file.LastWriteTimeUtc;
            if (file.Exists && file.Length > limit)
            {
                _fingerprints[path] = FileFingerprint.Of(path);
                throw new IOException($"it has {file.Length} octets, more than the {limit} that are read");
            }

            byte[] content = File.ReadAllBytes(path);
            _fingerprints[path] = FileFingerprint.Of(content, lastWrite);
            _contents[path] = content;
            return content;
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }
}
