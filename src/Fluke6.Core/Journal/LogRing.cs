using System.Diagnostics.CodeAnalysis;
using Fluke6.Concurrency;

namespace Fluke6.Journal;

/// <summary>Log lines from the worker's thread to one reader, in memory that is there from the start: the writer allocates nothing.</summary>
internal sealed class LogRing
{
    /// <summary>The longest line, in characters; the rest is cut off.</summary>
    public const int MaxLineLength = 512;

    private const int Slots = 1024;
    private readonly RingPositions _positions = new(Slots);
    private readonly char[] _text = new char[Slots * MaxLineLength];
    private readonly (string Rule, int Length, long Ticks)[] _lines = new (string, int, long)[Slots];

    /// <summary>Lines that found the ring full.</summary>
    public long Dropped => _positions.Dropped;

    /// <summary>For how many lines there is room. Writer's thread.</summary>
    public int Free => _positions.Free;

    public void Write(string rule, ReadOnlySpan<char> message, in Moment now)
    {
        if (!_positions.HasRoom(1))
        {
            _positions.Drop();
            return;
        }

        long position = _positions.Next;
        int slot = (int)(position % Slots);
        if (message.Length > MaxLineLength)
            message = message[..MaxLineLength];
        message.CopyTo(_text.AsSpan(slot * MaxLineLength));
        _lines[slot] = (rule, message.Length, now.UtcTicks);
        _positions.Publish(position + 1);
    }

    public bool TryRead([NotNullWhen(true)] out LogNote? note)
    {
        note = null;
        if (!_positions.TryPeek(out long position))
            return false;

        int slot = (int)(position % Slots);
        (string rule, int length, long ticks) = _lines[slot];
        note = new LogNote(rule, new string(_text.AsSpan(slot * MaxLineLength, length)))
        {
            Time = new DateTimeOffset(ticks, TimeSpan.Zero),
        };
        _positions.Release(position + 1);
        return true;
    }
}
