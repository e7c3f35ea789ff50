using System.Globalization;
using static Tmds.Linux.LibC;

namespace Fluke6.Scripting.Files;

/// <summary>
/// Whose rules are run: a rule is a program with the bridge's rights, so whoever may write it, or rename a folder on its path, has them.
/// A file, every folder on its path and every link must belong to root or to the caller, and nobody else may write it. A folder that
/// everybody may write is fine if it is sticky, as /tmp is: there, nobody can rename or remove what belongs to another.
/// </summary>
internal sealed class FileTrust
{
    private readonly HashSet<uint>? _owners;

    private FileTrust(HashSet<uint>? owners) => _owners = owners;

    /// <summary>Takes anybody's files: <c>--trust-any</c>.</summary>
    public static FileTrust Any { get; } = new(null);

    /// <summary>
    /// Takes root's files and the caller's: the effective user's and, where root was become by sudo, those of the user who typed that, who
    /// may become root anyway.
    /// </summary>
    public static FileTrust OfCaller { get; } = new(Callers());

    /// <summary>Takes the files of these users, by number.</summary>
    internal static FileTrust Of(params IEnumerable<uint> owners) => new([.. owners]);

    /// <summary>The users whose files are taken, for the compiler's process; null for anybody.</summary>
    internal IReadOnlyCollection<uint>? Owners => _owners;

    /// <summary>Why a file, a folder or a link is not taken, and what to type; null if it is.</summary>
    internal string? Refuse(string path, FileStatus status)
    {
        // A device or a FIFO is not taken anyway, whoever's it is.
        if (_owners is null || !(status.IsRegular || status.IsFolder || status.IsLink))
            return null;
        if (!_owners.Contains(status.Owner))
        {
            return $"refused: {path} belongs to user {status.Owner}, neither to root nor to you; "
                + $"type 'chown {(status.IsLink ? "-h " : "")}root {Quote(path)}', or start with --trust-any";
        }

        // A link's mode says nothing; its folder's does.
        if (status.IsLink || (status.IsFolder && status.IsSticky))
            return null;
        if (!status.IsWritableByAll && (!status.IsWritableByGroup || PrivateGroup.IsOf(status.Owner, status.Group)))
            return null;
        return $"refused: others may write {path} (mode {status.Permissions}); type 'chmod go-w {Quote(path)}', or start with --trust-any";
    }

    private static HashSet<uint> Callers()
    {
        uint user = geteuid();
        var owners = new HashSet<uint> { 0, user };
        if (user == 0 && uint.TryParse(Environment.GetEnvironmentVariable("SUDO_UID"), NumberStyles.None, CultureInfo.InvariantCulture, out uint sudoer))
            owners.Add(sudoer);
        if (UnmappedUser() is { } unmapped)
            owners.Add(unmapped);
        return owners;
    }

    // Within a user namespace everybody who has no number there, the real root among them, appears as this one user. user_namespaces(7).
    private static uint? UnmappedUser()
    {
        try
        {
            uint overflow = uint.Parse(File.ReadAllText("/proc/sys/kernel/overflowuid"), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
            foreach (string line in File.ReadLines("/proc/self/uid_map"))
            {
                string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
                ulong first = ulong.Parse(words[0], CultureInfo.InvariantCulture), count = ulong.Parse(words[2], CultureInfo.InvariantCulture);
                if (overflow >= first && overflow - first < count)
                    return null;
            }

            return overflow;
        }
        // Without /proc there is no telling; then nobody more is trusted.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string Quote(string path) =>
        path.All(letter => char.IsAsciiLetterOrDigit(letter) || "/._-+@,:=".Contains(letter, StringComparison.Ordinal))
            ? path
            : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
