using System.Security.Cryptography;

namespace Fluke6.Scripting;

/// <summary>What a file held, in short.</summary>
/// <param name="Hash">SHA-256 in hexadecimal; empty if the file was not there or could not be read.</param>
/// <param name="Length">In octets.</param>
/// <param name="LastWrite">UTC.</param>
internal readonly record struct FileFingerprint(string Hash, long Length, DateTime LastWrite)
{
    /// <summary>Larger files, in octets, are told apart by length and time alone.</summary>
    public const int MaxRead = 1 << 26;

    /// <summary>Of a file that is not there or cannot be read.</summary>
    public static FileFingerprint Missing { get; } = new("", 0, default);

    /// <summary>Whether there is nothing in the file: it is gone, or an editor has just emptied it to write it anew.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>Whether both files hold the same octets.</summary>
    public bool SameContent(FileFingerprint other) => Hash == other.Hash;

    /// <summary>Of a content that was read.</summary>
    public static FileFingerprint Of(byte[] content, DateTime lastWrite) =>
        new(Convert.ToHexString(SHA256.HashData(content)), content.Length, lastWrite);

    /// <summary>Of a file that is too large to be read.</summary>
    public static FileFingerprint Unread(long length, DateTime lastWrite) => new($"{length} octets at {lastWrite:O}", length, lastWrite);

    /// <summary>Of the file as it is now.</summary>
    /// <param name="path">The file.</param>
    /// <param name="known">What it was: returned as it is, without reading, if length and time did not change.</param>
    public static FileFingerprint Of(string path, FileFingerprint? known = null)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                return Missing;
            // A link's own length and time say nothing about the file.
            if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;

            DateTime lastWrite = file.LastWriteTimeUtc;
            if (known is { } before && before.Length == file.Length && before.LastWrite == lastWrite)
                return before;
            return file.Length > MaxRead ? Unread(file.Length, lastWrite) : Of(File.ReadAllBytes(path), lastWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Missing;
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static FileFingerprint Read(BinaryReader reader) =>
        new(reader.ReadString(), reader.ReadInt64(), new DateTime(reader.ReadInt64(), DateTimeKind.Utc));

    /// <summary>Writes all of it, for another process.</summary>
    public void Write(BinaryWriter writer)
    {
        writer.Write(Hash);
        writer.Write(Length);
        writer.Write(LastWrite.Ticks);
    }
}
