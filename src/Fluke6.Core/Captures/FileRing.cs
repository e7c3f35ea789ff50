using System.Globalization;
using System.Text.RegularExpressions;

namespace Fluke6.Captures;

/// <summary>How many files a capture may take, and how long each may become.</summary>
/// <param name="Files">At least 2.</param>
/// <param name="Bytes">Of each file.</param>
internal readonly record struct FileRingSize(int Files, long Bytes)
{
    private const int MinFiles = 2, MaxFiles = 100_000;
    private const long MinBytes = 1L << 20;

    /// <summary>Reads a size such as <c>10x100M</c>: ten files of a hundred MiB. As <see cref="ByteCount"/> reads it.</summary>
    /// <returns>Null if it is none, or less than 2 files or 1 MiB each.</returns>
    public static FileRingSize? Parse(string text)
    {
        string[] parts = text.Split('x');
        if (parts.Length != 2 || ByteCount.Parse(parts[1]) is not (>= MinBytes and var bytes)
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int files) || files is < MinFiles or > MaxFiles)
        {
            return null;
        }

        return new FileRingSize(files, bytes);
    }
}

/// <summary>
/// The files of a capture that goes on for ever: the oldest makes room for the next, so that all of them together take no more than was
/// said. Each
/// is called after its number and when it began, so that their names are in the order of time, also where a bridge was started anew: files
/// that are
/// there already count. One thread at a time.
/// </summary>
/// <param name="path">What the names are made of: seen.pcapng becomes seen_00000001_20261231235959.pcapng.</param>
/// <param name="size">How many, how long.</param>
internal sealed partial class FileRing(string path, FileRingSize size)
{
    private readonly string _folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
    private readonly string _stem = System.IO.Path.GetFileNameWithoutExtension(path);
    private readonly string _extension = System.IO.Path.GetExtension(path);
    private string _current = path;

    /// <summary>The file that is being written.</summary>
    public string Current => Volatile.Read(ref _current);

    /// <summary>How long a file may become, in bytes.</summary>
    public long Limit => size.Bytes;

    /// <summary>Removes the oldest files, if there is no room, and begins the next.</summary>
    /// <exception cref="IOException">It cannot be made, or an old one cannot be removed.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written, or an old one not be removed.</exception>
    public FileStream Next()
    {
        List<(long Number, FileInfo File)> files = Files();
        long next = files.Count == 0 ? 1 : files[^1].Number + 1;
        // Those of an earlier bridge may be longer.
        while (files.Count >= size.Files || files.Sum(file => file.File.Length) > (size.Files - 1) * size.Bytes)
        {
            files[0].File.Delete();
            files.RemoveAt(0);
        }

        string name = string.Create(CultureInfo.InvariantCulture, $"{_stem}_{next:D8}_{DateTime.UtcNow:yyyyMMddHHmmss}{_extension}");
        string current = System.IO.Path.Combine(_folder, name);
        FileStream file = CaptureTarget.Open(current, overwrite: false);
        Volatile.Write(ref _current, current);
        return file;
    }

    private List<(long Number, FileInfo File)> Files() =>
    [
        .. new DirectoryInfo(_folder).EnumerateFiles().Select(file => (Number: NumberOf(file.Name), File: file))
            .Where(file => file.Number > 0).OrderBy(file => file.Number),
    ];

    // 0: another file.
    private long NumberOf(string name) => name.StartsWith($"{_stem}_", StringComparison.Ordinal)
        && NumberAndTime().Match(name[(_stem.Length + 1)..]) is { Success: true } match && match.Groups[2].Value == _extension
            ? long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^([0-9]{8,18})_[0-9]{14}(.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex NumberAndTime();
}
