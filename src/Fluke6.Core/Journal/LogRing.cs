using System.Diagnostics.CodeAnalysis;

namespace Fluke6.Journal;

/// <summary>Log lines from the bridge's thread to one reader, in memory that is there from the start: no lock, no allocation for the writer.</summary>
internal sealed class LogRing
{
    /// <summary>The longest line, in characters; the rest is cut off.</summary>
    public const int MaxLineLength = 512;

    private const int Slots = 1024;
    private readonly char[] _text = new char[Slots * MaxLineLength];
    private readonly (string Rule, int Length, long Ticks)[] _lines = new (string, int, long)[Slots];
    private long _written;
    private long _read;
    private long _dropped;

    /// <summary>Lines that found the ring full.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>For how many lines there is room. Writer's thread.</summary>
    public int Free => Slots - (int)(_written - Volatile.Read(ref _read));

    public void Write(string rule, ReadOnlySpan<char> message, in Moment now)
    {
        long written = _written;
        if (written - Volatile.Read(ref _read) == Slots)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }

        int slot = (int)(written % Slots);
        if (message.Length > MaxLineLength)
            message = message[..MaxLineLength];
        message.CopyTo(_text.AsSpan(slot * MaxLineLength));
        _lines[slot] = (rule, message.Length, now.UtcTicks);
        Volatile.Write(ref _written, written + 1);
    }

    public bool TryRead([NotNullWhen(true)] out LogNote? note)
    {
        note = null;
        long read = _read;
        if (read == Volatile.Read(ref _written))
            return false;

        int slot = (int)(read % Slots);
        (string rule, int length, long ticks) = _lines[slot];
        note = new LogNote(rule, new string(_text.AsSpan(slot * MaxLineLength, length)))
        {
            Time = new DateTimeOffset(ticks, TimeSpan.Zero),
        };
        Volatile.Write(ref _read, read + 1);
        return true;
    }
}
