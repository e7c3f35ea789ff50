using System.CommandLine;
using System.Text.Json;
using Fluke6.Scripting;
using Fluke6.Scripting.Files;

namespace Fluke6.Command.Service;

/// <summary>
/// A file that says what a command line can: a JSON object whose names are the options', without dashes, and those of the arguments. Comments
/// and a comma after the last member may be there. An option of the command line is in force instead of the file's; rules and parameters of
/// both are, and those of the command line come last.
/// </summary>
internal static class ConfigurationFile
{
    /// <summary>The option's name.</summary>
    public const string Option = "--config";

    private const string Rules = "rules", Parameters = "set", Capture = "capture";

    private static readonly JsonDocumentOptions s_json = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The command line with what its configuration file says right after the command's name.</summary>
    /// <exception cref="CommandFailure">The file cannot be read, others than root and the caller may write it, or it says something that the command line cannot.</exception>
    public static string[] Expand(string[] arguments, System.CommandLine.Command command)
    {
        int at = Array.IndexOf(arguments, Option);
        if (arguments.Length == 0 || arguments[0] != command.Name || at < 1 || at + 1 >= arguments.Length)
            return arguments;

        string path = arguments[at + 1];
        var given = arguments.Where(argument => argument.StartsWith("--", StringComparison.Ordinal)).Select(argument => argument.Split('=')[0]).ToHashSet();
        RefuseOfOthers(path, given);
        return [arguments[0], .. Read(path, command, given), .. arguments[1..]];
    }

    // Whoever may write it says which rules are run, and with "trust-any" whose.
    private static void RefuseOfOthers(string path, HashSet<string> given)
    {
        // Not a pipe of the shell's, such as --config <(...) has.
        string whole = Path.GetFullPath(path);
        if (given.Contains(RuleOptions.TrustAny) || whole.StartsWith("/dev/", StringComparison.Ordinal) || whole.StartsWith("/proc/", StringComparison.Ordinal))
            return;
        if (RulePaths.Refused([path], FileTrust.OfCaller) is [{ } refused, ..])
            throw new CommandFailure(ExitCode.RulesDoNotCompile, $"{Option} {path}: {refused}");
    }

    private static List<string> Read(string path, System.CommandLine.Command command, HashSet<string> given)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path), s_json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw Wrong(path, "the file is no JSON object: { \"left\": \"eth1\", \"right\": \"eth2\", \"rules\": [\"rules/\"] }");

            string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            var positional = new SortedDictionary<int, string>();
            var options = new List<string>();
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
            {
                int position = command.Arguments.ToList().FindIndex(argument => argument.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
                if (position >= 0)
                    positional[position] = Text(path, member, member.Value);
                else if (command.Options.FirstOrDefault(option => option.Name == $"--{member.Name}" && option.Name != Option) is { } option)
                    Add(options, path, folder, option, member, given);
                else
                    throw Wrong(path, $"'{member.Name}' is no option of 'fluke6 {command.Name}'; its --help lists them, and here they have no dashes");
            }

            return [.. positional.Values, .. options];
        }
        catch (JsonException exception)
        {
            throw Wrong(path, $"line {exception.LineNumber + 1}: {exception.Message.Split(" LineNumber:")[0].Split(" Path:")[0]}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(
                exception is UnauthorizedAccessException ? ExitCode.NoPermission : ExitCode.Usage, $"{Option} {path}: {exception.Message}");
        }
    }

    private static void Add(
        List<string> options, string path, string folder, Option option, JsonProperty member, HashSet<string> given)
    {
        bool adds = member.Name is Rules or Parameters;
        if (!adds && given.Contains(option.Name))
            return;

        if (option.ValueType == typeof(bool))
        {
            if (member.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                throw Wrong(path, $"'{member.Name}' is true or false");
            if (member.Value.GetBoolean())
                options.Add(option.Name);
            return;
        }

        foreach (string value in Values(path, member))
        {
            options.Add(option.Name);
            // As seen from the file, wherever the command is started.
            options.Add(member.Name is Rules or Capture ? Path.Combine(folder, value) : value);
        }
    }

    private static IEnumerable<string> Values(string path, JsonProperty member) => (member.Name, member.Value.ValueKind) switch
    {
        (Parameters, JsonValueKind.Object) => member.Value.EnumerateObject().Select(parameter => $"{parameter.Name}={List(path, parameter)}"),
        (Parameters, _) => throw Wrong(path, $"'{Parameters}' is an object: {{ \"mss\": 1300, \"10-clamp.mss\": 1200 }}"),
        (Rules, JsonValueKind.Array) => member.Value.EnumerateArray().Select(value => Text(path, member, value)),
        _ => [Text(path, member, member.Value)],
    };

    private static string List(string path, JsonProperty parameter) => parameter.Value.ValueKind == JsonValueKind.Array
        ? string.Join(',', parameter.Value.EnumerateArray().Select(value => Text(path, parameter, value)))
        : Text(path, parameter, parameter.Value);

    private static string Text(string path, JsonProperty member, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw Wrong(path, $"'{member.Name}' is a text or a number, not {value.GetRawText().ReplaceLineEndings(" ")}"),
    };

    private static CommandFailure Wrong(string path, string what) => new(ExitCode.Usage, $"{path}: {what}");
}
