namespace Fluke6.Captures;

/// <summary>Several captures as one, by the times of their packets; those of one capture stay in its order. One thread at a time.</summary>
internal sealed class CaptureMerge : IDisposable
{
    private readonly CaptureReader[] _readers;
    private readonly PriorityQueue<int, (long Time, int Index)> _heads = new();
    private bool _isPrimed;
    private int _current = -1;

    /// <summary>Reads captures.</summary>
    /// <param name="readers">At least one; closed with this.</param>
    public CaptureMerge(IEnumerable<CaptureReader> readers) => _readers = [.. readers];

    /// <summary>The capture whose packet is at hand, with that packet.</summary>
    public CaptureReader Current => _readers[_current];

    /// <summary>How many bytes of all files were read so far.</summary>
    public long Position => _readers.Sum(reader => reader.Position);

    /// <summary>Reads the next packet.</summary>
    /// <returns>False when all captures are at their ends.</returns>
    /// <exception cref="CaptureReadException">The next packet of a capture cannot be read.</exception>
    public bool MoveNext()
    {
        // One capture needs no queue.
        if (_readers is [var only])
        {
            _current = 0;
            return only.MoveNext();
        }

        if (!_isPrimed)
        {
            _isPrimed = true;
            for (int i = 0; i < _readers.Length; i++)
                Queue(i);
        }
        else if (_current >= 0)
        {
            Queue(_current);
        }

        _current = _heads.TryDequeue(out int next, out _) ? next : -1;
        return _current >= 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (CaptureReader reader in _readers)
            reader.Dispose();
    }

    private void Queue(int index)
    {
        if (_readers[index].MoveNext())
            _heads.Enqueue(index, (_readers[index].Time, index));
    }
}
