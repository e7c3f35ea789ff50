using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Fluke6.Command.Control;
using Fluke6.Command.Doctor;
using Fluke6.Command.Extcap;
using Fluke6.Command.Replaying;
using Fluke6.Command.Service;
using Fluke6.Command.Streams;
using Fluke6.Command.Testing;
using Fluke6.Scripting.Hints;

namespace Fluke6.Command;

/// <summary>The <c>fluke6</c> command: parses, runs, and turns what went wrong into a line on standard error and an exit status.</summary>
internal static class CommandLine
{
    private const string Description = """
        A bump in the wire that you program. Fluke6 bridges two ports and runs every frame through
        C# scripts (.csx) that may drop it, rewrite it, answer it or send others. Save a script and
        it is live.
        """;

    private const string Examples = """
          fluke6 lab                          two hosts in namespaces with the bridge between them: begin here
          fluke6 bridge eth1 eth2 -r rules/   bridge two interfaces with the rules of a folder
          fluke6 check rules/                 compile the rules, say what is wrong with them
          fluke6 replay in.pcap -o out.pcapng -r rules/   run a capture through the rules
          fluke6 test rules/                  run the tests that stand beside the rules
          fluke6 doctor eth1 eth2             what at two interfaces would get in the way
          fluke6 attach                       the dashboard of a bridge that runs elsewhere

        Exit status: 0 done, 1 failed while running, 2 usage (also of fluke6 alone, which prints this), 3 rules
        cannot be loaded at start, 4 no permission.
        """;

    /// <summary>Runs the command.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args)
    {
        try
        {
            RootCommand root = Root();
            string[] all = ConfigurationFile.Expand(RuleOptions.WithEachRule(args), root.Subcommands.OfType<BridgeCommand>().Single());
            ParseResult parsed = root.Parse(all, new ParserConfiguration { ResponseFileTokenReplacer = null });
            if (parsed.Action is ParseErrorAction)
                throw new CommandFailure(ExitCode.Usage, $"{Fault(parsed)}; try '{NameOf(parsed)} --help'");

            // Signals end the bridge through StopRequest, in less time than the library's own handling takes to give up.
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (CommandFailure failure)
        {
            foreach (string line in failure.Lines)
                StandardStreams.Error.WriteLine($"fluke6: {line}");
            return failure.ExitCode;
        }
    }

    /// <summary>All commands with their options.</summary>
    internal static RootCommand Root()
    {
        var bridge = new BridgeCommand();
        var check = new CheckCommand();
        var lab = new LabCommand();
        var replay = new ReplayCommand();
        var test = new TestCommand();
        var doctor = new DoctorCommand();
        var attach = new AttachCommand();
        var root = new RootCommand(Description)
        {
            bridge, check, doctor, lab, replay, test, attach, new StatusCommand(), new EventsCommand(), RuleNameCommand.Reload(), RuleNameCommand.Enable(),
            RuleNameCommand.Disable(), new MoveCommand(), new SetCommand(), new CaptureCommand(), BridgeOnlyCommand.Zero(), BridgeOnlyCommand.Stop(),
            new ExtcapCommand(),
        };
        HelpOption option = root.Options.OfType<HelpOption>().Single();
        var help = new HelpWithExamples((HelpAction)option.Action!, new Dictionary<System.CommandLine.Command, string>
        {
            [root] = Examples,
            [bridge] = BridgeCommand.Examples,
            [check] = CheckCommand.Examples,
            [doctor] = DoctorCommand.Examples,
            [lab] = LabCommand.Examples,
            [replay] = ReplayCommand.Examples,
            [test] = TestCommand.Examples,
            [attach] = AttachCommand.Examples,
        });
        option.Action = help;
        // Without a command: all there is to choose from, and a status that says that nothing was done.
        root.SetAction(parsed =>
        {
            help.Invoke(parsed);
            return ExitCode.Usage;
        });
        return root;
    }

    // The library first complains of what is missing, though a misspelled word is why.
    private static string Fault(ParseResult parsed) => parsed.UnmatchedTokens is [var unknown, ..]
        ? $"'{unknown}' is no command or option here" + (Nearest(parsed, unknown) is { } meant ? $"; did you mean {meant}?" : "")
        : parsed.Errors[0].Message.TrimEnd('.').ReplaceLineEndings(" ").Replace("\t", "");

    private static string? Nearest(ParseResult parsed, string unknown)
    {
        System.CommandLine.Command command = parsed.CommandResult.Command;
        return SimilarName.Nearest(unknown, command.Subcommands.Select(one => one.Name).Concat(command.Options.Select(option => option.Name)));
    }

    private static string NameOf(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "fluke6" : $"fluke6 {parsed.CommandResult.Command.Name}";
}
