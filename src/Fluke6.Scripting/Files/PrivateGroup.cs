using System.Globalization;

namespace Fluke6.Scripting.Files;

/// <summary>
/// Groups that hold one user alone. Ubuntu and Fedora make one for each user, and let it write what the user makes: whatever only such a
/// group may write, nobody else may.
/// </summary>
internal static class PrivateGroup
{
    /// <summary>Whether a group is that of a user who is not root, and nobody else is in it.</summary>
    public static bool IsOf(uint user, uint group)
    {
        try
        {
            string outerUser = Outer("/proc/self/uid_map", user), outerGroup = Outer("/proc/self/gid_map", group);
            if (outerUser == "0")
                return false;

            // passwd(5): name, password, user, group; group(5): name, password, group, members.
            string[][] users = Entries("/etc/passwd"), groups = Entries("/etc/group");
            string? name = users.FirstOrDefault(entry => entry[2] == outerUser && entry[3] == outerGroup)?[0];
            return name is not null
                && groups.Any(entry => entry[2] == outerGroup && entry[0] == name && entry[3].Split(',').All(member => member.Length == 0 || member == name))
                && users.All(entry => entry[3] != outerGroup || entry[0] == name);
        }
        // Where these cannot be read, nobody is known to be alone.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string[][] Entries(string path) =>
        [.. File.ReadLines(path).Select(line => line.Split(':')).Where(entry => entry.Length > 3)];

    // The number in the user namespace around this one, whose files these are. user_namespaces(7).
    private static string Outer(string map, uint number)
    {
        foreach (string line in File.ReadLines(map))
        {
            uint[] words = [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => uint.Parse(word, CultureInfo.InvariantCulture))];
            if (number >= words[0] && number - words[0] < words[2])
                return (words[1] + (number - words[0])).ToString(CultureInfo.InvariantCulture);
        }

        return "";
    }
}
