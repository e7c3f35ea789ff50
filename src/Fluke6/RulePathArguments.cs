using System.CommandLine.Parsing;
using Fluke6.Journal;

namespace Fluke6.Command;

/// <summary>Paths of rules as users type them, and the files beside them that they may have meant.</summary>
internal static class RulePathArguments
{
    /// <summary>Refuses a path that is not there, and a file whose name is not a rule's.</summary>
    public static void Validate(SymbolResult result)
    {
        foreach (string path in result.Tokens.Select(token => token.Value))
        {
            if (!Path.Exists(path))
            {
                result.AddError(path.StartsWith('-') ? $"'{path}' is no option here, nor a file or folder of rules"
                    : $"no file or folder '{path}' to take rules from");
            }
            else if (!Directory.Exists(path) && !IsRule(path))
                result.AddError(NoRule(path));
        }
    }

    /// <summary>One sentence for each file directly in these folders that is no rule, but is called nearly like one.</summary>
    public static IEnumerable<string> PassedOver(IEnumerable<string> paths) =>
        paths.Where(Directory.Exists).SelectMany(FilesOf).Where(file => !IsRule(file) && IsNearlyRule(file)).Select(NoRule);

    private static bool IsRule(string file) => file.EndsWith(RuleFault.ScriptExtension, StringComparison.Ordinal);

    private static bool IsNearlyRule(string file) =>
        Path.GetExtension(file).ToLowerInvariant() is RuleFault.ScriptExtension or ".cs" or ".csc" or ".cxs" or ".scx";

    private static string NoRule(string file) => $"{file} is no rule: its name does not end in {RuleFault.ScriptExtension}";

    private static string[] FilesOf(string folder)
    {
        try
        {
            string[] files = Directory.GetFiles(folder);
            Array.Sort(files, StringComparer.Ordinal);
            return files;
        }
        // Reported with the rules.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
