namespace Fluke6.Concurrency;

/// <summary>
/// Where one thread writes in a ring and another reads. The ring's memory, which is its owner's, is there from the start: neither takes a
/// lock, and the writer never waits. A position counts for ever; where in memory it lies, its owner knows.
/// </summary>
/// <param name="capacity">How much the ring holds: things, or bytes.</param>
internal sealed class RingPositions(int capacity)
{
    private long _written;
    private long _read;
    private long _freeUpTo = capacity;    // as far as the writer knows: the reader may have made more room
    private long _dropped;

    /// <summary>What found no room. Any thread.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>How much there is room for. Writer's thread.</summary>
    public int Free => capacity - (int)(_written - Volatile.Read(ref _read));

    /// <summary>Where what is written next begins. Writer's thread.</summary>
    public long Next => _written;

    /// <summary>Whether there is room for so much. Writer's thread.</summary>
    public bool HasRoom(int count)
    {
        long end = _written + count;
        if (end <= _freeUpTo)
            return true;

        _freeUpTo = Volatile.Read(ref _read) + capacity;
        return end <= _freeUpTo;
    }

    /// <summary>Counts something that found no room. Writer's thread.</summary>
    public void Drop() => Volatile.Write(ref _dropped, _dropped + 1);

    /// <summary>Shows the reader all that was written before a position. Writer's thread.</summary>
    public void Publish(long end) => Volatile.Write(ref _written, end);

    /// <summary>Where what is to be read next begins; false if there is nothing. Reader's thread.</summary>
    public bool TryPeek(out long position)
    {
        position = _read;
        return position != Volatile.Read(ref _written);
    }

    /// <summary>Gives the room before a position back. Reader's thread.</summary>
    public void Release(long end) => Volatile.Write(ref _read, end);
}
