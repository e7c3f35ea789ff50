using System.Net.Sockets;
using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Command.Control;
using Fluke6.Command.Doctor;
using Fluke6.Command.Metrics;
using Fluke6.Command.Reports;
using Fluke6.Command.Service;
using Fluke6.Command.Streams;
using Fluke6.Command.Supervision;
using Fluke6.Dashboard;
using Fluke6.Dashboard.Model;
using Fluke6.Engine;
using Fluke6.Journal;
using Fluke6.Linux;
using Fluke6.Ports;
using Fluke6.Scripting;
using Fluke6.Snapshots;
using Fluke6.Watching;
using Tmds.Linux;

namespace Fluke6.Command;

/// <summary>A bridge from its ports' opening to its summary, with rules that are watched and a report.</summary>
internal sealed partial class BridgeSession : IDisposable
{
    private static readonly TimeSpan s_journalInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_exitPatience = TimeSpan.FromSeconds(2);

    private readonly RuleArguments _arguments;
    private readonly IReport _report;
    private readonly StopRequest _stop;
    private readonly PortPair _ports;
    private readonly Lifeline _lifeline;
    private readonly PollWaiter _waiter;
    private readonly Bridge _bridge;
    private readonly RuleSet _rules;
    private readonly RuleChanges _changes;
    private readonly BridgePublisher _publisher;
    private readonly BridgeControl _control;
    private readonly ControlListener? _listener;
    private ControlServer? _server;
    private readonly ServiceNotifier _notifier = ServiceNotifier.Connect();
    private readonly List<string> _warnings = [];
    private CaptureFile? _capture;
    private BridgeMetrics? _metrics;

    /// <summary>A bridge between ports that are open.</summary>
    /// <param name="ports">The ports, which are the session's from here on.</param>
    /// <param name="arguments">The user's options.</param>
    /// <param name="report">Where to tell what happens.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="lifeline">The link to the process that outlives it.</param>
    /// <param name="listener">The socket that others watch and control it by, the session's from here on; null for none.</param>
    public BridgeSession(PortPair ports, RuleArguments arguments, IReport report, StopRequest stop, Lifeline lifeline, ControlListener? listener = null)
    {
        _listener = listener;
        _arguments = arguments;
        _report = report;
        _stop = stop;
        _ports = ports;
        _lifeline = lifeline;
        _waiter = new PollWaiter(ports.Left, ports.Right);
        _bridge = new Bridge(ports.Left, ports.Right, _waiter, arguments.Bridge with
        {
            CrashRecord = lifeline.Record, FastPath = ports.FastPath, FastPathReason = ports.FastPathReason,
        });
        _changes = new RuleChanges(Handover.Received.Changes);
        lifeline.Note(_changes);
        var parameters = new Dictionary<string, string>([.. arguments.Parameters.Where(given => !_changes.Parameters.ContainsKey(given.Key)), .. _changes.Parameters]);
        _rules = new RuleSet(_bridge, arguments.Paths, parameters, arguments.Trust, Handover.Received.HeldBack, goesOn: Handover.Received.Restarts > 0);
        var rules = new RuleControl(_rules, _changes);
        _publisher = new BridgePublisher(_bridge, rules)
        {
            Version = ProgramVersion.Text,
            Control = listener?.Path,
            LinesLost = () => (StandardStreams.Output.LinesLost, StandardStreams.Error.LinesLost),
        };
        _control = new BridgeControl(_bridge, rules, _publisher, stop.Request) 
        {
            IsPipe = path => KindOf(path) == LibC.S_IFIFO, CompileFilter = text => CaptureFilter.Compile(text, ports.Left.LinkType),
        };
        // A dashboard ends with its terminal.
        if (!arguments.Dashboard)
            stop.Reload = () => _ = ReloadRules();
    }

    /// <summary>Listens where metrics are asked for, and is the session's; null if nobody is to ask.</summary>
    public Socket? Metrics { get; init; }

    /// <summary>Tells the next process of this service about the ports, which stay as they are; null if nothing does.</summary>
    public int? Store
    {
        get;
        init
        {
            field = value;
            if (_ports.FastPath is { } path)
                path.GoesOn = value is not null;
        }
    }

    /// <summary>Opens the ports, or goes on with those that the process before opened, and refuses what cannot be bridged.</summary>
    /// <param name="left">The left port, as on the command line.</param>
    /// <param name="right">The right port, as on the command line.</param>
    /// <param name="arguments">The user's options.</param>
    /// <exception cref="CommandFailure">A port cannot be opened, or both do not fit.</exception>
    public static PortPair OpenPorts(string left, string right, RuleArguments arguments)
    {
        try
        {
            PortSpecification first = PortSpecification.Parse(left), second = PortSpecification.Parse(right);
            return Handover.Received.Ports is { } handover
                ? PortPair.Adopt(first, second, arguments.Offload, handover)
                : PortPair.Open(first, second, arguments.Offload, arguments.NoFastPath, arguments.Bridge.Flows, arguments.OpensOnExit);
        }
        catch (FormatException exception)
        {
            throw new CommandFailure(ExitCode.Usage, exception.Message);
        }
        catch (PortException exception)
        {
            throw new CommandFailure(exception.IsPermission ? ExitCode.NoPermission : ExitCode.Failed, exception.Message);
        }
    }

