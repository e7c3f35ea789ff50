using System.Diagnostics;
using System.Globalization;
using Fluke6.Bridging;

namespace Fluke6.Command.Service;

/// <summary>
/// Tells the service manager that started this program how the bridge is. Where nobody asks, nobody is told.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly NotifySocket? _manager;
    private readonly ManualResetEventSlim _stop = new();
    private readonly TimeSpan _interval;
    private Thread? _thread;

    private ServiceNotifier(NotifySocket? manager, TimeSpan interval)
    {
        _manager = manager;
        _interval = interval;
    }

    /// <summary>Whoever started this program, and what <c>WATCHDOG_USEC</c> asks for.</summary>
    public static ServiceNotifier Connect()
    {
        // Twice as often as the manager asks for, as sd_watchdog_enabled(3) recommends.
        bool watches = long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long limit);
        return new ServiceNotifier(NotifySocket.TryConnect(), watches ? TimeSpan.FromMicroseconds(limit / 2) : default);
    }

    /// <summary>The bridge forwards: from here on the manager is told so as long as the bridge's own thread goes round.</summary>
    public void Ready(Bridge bridge)
    {
        if (_manager is null)
            return;

        Tell($"READY=1\nSTATUS=forwarding between {bridge.Left.Specification} and {bridge.Right.Specification}");
        if (_interval <= TimeSpan.Zero)
            return;

        _thread = new Thread(() => Watch(bridge)) { IsBackground = true, Name = "service watchdog" };
        _thread.Start();
    }

    /// <summary>Rules are about to be loaded anew, since somebody asked for that by a signal. systemd.service(5), <c>Type=notify-reload</c>.</summary>
    public void Reloading() => Tell(string.Create(
        CultureInfo.InvariantCulture, $"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetTimestamp() / (Stopwatch.Frequency / 1_000_000)}"));

    /// <summary>Rules were loaded anew, or those that do not compile run on as they were.</summary>
    public void Reloaded() => Tell("READY=1");

    /// <summary>The bridge is about to end.</summary>
    public void Stopping() => Tell("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
        _manager?.Dispose();
    }

    // Not by a timer beside the bridge: a bridge that stands still is one that the manager has to restart.
    private void Watch(Bridge bridge)
    {
        (object? Loop, long Round) last = default;
        do
        {
            (object? Loop, long Round) now = (bridge.Loop, bridge.Loop?.Round ?? 0);
            if (now != last)
                Tell("WATCHDOG=1");
            last = now;
        }
        while (!_stop.Wait(_interval));
    }

    private void Tell(string state) => _manager?.Tell(state);
}
