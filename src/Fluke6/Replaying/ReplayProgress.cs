using System.Text;
using Fluke6.Command.Streams;

namespace Fluke6.Command.Replaying;

/// <summary>How far a long replay has come: one line on standard error, at a terminal, that is written over again and again. Any thread.</summary>
/// <param name="length">How many bytes there are to read; 0 if nobody knows.</param>
internal sealed class ReplayProgress(long length) : IDisposable
{
    private const long FirstAfter = 1000, Interval = 500;   // milliseconds
    private const string StartOfLine = "\r", ClearLine = "\r\e[K";

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private readonly Lock _lock = new();
    private long _next = Environment.TickCount64 + FirstAfter;
    private bool _isShown;

    /// <summary>Shows it, if it is time to.</summary>
    /// <param name="frames">Frames so far.</param>
    /// <param name="position">Bytes so far.</param>
    public void Show(long frames, long position)
    {
        lock (_lock)
        {
            if (!_isTerminal || Environment.TickCount64 < _next)
                return;

            _next = Environment.TickCount64 + Interval;
            string share = length > 0 ? $", {position * 100 / length} % of {Reports.Quantity.Octets(length)}" : "";
            Write($"{(_isShown ? StartOfLine : "")}fluke6: {frames:N0} frames replayed{share}");
            _isShown = true;
        }
    }

    /// <summary>Takes it away, since something else is to be shown.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            if (_isShown)
                Write(ClearLine);
            _isShown = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private static void Write(string text) => StandardStreams.Error.Write(Encoding.UTF8.GetBytes(text));
}
