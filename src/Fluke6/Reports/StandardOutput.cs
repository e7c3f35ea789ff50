using System.Text;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Reports;

/// <summary>
/// Standard output, a line at a time. <see cref="Console"/> hides that its reader went away, and blocks for one that stopped reading;
/// here the former asks the command to stop, and the latter cannot keep it from stopping.
/// </summary>
internal sealed class StandardOutput(StopRequest stop)
{
    private const int Descriptor = 1;
    // POSIX: a pipe that polls writable takes this many octets without blocking.
    private const int PipeBuffer = 4096;
    private const int PatienceMilliseconds = 200;
    private bool _closed;

    /// <summary>Writes a line of text.</summary>
    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes(line + "\n"));

    /// <summary>Writes octets, all of them unless the reader went away or, at the end, does not read.</summary>
    public unsafe void Write(ReadOnlySpan<byte> octets)
    {
        while (octets.Length > 0 && !_closed)
        {
            var descriptor = new pollfd { fd = Descriptor, events = POLLOUT };
            int ready = poll(&descriptor, 1, PatienceMilliseconds);
            if (ready <= 0)
            {
                if (ready == 0 && stop.IsRequested)
                    return;
                continue;
            }

            fixed (byte* start = octets)
            {
                long written = write(Descriptor, start, Math.Min(octets.Length, PipeBuffer));
                if (written > 0)
                    octets = octets[(int)written..];
                else if (errno != EINTR && errno != EAGAIN)
                    Close();
            }
        }
    }

    private void Close()
    {
        _closed = true;
        stop.Request();
    }
}
