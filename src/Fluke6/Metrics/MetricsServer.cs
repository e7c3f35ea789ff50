using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Metrics;

/// <summary>
/// Answers GET /metrics, one request after the other, on a thread of its own. A client that stalls is left after two seconds. RFC 9112, as
/// much as a scrape needs.
/// </summary>
internal sealed unsafe class MetricsServer : IDisposable
{
    private const int MaxRequest = 8 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_endPatience = TimeSpan.FromMilliseconds(300);
    private readonly Socket _socket;
    private readonly Thread _thread;
    private readonly int _wake;
    private readonly PrometheusText _text;
    private readonly byte[] _request = new byte[MaxRequest];
    private volatile bool _stopping;

    /// <summary>Begins to answer.</summary>
    /// <param name="socket">Listens; the server's from here on.</param>
    /// <param name="text">The figures.</param>
    public MetricsServer(Socket socket, PrometheusText text)
    {
        _socket = socket;
        _text = text;
        // Whoever waits in accept has .NET end that by shutdown(2), after which the socket listens in no process any more: the next bridge has it, too.
        _wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (_wake < 0)
            throw new CommandFailure(ExitCode.Failed, "no descriptors are left for --metrics: raise 'ulimit -n'");

        _socket.Blocking = false;
        _thread = new Thread(Serve) { IsBackground = true, Name = "metrics" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        ulong one = 1;
        _ = write(_wake, &one, sizeof(ulong));
        // A client that stalls keeps both until the process ends.
        if (!_thread.Join(s_endPatience))
            return;

        _socket.Dispose();
        _ = close(_wake);
    }

    private void Serve()
    {
        while (!_stopping)
        {
            try
            {
                if (!IsAsked())
                    continue;

                using Socket client = _socket.Accept();
                client.Blocking = true;
                Answer(client);
            }
            // A client that went, or a process without descriptors to spare; the next one may fare better.
            catch (SocketException exception)
            {
                if (!_stopping && exception.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
                    Thread.Sleep(s_patience);
            }
        }
    }

    // Waits for a client, or for the end.
    private bool IsAsked()
    {
        pollfd* polled = stackalloc pollfd[2];
        polled[0] = new pollfd { fd = (int)_socket.Handle, events = POLLIN };
        polled[1] = new pollfd { fd = _wake, events = POLLIN };
        return poll(polled, 2, -1) > 0 && polled[0].revents != 0;
    }

    private void Answer(Socket client)
    {
        client.SendTimeout = (int)s_patience.TotalMilliseconds;
        if (ReadRequest(client) is not { } request)
            return;

        string[] line = request.Split("\r\n")[0].Split(' ');
        bool openMetrics = request.Split("\r\n").Any(header => header.StartsWith("Accept:", StringComparison.OrdinalIgnoreCase)
            && header.Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase));
        (string status, string type, string body) = line switch
        {
            [not ("GET" or "HEAD"), ..] => ("405 Method Not Allowed", "text/plain", "GET /metrics\n"),
            [_, var path, ..] when path.Split('?')[0] == "/metrics" =>
                ("200 OK", openMetrics ? PrometheusText.OpenMetricsType : PrometheusText.PlainType, _text.Collect(openMetrics)),
            _ => ("404 Not Found", "text/plain", "the metrics of fluke6 are at /metrics\n"),
        };
        byte[] octets = Encoding.UTF8.GetBytes(body);
        string allow = status[0] == '4' ? "Allow: GET, HEAD\r\n" : "";
        Send(client, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {octets.Length}\r\n{allow}Connection: close\r\n\r\n")));
        if (line[0] != "HEAD")
            Send(client, octets);
        client.Shutdown(SocketShutdown.Send);
        // What the client still sends would have the kernel cut off what it is yet to read.
        WaitForEnd(client);
    }

    /// <summary>A request to the end of its headers; null if the client does not come to that.</summary>
    private string? ReadRequest(Socket client)
    {
        long start = Stopwatch.GetTimestamp();
        for (int length = 0; length < MaxRequest;)
        {
            if (!IsReadable(client, start) || client.Receive(_request.AsSpan(length)) is not (> 0 and var received))
                return null;

            length += received;
            if (_request.AsSpan(0, length).IndexOf("\r\n\r\n"u8) is >= 0 and var end)
                return Encoding.Latin1.GetString(_request, 0, end);
        }

        return null;
    }

    private void WaitForEnd(Socket client)
    {
        long start = Stopwatch.GetTimestamp();
        while (IsReadable(client, start) && client.Receive(_request) > 0)
        {
        }
    }

    private static bool IsReadable(Socket client, long start)
    {
        TimeSpan left = s_patience - Stopwatch.GetElapsedTime(start);
        return left > TimeSpan.Zero && client.Poll(left, SelectMode.SelectRead);
    }

    private static void Send(Socket client, ReadOnlySpan<byte> octets)
    {
        long start = Stopwatch.GetTimestamp();
        while (octets.Length > 0 && Stopwatch.GetElapsedTime(start) < s_patience)
            octets = octets[client.Send(octets)..];
    }
}
