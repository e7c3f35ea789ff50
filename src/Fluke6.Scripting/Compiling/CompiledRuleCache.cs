using System.Security.Cryptography;
using System.Text;
using Fluke6.Scripting.Files;

namespace Fluke6.Scripting.Compiling;

/// <summary>
/// Compiled rules on disk: for files that hold what they held before, the compiler is not asked. An entry is found by the rule's path and
/// text and by <see cref="CompilerIdentity"/>, and is taken if each file that the compiler asked for holds what it held, or is still
/// missing. Whatever is wrong with an entry or with the folder, the rule is compiled, as without a cache. Any thread may use it.
/// </summary>
/// <param name="folder">The folder, as an absolute path; null for none.</param>
/// <param name="limit">How many bytes all entries may take together.</param>
/// <param name="patience">How long the folder's file system may take; then the cache is used no more.</param>
internal sealed class CompiledRuleCache(string? folder, long limit, TimeSpan patience)
{
    /// <summary>How the names of entries end.</summary>
    public const string Extension = ".rule";

    // The examples take 20 to 60 KB each.
    private const long DefaultLimit = 32 << 20;
    private const int LargestEntry = 8 << 20;

    private readonly Lock _lock = new();
    private PrivateFolder? _folder;
    private bool _wasOpened;
    private volatile bool _isOff = folder is null;

    /// <summary>This process's.</summary>
    public static CompiledRuleCache Shared { get; } = new(
        CacheFolder.Find(Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess), DefaultLimit, TimeSpan.FromSeconds(5));

    /// <summary>Why a folder is not used that is there, in a line that says what to do; null if there is nothing to be told.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Opens the folder, if there is to be one. The folder and why nothing is kept there; null if something is, or is not to be.</summary>
    public (string Folder, string Why)? Unusable()
    {
        if (folder is null || Patiently(Open) is not null)
            return null;

        return (folder, Trouble ?? $"{folder} cannot be made or written: compiled rules are not kept, and each start takes longer");
    }

    /// <summary>The compiler's result for a rule whose files hold what they held then; null if it is not known.</summary>
    /// <param name="path">The rule's file, as an absolute path.</param>
    /// <param name="trust">Whose files are taken.</param>
    public CompiledRule? Find(string path, FileTrust trust)
    {
        if (_isOff)
            return null;

        FileFingerprint text = FileFingerprint.Of(FileContent.Read(path, ScriptFiles.MaxLength, trust), ScriptFiles.MaxLength);
        if (text.Hash.Length == 0)
            return null;

        string name = NameOf(path, text);
        if (Patiently(() => Open()?.Read(name, LargestEntry)) is not { Length: > SHA256.HashSizeInBytes } entry
            || !Digest(name, entry).AsSpan().SequenceEqual(entry.AsSpan(0, SHA256.HashSizeInBytes)))
        {
            return null;
        }

        using var reader = new BinaryReader(
            new MemoryStream(entry, SHA256.HashSizeInBytes, entry.Length - SHA256.HashSizeInBytes, writable: false), Encoding.UTF8);
        CompiledRule kept = CompiledRuleFormat.Read(reader, trust);
        var now = new Dictionary<string, FileFingerprint>(StringComparer.Ordinal) { [path] = text };
        foreach ((string file, FileFingerprint before) in kept.Fingerprints)
        {
            if (file == path)
                continue;

            int most = before.Limit > 0 ? before.Limit : FileFingerprint.MaxRead;
            now[file] = FileFingerprint.Of(FileContent.Read(file, most, trust), most);
            if (!now[file].SameContent(before))
                return null;
        }

        Patiently(() => _folder?.Touch(name));
        return kept.With(now);
    }

    /// <summary>Keeps a result, unless another try may give another one.</summary>
    public void Keep(CompiledRule compiled)
    {
        if (_isOff || !IsCertain(compiled) || !compiled.Fingerprints.TryGetValue(compiled.Path, out FileFingerprint text) || text.Hash.Length == 0)
            return;

        using var entry = new MemoryStream();
        entry.SetLength(SHA256.HashSizeInBytes);
        entry.Position = SHA256.HashSizeInBytes;
        using (var writer = new BinaryWriter(entry, Encoding.UTF8, leaveOpen: true))
            CompiledRuleFormat.Write(writer, compiled);
        byte[] octets = entry.ToArray();
        if (octets.Length > LargestEntry)
            return;

        string name = NameOf(compiled.Path, text);
        Digest(name, octets).CopyTo(octets, 0);
        Patiently(() =>
        {
            if (Open() is { } open && open.Write(name, octets))
                open.Shrink(Extension, limit);
        });
    }

    // Limits of time and memory, and files that could not be read, are of this moment.
    private static bool IsCertain(CompiledRule compiled) =>
        compiled.Fingerprints.Values.All(file => file.Trouble is null)
        && compiled.Diagnostics.All(diagnostic => diagnostic.Id is not (RuleDiagnostic.CompilerFailed or RuleDiagnostic.Unreadable)
            // Another libpcap may take it.
            && (diagnostic.Id != RuleDiagnostic.Filter || !diagnostic.IsError));

    // Of what stands after the digest, and of the name: an entry that has another's name is damaged, too.
    private static byte[] Digest(string name, byte[] entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(name));
        hash.AppendData(entry.AsSpan(SHA256.HashSizeInBytes));
        return hash.GetHashAndReset();
    }

    private static string NameOf(string path, FileFingerprint text)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(CompilerIdentity.Current);
        hash.AppendData(Encoding.UTF8.GetBytes($"{text.Hash}{path}"));
        return Convert.ToHexStringLower(hash.GetHashAndReset()) + Extension;
    }

    private PrivateFolder? Open()
    {
        lock (_lock)
        {
            if (_wasOpened)
                return _folder;

            _wasOpened = true;
            _folder = PrivateFolder.Open(folder!, out string? refusal);
            _isOff = _folder is null;
            if (refusal is not null)
                Trouble = $"{refusal}: compiled rules are not kept, and each start takes longer";
            return _folder;
        }
    }

    private void Patiently(Action action) => Patiently(() =>
    {
        action();
        return true;
    });

    // A file system that hangs keeps a thread, and no rule.
    private T? Patiently<T>(Func<T> action)
    {
        if (_isOff)
            return default;

        T? result = default;
        var thread = new Thread(() => result = action()) { IsBackground = true, Name = "compiled rules" };
        thread.Start();
        if (thread.Join(patience))
            return result;

        _isOff = true;
        Trouble = $"{folder} does not answer: compiled rules are not kept, and each start takes longer";
        return default;
    }
}
