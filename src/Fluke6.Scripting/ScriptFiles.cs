using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.CodeAnalysis;

namespace Fluke6.Scripting;

/// <summary>
/// The files that one compilation reads, each read once: the rule's own and what it names in <c>#load</c> and <c>#r</c>. Remembers all
/// that it was asked for, files that do not exist included, so that a change to any of them is seen.
/// </summary>
internal sealed class ScriptFiles : SourceReferenceResolver
{
    /// <summary>The largest script, in octets: what is longer was not written by hand.</summary>
    public const int MaxLength = 1 << 20;

    private readonly Dictionary<string, byte[]?> _contents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileFingerprint> _fingerprints = new(StringComparer.Ordinal);

    /// <summary>Every file asked for, by absolute path, as it was.</summary>
    public IReadOnlyDictionary<string, FileFingerprint> Fingerprints => _fingerprints;

    /// <summary>A script's octets.</summary>
    /// <exception cref="IOException">It cannot be read, or is too large.</exception>
    public byte[] Read(string path) => Read(path, MaxLength);

    /// <summary>An assembly's octets.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public byte[] ReadAssembly(string path) => Read(path, int.MaxValue);

    /// <inheritdoc/>
    public override string? ResolveReference(string path, string? baseFilePath)
    {
        string full = NormalizePath(path, baseFilePath);
        if (File.Exists(full))
            return full;

        Note(full, null);
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
        if (_contents.TryGetValue(path, out byte[]? known) && known is not null)
            return known;

        Note(path, null);
        byte[] content;
        try
        {
            using FileStream file = File.OpenRead(path);
            if (file.Length > limit)
                throw new IOException($"the file has {file.Length} octets; a script has at most {limit}");
            content = File.ReadAllBytes(path);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException(exception.Message, exception);
        }

        Note(path, content);
        return content;
    }

    private void Note(string path, byte[]? content)
    {
        _contents[path] = content;
        _fingerprints[path] = FileFingerprint.Of(content);
    }
}

/// <summary>What a file held, in short; two files with the same one hold the same.</summary>
/// <param name="Hash">SHA-256 in hexadecimal; empty if the file was not there or could not be read.</param>
internal readonly record struct FileFingerprint(string Hash)
{
    /// <summary>Of a file that could not be read.</summary>
    public static FileFingerprint Missing => new("");

    public static FileFingerprint Of(byte[]? content) =>
        content is null ? Missing : new FileFingerprint(Convert.ToHexString(SHA256.HashData(content)));

    /// <summary>Of the file as it is now.</summary>
    public static FileFingerprint Of(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return new FileFingerprint(Convert.ToHexString(SHA256.HashData(file)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Missing;
        }
    }
}
