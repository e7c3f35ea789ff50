using System.Diagnostics;
using System.Runtime.InteropServices;
using Fluke6.Linux;
using Tmds.Linux;

namespace Fluke6.Command;

/// <summary>
/// Whether to end, and who asked: a signal, or the duration. A second signal ends the process
/// at once. Where there is something to read anew, SIGHUP asks for that, unless it tells that the terminal hung up.
/// </summary>
internal sealed class StopRequest : IDisposable
{
    // Longer ones are waited for in several.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromDays(1);
    private static readonly PosixSignal[] Signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM];
    private readonly CancellationTokenSource _source = new();
    private readonly ControllingTerminal _terminal = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly SignalListener _hangUp;
    private readonly SignalListener _parentEnded;
    private volatile Action? _reload;
    private Thread? _countdown;

    /// <summary>Begins to listen for signals.</summary>
    public StopRequest()
    {
        _registrations = [.. Signals.Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
        _hangUp = new SignalListener(LibC.SIGHUP, OnHangUp);
        _parentEnded = new SignalListener(Child.ParentEnded, Request);
    }

    /// <summary>Whether somebody asked.</summary>
    public bool IsRequested => _source.IsCancellationRequested;

    /// <summary>Cancelled when somebody asks.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Reads everything anew at SIGHUP, from here on; without it, SIGHUP asks to end.</summary>
    public Action? Reload
    {
        set => _reload = value;
    }

    /// <summary>Asks to end.</summary>
    public void Request() => _source.Cancel();

    /// <summary>Asks to end after a while, however long. To be called once.</summary>
    public void RequestAfter(TimeSpan delay)
    {
        // Not by a timer, which runs on a thread of the pool: rules may keep all of those.
        _countdown = new Thread(() =>
        {
            long start = Stopwatch.GetTimestamp();
            for (TimeSpan left = delay; left > TimeSpan.Zero; left = delay - Stopwatch.GetElapsedTime(start))
            {
                if (Wait(left < s_longestWait ? left : s_longestWait))
                    return;
            }

            Request();
        })
        { IsBackground = true, Name = "duration" };
        _countdown.Start();
    }

    /// <summary>Waits for the request.</summary>
    /// <returns>Whether it came.</returns>
    public bool Wait(TimeSpan atMost) => _source.Token.WaitHandle.WaitOne(atMost);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _hangUp.Dispose();
        _parentEnded.Dispose();
        if (_countdown is { } countdown)
        {
            Request();
            countdown.Join();
        }

        _source.Dispose();
    }

    private void OnHangUp()
    {
        if (_reload is { } reload && !_terminal.HungUp)
            reload();
        else if (IsRequested)
            _hangUp.DoAsBefore();
        else
            Request();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = !IsRequested;
        Request();
    }
}
