using System.CommandLine;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Fluke6.Command.Tests.Documents;

/// <summary>Every command line that a document or a help shows is one; those that need no more than namespaces run.</summary>
public sealed partial class ReadmeCommandTests : IDisposable
{
    private static readonly MarkdownDocument[] s_documents = [MarkdownDocument.Readme, MarkdownDocument.ExamplesReadme];

    private readonly RuleFolder _folder = new();

    public ReadmeCommandTests()
    {
        // What the command lines name.
        Directory.CreateDirectory(Path.Combine(_folder.Path, "rules"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "examples"), FlukeProcess.Examples);
        foreach (string rule in (string[])["rules/pass.csx", "strip.csx", "clamp.csx", "pong.csx", "tcp-clamp-mss.csx"])
            _folder.Write(rule, "ushort mss = Param(\"mss\", (ushort)1220);\nvoid Apply(ref Frame frame) { }\n");
        byte[] capture = new CaptureBytes().PcapHeader().PcapPacket(1, 0, new byte[60]).ToArray();
        foreach (string file in (string[])["in.pcap", "in.pcapng", "one.pcap", "two.pcap"])
            File.WriteAllBytes(Path.Combine(_folder.Path, file), capture);
    }

    public static TheoryData<string> Replays => [.. Commands().Where(words => words[0] == "replay").Select(words => string.Join(' ', words))];

    public static TheoryData<string> CommandLines => [.. Commands().Select(words => string.Join(' ', words))];

    /// <summary>Options that stand alone, as they would follow a bridge.</summary>
    public static TheoryData<string> Options => [.. s_documents.SelectMany(document => document.Spans).Select(span => span.Text)
        .Where(text => text.StartsWith('-')).Select(Filled).Distinct()];

    public static TheoryData<string> Bridges => [.. Commands().Where(words => words[0] == "bridge" && !words.Contains("--supervise")).Select(words => string.Join(' ', words))];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void IsACommandLine(string line)
    {
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = _folder.Path;
        try
        {
            ParseResult parsed = CommandLine.Root().Parse(line.Split(' '));
            Assert.Empty(parsed.Errors.Select(error => error.Message));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void IsAnOption(string text)
    {
        string[] words = text.Split(' ');
        Option? known = CommandLine.Root().Subcommands.Append(CommandLine.Root()).SelectMany(command => command.Options)
            .FirstOrDefault(option => option.Name == words[0] || option.Aliases.Contains(words[0]));
        Assert.True(known is not null, $"{words[0]} is no option");
        // One that takes a value may be named without.
        if (words.Length > 1)
            IsACommandLine($"bridge tap:fluke0 none {text}");
    }

    [Theory]
    [MemberData(nameof(Bridges))]
    public void BridgeRuns(string line)
    {
        string name = $"fl6readme-{Environment.ProcessId}";
        using var namespaces = new Namespaces();
        // In a namespace, the names of interfaces and namespaces are nobody else's; the mounts hide those of this machine.
        string middle = namespaces.Add("middle");
        string script = $"""
            set -e
            mount -t tmpfs tmpfs /run/netns
            ip netns add one
            ip netns add two
            for i in 1 2; do ip link add eth$i type veth peer name peer$i; ip link set eth$i up; ip link set peer$i up; done
            cd {_folder.Path}
            exec {FlukeProcess.Program} {Regex.Replace(line, "--duration [0-9]+", "")} --duration 0.2 2>&1
            """;
        using Process process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", middle, "sh", "-c", script, name])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        })!;
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        Assert.DoesNotContain(output.Split('\n'), said => said.StartsWith("fluke6: ", StringComparison.Ordinal) && !said.StartsWith("fluke6: warning: ", StringComparison.Ordinal));
        Assert.Contains("ready", output);
    }

    [Theory]
    [MemberData(nameof(Replays))]
    public void ReplayRuns(string line)
    {
        using FlukeProcess process = FlukeProcess.InFolder(_folder.Path, line.Split(' '));
        Assert.True(process.WaitForExit() == 0, string.Join('\n', process.Errors));
    }

    [Fact]
    public void CheckRuns()
    {
        foreach (string[] words in Commands().Where(words => words[0] == "check"))
        {
            using var process = new FlukeProcess([.. words.Select(word => word == "check" || word.StartsWith('-') ? word : Path.Combine(_folder.Path, word))]);
            Assert.True(process.WaitForExit() == 0, string.Join('\n', process.Errors));
        }
    }

    [Fact]
    public void OptionsOfTheReadmeAreThoseOfTheHelp()
    {
        HashSet<string> named = [.. s_documents.SelectMany(document => document.Spans.Select(span => span.Text).Concat(document.Commands.Select(words => string.Join(' ', words))))
            .Where(text => text.StartsWith('-') || text.Contains(" --", StringComparison.Ordinal))
            .Where(text => IsOurs(text)).SelectMany(text => Option().Matches(text).Select(match => match.Value))];
        HashSet<string> real = [.. CommandLine.Root().Subcommands.SelectMany(command => command.Options).Select(option => option.Name)
            .Where(option => option != "--help")];
        Assert.Empty(named.Except([.. real, "--help", "--version"]).Order());
        // What has a short form may be named by that alone.
        HashSet<string> shown = [.. named, .. CommandLine.Root().Subcommands.SelectMany(command => command.Options)
            .Where(option => option.Aliases.Any(alias => s_documents.Any(document => document.Text.Contains($" {alias} ", StringComparison.Ordinal)))).Select(option => option.Name)];
        Assert.Empty(real.Except(shown).Order());
    }

    // With something in every place for the user's own.
    private static string Filled(string text) => text.Replace("SECONDS", "1", StringComparison.Ordinal).Replace(" N", " 1", StringComparison.Ordinal)
        .Replace("...", "1", StringComparison.Ordinal).Replace("FILE", "seen.pcapng", StringComparison.Ordinal);

    // An option that stands alone is Fluke6's; in a line, those of other programs stand behind their names.
    private static bool IsOurs(string text) => text.StartsWith('-') || text.Split(' ')[0] is "fluke6" or "bridge" or "lab" or "check" or "doctor" or "replay";

    /// <summary>As in the documents and in each help's examples, with something in every place for the user's own.</summary>
    private static IEnumerable<string[]> Commands()
    {
        IEnumerable<string[]> shown = s_documents.SelectMany(document => document.Commands)
            .Concat(((string[])["", "bridge", "lab", "check", "doctor", "replay", "test"]).SelectMany(HelpsExamples));
        // A command's name alone may be its name, and no more.
        return shown.Where(words => words is ["lab"] or { Length: > 1 })
            .Select(words => words.Select(word => word.Replace("NAME.csx", "ip-print.csx", StringComparison.Ordinal)).ToArray())
            .DistinctBy(words => string.Join(' ', words));
    }

    private static IEnumerable<string[]> HelpsExamples(string command)
    {
        using var process = command.Length == 0 ? new FlukeProcess("--help") : new FlukeProcess(command, "--help");
        process.WaitForExit();
        return [.. process.Output.SkipWhile(line => line != "Examples:").Select(line => HelpsLine().Match(line)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    }

    // Two blanks or more end the command; a redirection is the shell's.
    [GeneratedRegex(@"^  fluke6 (\S+(?: (?![ <])\S+)*)")]
    private static partial Regex HelpsLine();

    [GeneratedRegex(@"(?<![\w-])--[a-z][a-z-]+")]
    private static partial Regex Option();
}
