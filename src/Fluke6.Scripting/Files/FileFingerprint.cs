using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Fluke6.Scripting.Files;

/// <summary>A file's content, in short.</summary>
/// <param name="Hash">SHA-256 in hexadecimal; empty if the file was not there or could not be read.</param>
/// <param name="Status">Of the file that was read.</param>
/// <param name="ReadAt">When it was read, in nanoseconds since 1970.</param>
/// <param name="Limit">How many octets of it would have been read; 0 if nobody said.</param>
/// <param name="Trouble">Why nobody knows what it holds; null if it was read, or is not there.</param>
internal readonly record struct FileFingerprint(string Hash, FileStatus Status, long ReadAt, int Limit, string? Trouble)
{
    /// <summary>Larger files, in octets, are not read.</summary>
    public const int MaxRead = 1 << 26;

    // Two writes within the file system's clock's tick have one time; two seconds is the coarsest clock (FAT).
    private const long CoarsestTick = 2_000_000_000;

    /// <summary>Of a file that its folder lacks.</summary>
    public static FileFingerprint Missing { get; } = new("", default, 0, 0, null);

    /// <summary>Whether there is nothing in the file: it is gone, or an editor has just emptied it to write it anew.</summary>
    public bool IsEmpty => Trouble is null && Status.Length == 0;

    /// <summary>UTC; of a file that was not read, long ago.</summary>
    public DateTime LastWrite => Status.LastWriteTime;

    /// <summary>Whether both files hold the same octets, as far as is known.</summary>
    public bool SameContent(FileFingerprint other) => Hash == other.Hash && Trouble == other.Trouble;

    /// <summary>Of a file that cannot be read.</summary>
    public static FileFingerprint Unknown(string trouble) => new("", default, 0, 0, trouble);

    /// <summary>Of a file that was read, as far as that went.</summary>
    public static FileFingerprint Of(FileContent content, int limit) => content switch
    {
        { IsMissing: true } => Missing,
        { Octets: { } octets } => new(Convert.ToHexString(SHA256.HashData(octets)), content.Status, Now, limit, null),
        _ => new("", content.Status, 0, limit, content.Trouble),
    };

    /// <summary>Of the file as it is now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trust">Whose files are taken.</param>
    /// <param name="known">The one before: returned as it is, without reading, if it is the same file and nobody wrote to it.</param>
    /// <param name="thorough">Whether to read a file that may have been written twice within one tick of its file system's clock.</param>
    /// <param name="steps">Gets the names that were looked up.</param>
    public static FileFingerprint Of(string path, FileTrust trust, FileFingerprint known, bool thorough, ICollection<PathStep> steps)
    {
        using (PathWalk walk = PathWalk.To(path, trust))
        {
            foreach (PathStep step in walk.Steps)
                steps.Add(step);
            if (walk.IsMissing)
                return Missing;
            if (walk.Trouble is { } trouble)
                return Unknown(trouble);
            if (known.Trouble is null && known.Status == walk.Status && !(thorough && known.IsUnsure))
                return known;
        }

        // With the limit of before: what was too large then is so still.
        int limit = known.Limit > 0 ? known.Limit : MaxRead;
        return Of(FileContent.Read(path, limit, trust), limit);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static FileFingerprint Read(BinaryReader reader)
    {
        string hash = reader.ReadString();
        FileStatus status = default;
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(new Span<FileStatus>(ref status)));
        return new(hash, status, reader.ReadInt64(), reader.ReadInt32(), reader.ReadBoolean() ? reader.ReadString() : null);
    }

    /// <summary>Writes all of it, for another process.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Hash);
        FileStatus status = Status;
        writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<FileStatus>(in status)));
        writer.Write(ReadAt);
        writer.Write(Limit);
        writer.Write(Trouble is not null);
        if (Trouble is not null)
            writer.Write(Trouble);
    }

    private static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

    // As git does with its index: a file that was read when it had just been written may have been written again since.
    private bool IsUnsure => ReadAt - Status.LastChange < CoarsestTick;
}
