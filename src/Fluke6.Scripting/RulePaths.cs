using System.Globalization;
using Fluke6.Rules;

namespace Fluke6.Scripting;

/// <summary>The files behind <c>--rules PATH</c>: a script, or a folder with all scripts directly in it, in the order of their numbers.</summary>
public static class RulePaths
{
    /// <summary>All scripts that these paths stand for, in the order of the chain, as absolute paths.</summary>
    /// <param name="paths">Files and folders. Within a folder, files with a numeric prefix come first, by number, then by name.</param>
    /// <param name="diagnostics">Paths that are not there, and files whose names are taken.</param>
    public static IReadOnlyList<string> Find(IEnumerable<string> paths, out IReadOnlyList<RuleDiagnostic> diagnostics)
    {
        var problems = new List<RuleDiagnostic>();
        var files = new List<string>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in paths.SelectMany(path => Expand(Path.GetFullPath(path), problems)))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (names.TryAdd(name, file))
                files.Add(file);
            else if (names[name] != file)
                problems.Add(RuleDiagnostic.Error(file, RuleDiagnostic.DuplicateName, $"the name is taken by {names[name]}; rename one of them"));
        }

        diagnostics = problems;
        return files;
    }

    private static IEnumerable<string> Expand(string path, List<RuleDiagnostic> problems)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return
                [
                    .. Directory.EnumerateFiles(path, "*" + RuleFault.ScriptExtension)
                        .Where(IsRule).OrderBy(Number).ThenBy(Path.GetFileName, StringComparer.Ordinal),
                ];
            }

            if (File.Exists(path))
                return [path];
            problems.Add(RuleDiagnostic.Error(path, RuleDiagnostic.Unreadable, "there is no such file or folder"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(RuleDiagnostic.Error(path, RuleDiagnostic.Unreadable, $"cannot be read: {exception.Message}"));
        }

        return [];
    }

    // Editors keep locks and copies as .#x.csx, .x.csx.swp and the like; a link that leads nowhere (Emacs makes such) is no rule.
    private static bool IsRule(string file) => !Path.GetFileName(file).StartsWith('.') && File.Exists(file);

    private static ulong Number(string file)
    {
        ReadOnlySpan<char> name = Path.GetFileName(file.AsSpan());
        int digits = name.IndexOfAnyExceptInRange('0', '9');
        return ulong.TryParse(name[..Math.Max(digits, 0)], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : ulong.MaxValue;
    }
}
