using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Fluke6.Command.Metrics;

/// <summary>
/// Where Prometheus may ask. Opened before the command gives its rights up, since a port below 1024 needs one; the socket goes on from
/// program to program
/// as the ports do, so that nobody is refused while a bridge is started again.
/// </summary>
internal static class MetricsSocket
{
    private const int Waiting = 16;
    private const string Wanted = "ADDRESS:PORT, such as 127.0.0.1:9464 or [::1]:9464; :9464 is this machine's loopback";

    /// <summary>Reads ADDRESS:PORT; without an address it is the loopback's.</summary>
    /// <param name="text">As typed.</param>
    /// <param name="address">The address.</param>
    /// <param name="error">What to write instead, in one line.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? address, [NotNullWhen(false)] out string? error)
    {
        address = null;
        error = $"'--metrics {text}' is not {Wanted}";
        int colon = text.LastIndexOf(':');
        if (colon < 0 || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out int port)
            || port > IPEndPoint.MaxPort)
            return false;

        string host = text[..colon];
        bool isIpv6 = host.StartsWith('[') && host.EndsWith(']');
        IPAddress? parsed = host is "" or "localhost" ? IPAddress.Loopback : null;
        if (parsed is null && !IPAddress.TryParse(isIpv6 ? host[1..^1] : host, out parsed)
            || parsed.AddressFamily == AddressFamily.InterNetworkV6 != isIpv6)
            return false;

        address = new IPEndPoint(parsed, port);
        error = null;
        return true;
    }

    /// <summary>Begins to listen.</summary>
    /// <exception cref="CommandFailure">The kernel refused.</exception>
    public static Socket Open(IPEndPoint address)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            socket.Listen(Waiting);
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new CommandFailure(exception.SocketErrorCode == SocketError.AccessDenied ? ExitCode.NoPermission : ExitCode.Failed,
                $"--metrics {address}: {exception.Message}; " + exception.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"`ss -ltnp sport = :{address.Port}` says who listens there; choose another port",
                    SocketError.AddressNotAvailable => "`ip address` lists this machine's addresses",
                    SocketError.AccessDenied => "a port below 1024 needs root, or CAP_NET_BIND_SERVICE",
                    _ => "choose another address",
                });
        }
    }

    /// <summary>Goes on with a socket that another program opened.</summary>
    public static Socket Adopt(int descriptor)
    {
        Linux.PortDescriptors.Take(descriptor).SetHandleAsInvalid();
        var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
        // One that a program before shut down listens once more; for others it changes nothing.
        socket.Listen(Waiting);
        return socket;
    }
}
