namespace Fluke6.Command.Control;

/// <summary>Bytes that arrive in pieces, as lines. Grows with what is there, up to a limit.</summary>
/// <param name="limit">The longest line, in bytes.</param>
internal sealed class LineBuffer(int limit)
{
    private const int Least = 4096;
    private byte[] _bytes = [];
    private int _start;
    private int _end;
    private int _searched;

    /// <summary>How much memory it has, in bytes.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Room for what is to be read next; empty if a line is longer than the limit.</summary>
    public Span<byte> Room()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start.._end).CopyTo(_bytes);
            (_end, _searched, _start) = (_end - _start, _searched - _start, 0);
        }

        if (_end == _bytes.Length && _bytes.Length <= limit)
            Array.Resize(ref _bytes, Math.Clamp(_bytes.Length * 2, Least, limit + 1));
        return _bytes.AsSpan(_end);
    }

    /// <summary>So many bytes were read into the room.</summary>
    public void Add(int count) => _end += count;

    /// <summary>Takes the next whole line, without its end. Valid until the next call for room.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> line)
    {
        int found = _bytes.AsSpan(_searched.._end).IndexOf((byte)'\n');
        if (found < 0)
        {
            _searched = _end;
            line = default;
            return false;
        }

        line = _bytes.AsMemory(_start..(_searched + found));
        _start = _searched = _searched + found + 1;
        if (_start == _end)
        {
            // Most have nothing to say for most of the time.
            _start = _end = _searched = 0;
            if (_bytes.Length > Least)
                _bytes = [];
        }

        return true;
    }

    /// <summary>Takes what stands after the last line's end, where nothing comes any more. False if there is nothing.</summary>
    public bool TryTakeRest(out ReadOnlyMemory<byte> rest)
    {
        rest = _bytes.AsMemory(_start.._end);
        _start = _searched = _end;
        return !rest.IsEmpty;
    }
}
