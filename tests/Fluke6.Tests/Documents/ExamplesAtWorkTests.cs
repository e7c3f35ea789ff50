using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Fluke6.Command.Tests.Documents;

/// <summary>
/// Every command in the column "to see it" of the examples' README is run, with the example at work, and succeeds. Whoever copies it sees
/// what the table promises.
/// </summary>
public sealed partial class ExamplesAtWorkTests
{
    // They need a resolver, a name server, a client or server of Teredo, DHCP or TLS, or a bridge of its own beside the two hosts: end-to-end tests of
    // their names make those. The frames that dhcp-print and lldp-print see stand in their own tests.
    private static readonly string[] s_needMore =
        ["dhcp-print", "lldp-print", "mld-report-groups", "dns-rewrite-aaaa", "dns-answer-from-upstream", "teredo-print", "teredo-rewrite-inner",
            "ipv6-remove-extension-headers", "dhcpv6-answer", "tls-log-sni"];

    // Some run until Ctrl-C, and some succeed only once a host has its addresses.
    private const string UntilControlC = "timeout --preserve-status -s INT 5 stdbuf -o0";
    private const int Attempts = 30;

    // A rule that only looks on: nobody answers the ping that it prints.
    private static readonly (string Rule, string Logged) s_onlyLogs = ("ip-print", "> 10.6.0.2");

    public static TheoryData<string> Rows => [.. AllRows().Where(row => !s_needMore.Contains(row.Rule)).Select(row => row.Rule)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void CommandsSucceed(string rule)
    {
        Row row = AllRows().Single(row => row.Rule == rule);
        foreach ((string command, _) in row.Commands)
            TwoHosts.RequireTool(command.Split(' ')[0]);
        TwoHosts.RequireTool("script");
        using var namespaces = new Namespaces();
        if (row.IsLab)
        {
            using FlukeProcess lab = FlukeProcess.AtTerminal(["lab", "--headless", "-r", $"examples/{rule}.csx", .. row.Options]);
            string[] hosts = [];
            lab.WaitFor(
                () => (hosts = [.. Host().Matches(string.Join('\n', lab.Output)).Select(match => match.Groups[1].Value)]).Length == 2, "how to enter the hosts");
            foreach ((string command, bool onRight) in row.Commands)
                Succeed(hosts[onRight ? 1 : 0], command, lab);
            using Process kill = Process.Start("kill", ["-TERM", $"{lab.Child}"]);
            Assert.Equal(0, lab.WaitForExit());
        }
        else
        {
            string host = namespaces.Add("host");
            string[] line = row.Bridge ?? ["bridge", "tap:fluke0", "none", "-r", $"examples/{rule}.csx"];
            using FlukeProcess bridge = FlukeProcess.In(host, [.. line.Select(InExamples), .. row.Options.Select(InExamples), "--stats", "none"]);
            bridge.WaitFor(() => bridge.Output.Any(said => said.Contains("ready", StringComparison.Ordinal)), "readiness");
            foreach (string address in row.Addresses)
                namespaces.Ip(host, $"address add {address} dev fluke0{(address.Contains(':', StringComparison.Ordinal) ? " nodad" : "")}");
            foreach ((string command, _) in row.Commands)
                Succeed(host, command, bridge, rule == s_onlyLogs.Rule ? s_onlyLogs.Logged : null);
        }
    }

    [Fact]
    public void EveryExampleHasARow() => Assert.Equal(
        Directory.GetFiles(FlukeProcess.Examples, "*.csx").Select(Path.GetFileNameWithoutExtension).Order(), AllRows().Select(row => row.Rule).Order());

    private static void Succeed(string host, string command, FlukeProcess fluke, string? logged = null)
    {
        string said = "";
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            using Process process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", host, "sh", "-c", $"echo Hello | {UntilControlC} {command} 2>&1"])
            {
                RedirectStandardOutput = true,
            })!;
            said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            // nc waits on after the answer: ROT13's of Hello.
            bool succeeded = process.ExitCode == 0 || said.Contains("Uryyb", StringComparison.Ordinal)
                || (logged is not null && fluke.Output.Any(line => line.Contains(logged, StringComparison.Ordinal)));
            if (succeeded)
                return;
        }

        Assert.Fail($"{command}: {said}\n{string.Join('\n', fluke.Output.TakeLast(20))}\n{string.Join('\n', fluke.Errors)}");
    }

    private static string InExamples(string word) =>
        word.StartsWith("examples/", StringComparison.Ordinal) ? Path.Combine(AppContext.BaseDirectory, word) : word;

    private static IEnumerable<Row> AllRows() => MarkdownDocument.ExamplesReadme.Text.Split('\n')
        .Where(line => line.StartsWith("| [", StringComparison.Ordinal)).Select(line => new Row(line));

    [GeneratedRegex(@"ip netns exec (\S+)")]
    private static partial Regex Host();

    [GeneratedRegex("`([^`]+)`( (?:on|from) (?:left|right))?|(?:on|from) (left|right)")]
    private static partial Regex Piece();

    [GeneratedRegex(@"^[0-9a-f:.]+/\d+$")]
    private static partial Regex Address();

    /// <summary>A row of the table, with something in every place for the reader's own.</summary>
    private sealed class Row
    {
        public Row(string line)
        {
            string[] cells = line.Split('|', StringSplitOptions.TrimEntries);
            Rule = cells[1][1..cells[1].IndexOf(']', StringComparison.Ordinal)];
            string see = cells[4];
            IsLab = see.StartsWith("lab", StringComparison.Ordinal) || see.StartsWith("behind a router", StringComparison.Ordinal);
            bool onRight = see.StartsWith("behind a router", StringComparison.Ordinal);
            foreach (Match piece in Piece().Matches(see))
            {
                string text = piece.Groups[1].Value.Replace("ADDRESS", "2001:db8:1::77", StringComparison.Ordinal);
                if (text.Length == 0)
                    onRight = piece.Groups[3].Value == "right";
                else if (text.StartsWith('-'))
                    Options.AddRange(text.Split(' '));
                else if (text.StartsWith("./run.sh ", StringComparison.Ordinal))
                    Bridge = text.Split(' ')[1..];
                else if (Address().IsMatch(text))
                    Addresses.Add(text);
                else if (text.Contains(' ', StringComparison.Ordinal))
                    Commands.Add((text, piece.Groups[2].Success ? piece.Groups[2].Value.EndsWith("right", StringComparison.Ordinal) : onRight));
            }
        }

        public string Rule { get; }

        /// <summary>Whether it is seen in the lab; otherwise behind one interface.</summary>
        public bool IsLab { get; }

        /// <summary>How the bridge is started, if not as the table's introduction says.</summary>
        public string[]? Bridge { get; }

        public List<string> Options { get; } = [];

        public List<string> Addresses { get; } = [];

        public List<(string Command, bool OnRight)> Commands { get; } = [];
    }
}
