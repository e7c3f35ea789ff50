using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Fluke6.Bridging;
using Fluke6.Command.Streams;

namespace Fluke6.Command.Service;

/// <summary>
/// Tells the service manager that started this program how it is: systemd, where the unit has <c>Type=notify</c>. sd_notify(3).
/// Where nobody asks, nobody is told.
/// </summary>
internal sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? _socket;
    private readonly ManualResetEventSlim _stop = new();
    private readonly TimeSpan _interval;
    private Thread? _thread;

    private ServiceNotifier(Socket? socket, TimeSpan interval)
    {
        _socket = socket;
        _interval = interval;
    }

    /// <summary>Whoever <c>NOTIFY_SOCKET</c> and <c>WATCHDOG_USEC</c> name.</summary>
    public static ServiceNotifier Connect()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not [var first, _, ..] path)
            return new ServiceNotifier(null, default);

        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            // A name in the abstract namespace begins with a zero, which no environment can hold. unix(7).
            socket.Connect(new UnixDomainSocketEndPoint(first == '@' ? $"\0{path[1..]}" : path));
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            StandardStreams.Error.WriteLine($"fluke6: warning: the service manager at {path} cannot be told that the bridge runs: {exception.Message}");
            return new ServiceNotifier(null, default);
        }

        // Twice as often as the manager asks for, as sd_watchdog_enabled(3) recommends.
        bool watches = long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out long limit);
        return new ServiceNotifier(socket, watches ? TimeSpan.FromMicroseconds(limit / 2) : default);
    }

    /// <summary>The bridge forwards: from here on the manager is told so as long as the bridge's own thread goes round.</summary>
    public void Ready(Bridge bridge)
    {
        if (_socket is null)
            return;

        Tell($"READY=1\nSTATUS=forwarding between {bridge.Left.Specification} and {bridge.Right.Specification}");
        if (_interval <= TimeSpan.Zero)
            return;

        _thread = new Thread(() => Watch(bridge)) { IsBackground = true, Name = "service watchdog" };
        _thread.Start();
    }

    /// <summary>The bridge is about to end.</summary>
    public void Stopping() => Tell("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Set();
        _thread?.Join();
        _stop.Dispose();
        _socket?.Dispose();
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

    private void Tell(string state)
    {
        try
        {
            _socket?.Send(Encoding.UTF8.GetBytes(state));
        }
        catch (SocketException exception)
        {
            StandardStreams.Error.WriteLine($"fluke6: warning: the service manager was not told {state.Split('\n')[0]}: {exception.Message}");
        }
    }
}
