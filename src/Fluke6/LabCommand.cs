using System.CommandLine;
using Fluke6.Command.Control;
using Fluke6.Command.Lab;
using Fluke6.Command.Reports;
using Fluke6.Command.Streams;
using Fluke6.Command.Supervision;
using Fluke6.Linux;
using Fluke6.Scripting;
using Fluke6.Scripting.Files;

namespace Fluke6.Command;

/// <summary><c>fluke6 lab</c>: two hosts in network namespaces with the bridge between them.</summary>
internal sealed class LabCommand : System.CommandLine.Command
{
    private const string SocketName = "lab";

    /// <summary>The end of its help.</summary>
    public static string Examples { get; } = $"""
          fluke6 lab                          at a terminal: opens the dashboard, which says how to enter the hosts
          fluke6 lab < /dev/null              shows what the example rules do, and ends
          fluke6 lab -r rules/ --set mss=900  the same with rules of yours
          fluke6 lab --ports veth             the same with veth pairs instead of TAP devices
          fluke6 lab --capture seen.pcapng    the same, and every frame before and after the rules, for Wireshark
          fluke6 attach                       from another terminal: its dashboard once more

        Without -r it runs {LabRules.Shipped.Count} of the examples, which go together:
        {string.Join(",\n", LabRules.Shipped.Select(path => Path.GetFileNameWithoutExtension(path)).Chunk(3).Select(names => string.Join(", ", names)))}.
        At a terminal, they are copies for you to edit, in ~/.local/share/fluke6/lab-rules (or
        $XDG_DATA_HOME/fluke6/lab-rules).
        What a lab that was killed left behind, the next one deletes; or 'ip netns delete NAME'.
        """;

    private readonly Option<string> _ports = new("--ports")
    {
        Description = "How the bridge reaches the hosts: by TAP devices in them, or by veth pairs.",
        HelpName = "tap|veth",
        DefaultValueFactory = _ => "tap",
    };

    private readonly Option<string?> _control = ControlOption.Make(SocketName);

    private readonly RuleOptions _options;

    /// <summary>The command.</summary>
    public LabCommand()
        : base("lab", "Makes two hosts in network namespaces and bridges them. Needs root, or user namespaces, and iproute2; leaves nothing behind.")
    {
        _options = new RuleOptions(this, RuleOptionChoice.Lab);
        _ports.AcceptOnlyFromAmong("tap", "veth");
        Options.Add(_ports);
        Options.Add(_control);
        SetAction(parsed => Run(_options.Read(parsed), parsed.GetRequiredValue(_ports), parsed.GetValue(_control)));
    }

    private static int Run(RuleArguments arguments, string ports, string? control)
    {
        // Before an ordinary user becomes the root of a user namespace, where other users cannot be told from the real root.
        if (RulePaths.Refused(arguments.Paths, arguments.Trust) is { Count: > 0 } refused)
            throw new CommandFailure(ExitCode.RulesDoNotCompile, refused);

        LabPrivilege.Ensure();
        if (Handover.Received.Parent is null && arguments.Dashboard)
        {
            using var supervisor = new Supervisor(arguments, ports: null);
            int status = supervisor.Run();
            // Those of a lab that had no time to.
            LabHost.SweepOwn();
            return status;
        }

        var lifeline = Lifeline.Begin(Handover.Received);
        return lifeline.Run(() => Run(arguments, ports, control, lifeline));
    }

    private static int Run(RuleArguments arguments, string kind, string? control, Lifeline lifeline)
    {
        using var stop = new StopRequest();
        StandardStreams.WaitForNobody();
        StandardStream output = StandardStreams.Output;
        bool atTerminal = !Console.IsInputRedirected && !Console.IsOutputRedirected;
        bool ownRules = arguments.Paths.Count > 0;
        if (!ownRules)
        {
            // The examples are part of the program: whoever may write them may write that as well.
            arguments = atTerminal
                ? arguments with { Paths = [LabRules.CopyForEditing()] }
                : arguments with { Paths = LabRules.Shipped, Trust = FileTrust.Any };
        }

        using LabHosts hosts = LabHosts.Create(kind);
        IReport report = atTerminal ? new TextReport(output) { ShowsIdleSeconds = false } : new DemonstrationReport(output);
        PortPair ports = BridgeSession.OpenPorts(hosts.Left.Port, hosts.Right.Port, arguments);
        // A lab that only shows its rules has ended before anybody attaches.
        ControlListener? listener = atTerminal || control is not null ? ControlOption.Open(control, SocketName) : null;
        using var session = new BridgeSession(ports, arguments, report, stop, lifeline, listener);
        hosts.AddAddresses();
        return atTerminal ? Stay(session, hosts, arguments, output) : Show(session, hosts, !ownRules, output, stop);
    }

    private static int Stay(BridgeSession session, LabHosts hosts, RuleArguments arguments, StandardStream output)
    {
        try
        {
            session.Start();
        }
        catch (CommandFailure failure) when (arguments.Paths is [var only] && only == LabRules.Folder)
        {
            throw LabRules.Explain(failure);
        }

        // Only now: who reads that the hosts are up may be quick to ping.
        string[] guide = [.. LabGuide.Lines(hosts, arguments.Paths, arguments.Dashboard)];
        foreach (string line in guide)
            output.WriteLine(line);
        hosts.DetectDuplicates();
        using var router = new RouterAdvertiser(hosts.Left, LabHosts.Prefix);
        router.Start();
        session.Run(guide);
        return ExitCode.Done;
    }

    private static int Show(BridgeSession session, LabHosts hosts, bool expectExamples, StandardStream output, StopRequest stop)
    {
        session.Start();
        List<string> missing;
        try
        {
            missing = new Demonstration(hosts, output, stop).Run(expectExamples);
        }
        catch (OperationCanceledException) when (stop.IsRequested)
        {
            throw new CommandFailure(ExitCode.Failed, "interrupted before everything was shown; the hosts are deleted");
        }
        finally
        {
            stop.Request();
            session.Run();
        }

        if (missing.Count > 0)
            throw new CommandFailure(ExitCode.Failed, [.. missing]);

        return ExitCode.Done;
    }
}
