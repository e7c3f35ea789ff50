using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Ports;

/// <summary>
/// The buffers that a port fills and the other port empties. The same buffers serve again at the next receive, so whoever wants to keep
/// a frame copies it. Belongs to one thread.
/// </summary>
internal sealed class FrameBatch
{
    private readonly FrameBuffer[] _buffers;

    /// <summary>A batch of up to <paramref name="capacity"/> frames.</summary>
    /// <param name="capacity">At least 1.</param>
    /// <param name="undo">Where the buffers' edits save what they overwrite.</param>
    public FrameBatch(int capacity, FrameUndo undo)
    {
        _buffers = new FrameBuffer[capacity];
        for (int i = 0; i < capacity; i++)
            _buffers[i] = new FrameBuffer(undo);
    }

    /// <summary>A batch whose buffers each keep by themselves what edits overwrite: for frames that were edited before they came here.</summary>
    /// <param name="capacity">At least 1.</param>
    internal FrameBatch(int capacity)
    {
        _buffers = new FrameBuffer[capacity];
        for (int i = 0; i < capacity; i++)
            _buffers[i] = new FrameBuffer(new FrameUndo());
    }

    /// <summary>All buffers, filled or not.</summary>
    public ReadOnlySpan<FrameBuffer> Buffers => _buffers;

    /// <summary>How many buffers, from the first on, hold a frame.</summary>
    public int Count { get; set; }

    /// <summary>How many octets of VLAN tags frames may have beyond their MTU. <see cref="IPort.TagRoom"/> of both ports.</summary>
    public int TagRoom { get; set; } = Layers.MaxVlanTags * VlanTag.Length;

    /// <summary>The frames.</summary>
    public ReadOnlySpan<FrameBuffer> Frames => _buffers.AsSpan(0, Count);

    /// <summary>Takes a frame out; those after it move up.</summary>
    internal void Remove(int index)
    {
        FrameBuffer removed = _buffers[index];
        Count--;
        _buffers.AsSpan(index + 1, Count - index).CopyTo(_buffers.AsSpan(index));
        _buffers[Count] = removed;
    }

    /// <summary>Puts another buffer in a buffer's place.</summary>
    internal void Replace(int index, FrameBuffer buffer) => _buffers[index] = buffer;
}
