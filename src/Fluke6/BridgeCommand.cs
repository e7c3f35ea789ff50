using System.CommandLine;
using System.Net.Sockets;
using Fluke6.Command.Control;
using Fluke6.Command.Metrics;
using Fluke6.Command.Reports;
using Fluke6.Command.Service;
using Fluke6.Command.Streams;
using Fluke6.Command.Supervision;
using Fluke6.Linux;

namespace Fluke6.Command;

/// <summary><c>fluke6 bridge LEFT RIGHT</c>: the bridge between two ports.</summary>
internal sealed class BridgeCommand : System.CommandLine.Command
{
    /// <summary>The end of its help.</summary>
    public const string Examples = """
          fluke6 bridge eth1 eth2                          pass everything between two interfaces
          fluke6 bridge eth1 eth2 -r rules/                the same, through the rules of a folder
          fluke6 bridge tap:left tap:right -r strip.csx    two TAP devices, gone at exit
          fluke6 bridge tap:eth0@one tap:eth0@two          ... in network namespaces (ip netns add one)
          fluke6 bridge veth:eth0@one veth:eth0@two        the same by veth pairs, whose other ends are here
          fluke6 bridge tun:tun0 none -r pong.csx          one interface, and rules that answer
          fluke6 bridge eth1 eth2 -r tcp-clamp-mss.csx --set mss=1300 --stats json --duration 60
          fluke6 bridge eth1 eth2 -r rules/ --capture seen.pcapng       then: wireshark seen.pcapng
          fluke6 bridge eth1 eth2 --stats json --stats-flows 20         with the 20 last seen flows in each object
          fluke6 bridge eth1 eth2 --metrics :9464                       then: curl http://127.0.0.1:9464/metrics
          fluke6 bridge eth1 eth2 --headless               then: fluke6 attach, from another terminal
        """;

    private readonly Argument<string> _left = new("LEFT")
    {
        Description = "A port: an interface that exists (eth1), tap:NAME or tun:NAME (created, gone at exit), "
            + "tap:NAME@NETNS (in a network namespace), veth:NAME@NETNS (a pair: NAME in the namespace, the other end here), or none.",
    };

    private readonly Argument<string> _right = new("RIGHT")
    {
        Description = "The other port, with frames of the same kind: tun: bridges only to tun: and none.",
    };

    private readonly Option<string?> _configuration = new(ConfigurationFile.Option)
    {
        Description = "A JSON file that says the ports and options: { \"left\": \"eth1\", \"right\": \"eth2\", \"rules\": [\"rules/\"], \"set\": { \"mss\": 1300 } }. "
            + "An option given here, too, is in force instead.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _control = ControlOption.Make("LEFT-RIGHT");

    private readonly RuleOptions _options;

    /// <summary>The command.</summary>
    public BridgeCommand()
        : base("bridge", "Bridges two ports and runs every frame through a chain of rules, until Ctrl-C.")
    {
        Arguments.Add(_left);
        Arguments.Add(_right);
        _options = new RuleOptions(this, RuleOptionChoice.Bridge);
        Options.Add(_configuration);
        Options.Add(_control);
        SetAction(parsed => Run(parsed.GetRequiredValue(_left), parsed.GetRequiredValue(_right), parsed.GetValue(_control), _options.Read(parsed)));
    }

    private static int Run(string left, string right, string? control, RuleArguments arguments)
    {
        string asked = string.Join('\n', left, right, control, arguments.Offload, arguments.FastPath, arguments.OpensOnExit, arguments.Bridge.Flows, arguments.Metrics);
        if (Handover.Received.KeptFor is { } keptFor && keptFor != asked)
            DescriptorStore.BeginAnew();

        // Before the ports: an address that is refused leaves none of them behind.
        Socket? metrics = Handover.Received.Metrics is { } descriptor ? MetricsSocket.Adopt(descriptor)
            : arguments.Metrics is { } address ? MetricsSocket.Open(address) : null;
        PortPair ports = BridgeSession.OpenPorts(left, right, arguments);
        ControlListener? listener = OpenControl(ports, control);
        bool isFirst = Handover.Received.Ports is null || Handover.Received.KeptFor is not null;
        int? store = isFirst && !arguments.OpensOnExit ? Keep(ports, listener, metrics, asked) : Handover.Received.Store;
        if (isFirst && !arguments.KeepPrivileges)
            Rights.GiveUp(ports, listener, metrics, store, arguments);
        if (Handover.Received.Parent is null && (arguments.Dashboard || arguments.Supervise))
        {
            using var supervisor = new Supervisor(arguments, ports, listener, metrics, store);
            try
            {
                return supervisor.Run();
            }
            finally
            {
                ports.RemoveInterfaces();
                if (store is null)
                    listener?.Remove();
            }
        }

        var lifeline = Lifeline.Begin(Handover.Received);
        return lifeline.Run(() => Run(ports, listener, metrics, store, arguments, lifeline));
    }

    private static int? Keep(PortPair ports, ControlListener? listener, Socket? metrics, string asked) => !ports.GoWithTheirDescriptors ? null : DescriptorStore.Keep(
        new Handover { Ports = ports.Handover, Control = listener?.Handover, Metrics = (int?)metrics?.Handle, KeptFor = asked },
        [.. ports.Descriptors, .. new[] { (int?)metrics?.Handle, listener?.Descriptor }.OfType<int>()]);

    // Before rights are given up: the folder may be root's alone.
    private static ControlListener? OpenControl(PortPair ports, string? control)
    {
        if (Handover.Received.Ports is not null)
        {
            ControlListener? adopted = Handover.Received.Control is { } handover ? ControlListener.Adopt(handover) : null;
            // A service manager may have removed the folder meanwhile.
            if (adopted is null || Handover.Received.KeptFor is null || ControlTarget.IsSocket(adopted.Path))
                return adopted;
        }

        try
        {
            return ControlOption.Open(control, ControlPath.NameOf(ports.Left.Specification, ports.Right.Specification));
        }
        catch
        {
            ports.Dispose();
            ports.RemoveInterfaces();
            throw;
        }
    }

    private static int Run(PortPair ports, ControlListener? listener, Socket? metrics, int? store, RuleArguments arguments, Lifeline lifeline)
    {
        using var stop = new StopRequest();
        StandardStreams.WaitForNobody();
        StandardStream output = StandardStreams.Output;
        IReport report = arguments.JsonReport ? new JsonReport(output, arguments.ReportedFlows ?? 0)
            : new TextReport(output) { ShowsStatistics = arguments.Statistics, SummaryFlows = arguments.ReportedFlows ?? TextReport.DefaultSummaryFlows };
        using var session = new BridgeSession(ports, arguments, report, stop, lifeline, listener) { Metrics = metrics, Store = store };
        session.Start();
        session.Run();
        return ExitCode.Done;
    }
}