    /// <summary>Loads the rules and begins to forward.</summary>
    /// <exception cref="CommandFailure">A rule does not compile, or the capture's file cannot be made.</exception>
    public void Start()
    {
        foreach (string warning in _ports.Warnings)
            Warn(warning);

        IReadOnlyList<RuleDiagnostic> diagnostics = LoadRules();
        foreach (string rule in _changes.Off)
            _rules.SetDisabled(rule, disabled: true);

        // A bridge that goes on where another ended does so without what does not compile by now.
        if (Handover.Received.Restarts == 0 && diagnostics.Any(diagnostic => diagnostic.IsError))
            throw new CommandFailure(ExitCode.RulesDoNotCompile, [.. diagnostics.Where(diagnostic => diagnostic.IsError).Select(diagnostic => $"{diagnostic}")]);

        // A misspelled name must not run unnoticed; a bridge that goes on goes on.
        if (Handover.Received.Restarts == 0)
            RuleWarnings.RefuseUnknownParameters(_rules, _bridge.Services);

        StartCapture();
        if (Handover.Received.Reason is { } reason)
            TellRestart(reason);
        else
            Begin();

        // After the bridge forwards: none of this is worth a frame.
        if (_listener is not null)
        {
            _server = new ControlServer(_listener, _publisher, _control);
            _server.Start();
        }

        foreach (string warning in RuleWarnings.Of(_rules, diagnostics, _arguments.Paths))
            Warn(warning);
        if (Handover.Received.Restarts == 0)
        {
            foreach (string warning in Checks.AtStart(_bridge.Left.Specification, _bridge.Right.Specification))
                Warn(warning);
        }

        _metrics = BridgeMetrics.Begin(_bridge, Metrics);
        _rules.Watch();
        new Thread(WaitForRelief) { IsBackground = true, Name = "relief" }.Start();
        if (Handover.Received.Deadline is { } deadline)
            _stop.RequestAfter(TimeSpan.FromMilliseconds(Math.Max(0, deadline - Environment.TickCount64)));
        else if (_arguments.Duration is { } duration)
            _stop.RequestAfter(duration);
    }

    /// <summary>Shows the dashboard or reports, whichever the user wants, until asked to stop, and stops.</summary>
    /// <param name="guide">How to use both ends, for the dashboard's help.</param>
    /// <exception cref="CommandFailure">The bridge, or the capture that the user asked for, could not go on.</exception>
    public void Run(IReadOnlyList<string>? guide = null)
    {
        if (!_arguments.Dashboard)
            ReportUntilStopped();
        else if (ShowDashboard(guide ?? []) is { } fault)
        {
            Warn($"the dashboard failed: {fault}; the bridge goes on without it, as with --headless: Ctrl-C ends it");
            ReportUntilStopped();
        }

        _notifier.Stopping();
        // Hosts wait for the last work of rules: on a busy machine, it may take longer than a batch.
        bool ended = _bridge.Stop(_bridge.HasExits ? s_exitPatience : s_stopPatience);
        // Counters that its thread may still write are not ours to read.
        if (ended)
        {
            _ports.CountUnread(othersGoOn: Store is not null);
            if (Store is { } store)
                DescriptorStore.Update(store, _ports.Handover);
        }

        TellNotes();
        _server?.Dispose();
        _report.End(_publisher.Take(_report.WantedAtEnd));
        _metrics?.Dispose();
        if (_arguments.OpensOnExit && _ports.ExitLinks is [_, ..] links)
            StandardStreams.Error.WriteLine($"fluke6: the kernel forwards everything between {_bridge.Left.Name} and {_bridge.Right.Name} from now on; `rm {string.Join(' ', links)}` ends that");
        if (_bridge.Completion is { IsFaulted: true, Exception: { } exception })
            throw new CommandFailure(ExitCode.Failed, $"the bridge stopped: {exception.InnerException!.Message}") { MayPass = true };
        if (!ended)
        {
            Warn(_bridge.Services.Held.Count is > 0 and var held
                ? $"{held:N0} frames that rules hold are lost: it takes too long to send them"
                : "a rule did not return; it ends with the program");
        }

        if (_relief is { } relief)
            throw new CommandFailure(ExitCode.Failed, relief.Why) { MayPass = true, LeftBehindBy = relief.Rules };
        if (_capture is { Failure: { } failure })
            throw new CommandFailure(ExitCode.Failed, $"the capture to {_capture.Path} ended early: {failure}; it holds the {_capture.Written:N0} packets before");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _notifier.Dispose();
        // The ports first, as far as others can see: a rule that hangs must not keep their interfaces.
        bool ended = _bridge.Stop(s_stopPatience);
        _server?.Dispose();
        // Where another process has them, too, it ends last. A lab's parent has none.
        if (Handover.Received.Parent is null || Handover.Received.Ports is null)
        {
            _ports.RemoveInterfaces();
            if (Store is null)
                _listener?.Remove();
        }

        _listener?.Dispose();
        _rules.Dispose();
        // The bridge's thread may still use both; they go with the process.
        if (!ended)
            return;

        _waiter.Dispose();
        _ports.Dispose();
    }

    // What came of it is told as after a save.
    private async Task ReloadRules()
    {
        _notifier.Reloading();
        await _control.Do(new WatcherCommand { Name = WatcherCommand.Reload }).ConfigureAwait(false);
        _notifier.Reloaded();
    }

    private void Begin()
    {
        _bridge.Start();
        if (_arguments.FastPath == FastPathChoice.Require && Handover.Received.Restarts == 0 && _bridge.FastPath.Reason is { } reason)
            throw new CommandFailure(ExitCode.Failed, $"the kernel cannot forward what no rule asks for: {reason}; --fast-path auto goes without it");
        _lifeline.Ready();
        _report.Ready(_publisher.Ready());
        _notifier.Ready(_bridge);
    }

    private IReadOnlyList<RuleDiagnostic> LoadRules()
    {
        try
        {
            return _rules.LoadAll(_stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new CommandFailure(ExitCode.Failed, "stopped before the rules were loaded: no frame was forwarded");
        }
    }
}
