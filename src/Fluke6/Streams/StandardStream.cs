using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using Fluke6.Journal;
using Fluke6.Linux;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Command.Streams;

/// <summary>
/// Standard output or standard error, a line at a time. A thread of its own writes, so that nobody else waits for a terminal that was
/// stopped, a pipe that nobody reads or a slow disk. Lines that cannot be written are lost, counted and, where the reason is new, told.
/// All members may be called from any thread.
/// </summary>
/// <param name="descriptor">1 or 2.</param>
/// <param name="isOpen">Whether somebody gave it to this process; otherwise every line is lost.</param>
internal sealed class StandardStream(int descriptor, bool isOpen)
{
    private const byte EndOfLine = (byte)'\n';

    // Lines that wait for their reader, in bytes; the thread may have as many in hand.
    private const int MaxWaiting = 256 * 1024;

    // POSIX's PIPE_BUF on Linux: so many bytes are not mixed with what others write to the same pipe, as standard error does with 2>&1.
    private const int MaxPiece = 4096;
    private const int Forever = -1;

    private readonly object _gate = new();
    private readonly HashSet<int> _told = [];
    private ArrayBufferWriter<byte> _waiting = new();
    private ArrayBufferWriter<byte> _inHand = new();
    private Thread? _thread;
    private bool _busy;
    private long _bytesWritten;
    private long _linesLost;

    // The rest of a line that went out in part; comes before all others.
    private byte[] _rest = [];

    /// <summary>Raised with a sentence about why lines are lost; once for each reason.</summary>
    public event Action<string>? Trouble;

    /// <summary>
    /// Whether writers wait until their text is written. So they do where text is all that the command makes; a bridge switches it off.
    /// </summary>
    public bool WaitsForReader { get; set; } = true;

    /// <summary>Lines that were not written.</summary>
    public long LinesLost => Volatile.Read(ref _linesLost);

    /// <summary>Why the last line was lost, if none was written since; null if all is well.</summary>
    public string? Failure { get; private set; }

    /// <summary>Writes a line of text, in which nothing acts on a terminal or ends the line early.</summary>
    public void WriteLine(string line) => Write(Encoding.UTF8.GetBytes($"{PrintableText.Of(line)}\n"));

    /// <summary>Writes whole lines as they are.</summary>
    /// <param name="lines">UTF-8.</param>
    public void Write(ReadOnlySpan<byte> lines)
    {
        lock (_gate)
        {
            if (!isOpen)
            {
                _linesLost += lines.Count(EndOfLine);
                return;
            }

            int waiting = _waiting.WrittenCount;
            if (!WaitsForReader && waiting > 0 && waiting + lines.Length > MaxWaiting)
            {
                Lose(0, lines.Count(EndOfLine));
                return;
            }

            _waiting.Write(lines);
            _thread ??= Start();
            Monitor.PulseAll(_gate);
            if (WaitsForReader)
                WaitUntilWritten();
        }
    }

    /// <summary>Waits until all is written, or lost.</summary>
    public void WaitUntilWritten()
    {
        lock (_gate)
        {
            while (IsBusy)
                Monitor.Wait(_gate);
        }
    }

    /// <summary>The same, as long as somebody reads.</summary>
    /// <param name="patience">How long to wait for a reader who takes nothing.</param>
    /// <param name="atMost">How long to wait for one who takes a little now and then.</param>
    public void WaitUntilWritten(TimeSpan patience, TimeSpan atMost)
    {
        long end = Environment.TickCount64 + (long)atMost.TotalMilliseconds;
        lock (_gate)
        {
            while (IsBusy && Environment.TickCount64 < end)
            {
                long before = _bytesWritten;
                if (!Monitor.Wait(_gate, patience) && before == _bytesWritten)
                    return;
            }
        }
    }

    private string Name => descriptor == 1 ? "standard output" : "standard error";

    private bool IsBusy => _busy || _waiting.WrittenCount > 0;

    private Thread Start()
    {
        var thread = new Thread(Run) { IsBackground = true, Name = $"stream {descriptor}" };
        thread.Start();
        return thread;
    }

    private void Run()
    {
        while (true)
        {
            lock (_gate)
            {
                _busy = false;
                Monitor.PulseAll(_gate);
                while (_waiting.WrittenCount == 0)
                    Monitor.Wait(_gate);
                (_waiting, _inHand) = (_inHand, _waiting);
                _busy = true;
            }

            byte[] rest = _rest;
            _rest = [];
            WriteOut(rest.Length == 0 ? _inHand.WrittenSpan : [.. rest, .. _inHand.WrittenSpan], cut: rest.Length > 0);
            _inHand.ResetWrittenCount();
        }
    }

    private unsafe void WriteOut(ReadOnlySpan<byte> lines, bool cut)
    {
        while (lines.Length > 0)
        {
            ReadOnlySpan<byte> piece = lines[..Math.Min(lines.Length, MaxPiece)];
            // Whole lines, where one fits.
            piece = piece[..(piece.LastIndexOf(EndOfLine) is >= 0 and int end ? end + 1 : piece.Length)];
            long written;
            fixed (byte* start = piece)
                written = write(descriptor, start, piece.Length);
            int number = written < 0 ? errno : 0;
            if (written > 0)
            {
                cut = piece[(int)written - 1] != EndOfLine;
                lines = lines[(int)written..];
                lock (_gate)
                {
                    Failure = null;
                    _bytesWritten += written;
                    Monitor.PulseAll(_gate);
                }
            }
            else if (number == EAGAIN)
            {
                // Whoever made the terminal non-blocking made it so for everybody.
                var ready = new pollfd { fd = descriptor, events = POLLOUT };
                _ = poll(&ready, 1, Forever);
            }
            else if (number != EINTR)
            {
                Fail(number, lines, cut);
                return;
            }
        }
    }

    // A line that is in the file in part has to be ended before the next one; of a pipe, the next reader wants whole lines.
    private void Fail(int number, ReadOnlySpan<byte> lines, bool cut)
    {
        int end = lines.IndexOf(EndOfLine) + 1;
        if (cut && end > 0 && number != EPIPE)
        {
            _rest = lines[..end].ToArray();
            lines = lines[end..];
        }

        lock (_gate)
            Lose(number, lines.Count(EndOfLine));
    }

    private void Lose(int number, int lines)
    {
        _linesLost += lines;
        Failure = number switch
        {
            0 => "its reader does not keep up",
            _ when number == EPIPE => "nobody reads it any more",
            _ => $"{Marshal.GetPInvokeErrorMessage(number)} ({Errno.Name(number)})",
        };
        if (_told.Add(number))
            Trouble?.Invoke($"{Name}: {Failure}: lines are lost and counted, traffic goes on");
    }
}
