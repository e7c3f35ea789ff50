using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fluke6.Command.Control;
using Fluke6.Dashboard.Terminals;
using Fluke6.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Supervision;

/// <summary>
/// The parent of a bridge that has a dashboard or is to be restarted. It runs no rule and touches no frame; it holds the ports, passes signals
/// on, and when the bridge's process ends by itself, makes the terminal usable again, says which rule it was and starts another.
/// </summary>
/// <remarks>
/// The bridge has a process group of its own, which the terminal's keys reach: so each signal reaches it once, whoever sends it. When this
/// process is killed, the kernel tells the bridge to end.
/// </remarks>
internal sealed class Supervisor : IDisposable
{
    private readonly RuleArguments _arguments;
    private readonly Handover _handover;
    private readonly int[] _inherited;
    private readonly SharedPage _page = CreatePage();
    private readonly TerminalState _terminal = new();
    private readonly ControllingTerminal _controlling = new();
    private readonly Blame _blame;
    private readonly ManualResetEventSlim _asked = new();
    private readonly PosixSignalRegistration[] _registrations;
    private volatile Child? _child;
    private long? _deadline;
    private int _restarts;

    /// <summary>The parent of a bridge.</summary>
    /// <param name="arguments">What the user asked for.</param>
    /// <param name="ports">The ports; null if the bridge opens them itself.</param>
    /// <param name="listener">The control socket, which clients wait at while no bridge runs; null if there is none.</param>
    /// <param name="metrics">The socket where metrics are asked for; null if there is none.</param>
    /// <param name="store">What tells the next process of this service about all these; null if nothing does.</param>
    public Supervisor(RuleArguments arguments, PortPair? ports, ControlListener? listener = null, Socket? metrics = null, int? store = null)
    {
        _arguments = arguments;
        _inherited = [.. ports?.Descriptors ?? [], .. new[] { (int?)metrics?.Handle, listener?.Descriptor, store }.OfType<int>()];
        _handover = new Handover
        {
            Ports = ports?.Handover, Control = listener?.Handover, Metrics = (int?)metrics?.Handle, Store = store, Page = _page.Descriptor, Parent = Environment.ProcessId,
        };
        _blame = new Blame(arguments.Paths);
        _registrations =
        [
            .. ((int[])[SIGINT, SIGTERM, SIGQUIT]).Select(number => Pass(number, () => true)),
            // A bridge without a dashboard takes it for the wish to load rules anew, as long as there is its terminal.
            Pass(SIGHUP, () => _arguments.Dashboard || _controlling.HungUp),
            Pass(SIGTSTP, () => false),
        ];
    }

    /// <summary>Runs bridges until one ends as it should.</summary>
    /// <returns>The exit status, which is the last bridge's.</returns>
    /// <exception cref="CommandFailure">No process can be started.</exception>
    public int Run()
    {
        Handover next = _handover;
        while (true)
        {
            var memory = new OutOfMemory();
            ChildStatus status = RunOne(next);
            long ended = Environment.TickCount64;
            bool crashed = _page.Ending != Ending.Regular;
            if (_arguments.Dashboard && crashed && _page.ReadyAt is not null)
                _terminal.Leave();
            if (!crashed || _asked.IsSet)
                return status.ShellStatus;

            var obituary = Obituary.Of(_page, status, memory.Happened);
            _deadline ??= _page.ReadyAt + (long?)_arguments.Duration?.TotalMilliseconds;
            bool restarts = _arguments.Supervise && (_page.ReadyAt is not null || obituary.Rule is not null || _restarts > 0);
            string held = _blame.Add(obituary) switch
            {
                [] => "",
                [var rule] when rule == obituary.Rule => $"; {rule} did so twice and stays out until its file is saved anew",
                [var rule] => $"; {rule} stays out until its file is saved anew",
                _ => "; each of these stays out until its file is saved anew",
            };
            Console.Error.WriteLine($"fluke6: {obituary.Sentence}{(restarts ? $"{held}; restarting" : "; `bridge --supervise` would restart it")}");
            if (!restarts)
                return status.ShellStatus;
            if (!WaitBeforeNext(ended))
                return ExitCode.Done;

            next = _handover with
            {
                Restarts = ++_restarts,
                Reason = obituary.Sentence,
                Rule = obituary.Rule,
                At = obituary.At,
                EndedAt = ended,
                Deadline = _deadline,
                Changes = _page.Changes,
                HeldBack = _blame.HeldBack(),
            };
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _asked.Dispose();
        _page.Dispose();
    }

    private static SharedPage CreatePage()
    {
        try
        {
            return SharedPage.Create();
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new CommandFailure(ExitCode.Failed, $"cannot share memory with the bridge's process: {exception.Message}; raise 'ulimit -f' or 'ulimit -n'");
        }
    }

    private ChildStatus RunOne(Handover handover)
    {
        _page.Clear();
        Child child;
        try
        {
            _child = child = Handover.Start.Start($"{handover with { HasTerminal = _terminal.IsOurs }}", [.. _inherited, _page.Descriptor]);
        }
        catch (Win32Exception exception)
        {
            throw new CommandFailure(ExitCode.Failed, $"cannot start the bridge's process: {exception.Message}");
        }

        while (true)
        {
            ChildStatus status = child.Wait();
            _terminal.TakeFrom(child.Id);
            if (!status.IsStopped)
            {
                _child = null;
                return status;
            }

            // Ctrl-Z, or somebody's SIGSTOP: the shell is to see it.
            _ = kill(Environment.ProcessId, SIGSTOP);
            _terminal.GiveTo(child.Id);
            child.Signal(SIGCONT);
        }
    }

    /// <summary>Waits the longer, the oftener bridges end soon after they began.</summary>
    /// <returns>False if there is to be no next one.</returns>
    private bool WaitBeforeNext(long ended)
    {
        TimeSpan wait = _blame.Backoff(_page.ReadyAt is { } ready ? TimeSpan.FromMilliseconds(ended - ready) : TimeSpan.Zero);
        TimeSpan left = _deadline is { } deadline ? TimeSpan.FromMilliseconds(Math.Max(0, deadline - ended)) : wait;
        return !_asked.Wait(wait < left ? wait : left) && left > TimeSpan.Zero | _deadline is null;
    }

    private PosixSignalRegistration Pass(int number, Func<bool> ends) => PosixSignalRegistration.Create((PosixSignal)number, context =>
    {
        context.Cancel = true;
        if (ends())
            _asked.Set();
        _child?.Signal(number);
    });
}
