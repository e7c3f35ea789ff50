using System.CommandLine;
using System.CommandLine.Parsing;
using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Command.Streams;

namespace Fluke6.Command.Replaying;

/// <summary><c>fluke6 replay IN... -o OUT</c>: captures through a chain of rules.</summary>
internal sealed class ReplayCommand : System.CommandLine.Command
{
    /// <summary>What its help ends with.</summary>
    public const string Examples = """
          fluke6 replay in.pcap -o out.pcapng -r rules/        then: wireshark out.pcapng
          fluke6 replay in.pcapng -o out.pcapng -r strip.csx --left 192.0.2.0/24,02:00:00:00:00:01
          fluke6 replay one.pcap two.pcap -o out.pcapng        both as one, by their packets' times
          tcpdump -i eth1 -w - | fluke6 replay - -o - -r rules/ | tshark -r -

        The clock, timers and random numbers of the rules follow the captures' time and --seed: the same
        captures, rules and seed give the same bytes on every machine.
        """;

    private readonly Argument<string[]> _captures = new("IN")
    {
        Description = "A capture, pcap or pcapng, of Ethernet frames or IP packets; - for standard input. Several are one, by their packets' times.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The pcapng to write: every frame as it arrived and, where a rule changed, answered or sent one, as it departed, with what the rule did "
            + "as the packet's comment. - for standard output; the report then goes to standard error.",
        HelpName = "OUT",
        Required = true,
    };

    private readonly Option<LeftAddresses?> _left = new("--left")
    {
        Description = "Whose frames come from the left: those from these addresses, prefixes or MACs; others come from the right. Without it, of a pcapng "
            + "with two interfaces the first is left and the second right; of any other capture all is left.",
        HelpName = "ADDRESS|PREFIX|MAC,...",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (!LeftAddresses.TryParse(text, out LeftAddresses? addresses, out string? wrong))
                result.AddError($"'--left {text}': '{wrong}' is no address, prefix (without bits after its length) or MAC");
            return addresses;
        },
    };

    private readonly Option<double?> _linger = new("--linger")
    {
        Description = "For how long time goes on after the last frame, so that what rules do later is done.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 1,
        CustomParser = result => RuleOptions.Number(result, System.Globalization.NumberStyles.AllowDecimalPoint, 0, 1e6, "a number of seconds up to 1,000,000"),
    };

    private readonly Option<int> _mtu = new("--mtu")
    {
        Description = "The largest packet that rules may make a frame grow to.",
        HelpName = "BYTES",
        DefaultValueFactory = _ => 1500,
        CustomParser = result => RuleOptions.Whole(result, VirtualBridge.LeastMtu, ushort.MaxValue, $"a whole number from {VirtualBridge.LeastMtu} to 65,535"),
    };

    private readonly RuleOptions _options;

    /// <summary>The command.</summary>
    public ReplayCommand()
        : base("replay", "Runs captures through a chain of rules, with the captures' own time. Needs no privileges.")
    {
        _captures.Validators.Add(ValidateCaptures);
        Arguments.Add(_captures);
        Options.Add(_output);
        _options = new RuleOptions(this, RuleOptionChoice.Replay);
        foreach (Option option in (Option[])[_left, _linger, _mtu])
            Options.Add(option);
        SetAction(parsed =>
        {
            RuleArguments arguments = _options.Read(parsed);
            using var session = new ReplaySession(parsed.GetRequiredValue(_captures), parsed.GetRequiredValue(_output), arguments);
            return ProcessEnd.Guard("the replay was done", () =>
            {
                session.Run(parsed.GetValue(_left), parsed.GetValue(_mtu), TimeSpan.FromSeconds(parsed.GetValue(_linger) ?? 1));
                return ExitCode.Done;
            });
        });
    }

    private static void ValidateCaptures(SymbolResult result)
    {
        if (result.Tokens.Count(token => token.Value == ReplaySession.StandardStream) > 1)
            result.AddError("standard input can be read once, and - stands there more often");
        foreach (string path in result.Tokens.Select(token => token.Value).Where(path => path != ReplaySession.StandardStream))
        {
            if (Directory.Exists(path))
                result.AddError($"'{path}' is a folder: name the captures in it");
            else if (!Path.Exists(path))
                result.AddError($"no file '{path}' to replay");
        }
    }
}
