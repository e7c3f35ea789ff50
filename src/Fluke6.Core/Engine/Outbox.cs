using Fluke6.Frames;

namespace Fluke6.Engine;

/// <summary>Frames that rules send by themselves, until the batch at hand has gone out. Worker's thread only.</summary>
internal sealed class Outbox(IFrameSink sink, FrameTaps taps)
{
    // Enough that a burst of answers goes out in one system call; a rule that sends more has them sent at once.
    private const int Capacity = 64;
    private readonly FrameUndo _undo = new();
    private readonly FrameBuffer?[][] _buffers = [new FrameBuffer?[Capacity], new FrameBuffer?[Capacity]];
    private readonly byte[][] _rules = [new byte[Capacity], new byte[Capacity]];
    private readonly int[] _counts = new int[2];

    public bool IsEmpty => (_counts[0] | _counts[1]) == 0;

    /// <summary>Queues a frame.</summary>
    /// <param name="side">Where it goes out.</param>
    /// <param name="octets">The frame.</param>
    /// <param name="rule">The number of the rule that sends it.</param>
    public void Add(Side side, ReadOnlySpan<byte> octets, int rule) =>
        Next(side, rule).Load(octets, sink.LinkType, side.Opposite());

    /// <summary>What the ports' frames begin with.</summary>
    public LinkType LinkType => sink.LinkType;

    /// <summary>Queues a frame that a rule kept, with its offload header.</summary>
    public void Add(Side side, FrameCopy copy, int rule) => Next(side, rule).Load(copy, side.Opposite());

    /// <summary>Why octets without an offload header are too long for a port; null if they are not.</summary>
    public string? TooLong(Side side, ReadOnlySpan<byte> octets)
    {
        int mtu = sink.MtuOf(side);
        if (octets.Length <= mtu)
            return null;

        LayerWalk.Walk(octets, sink.LinkType, out Layers layers);
        return octets.Length - layers.NetworkOffset <= mtu
            ? null
            : $"sends a frame of {octets.Length} bytes, too long for one packet on {sink.NameOf(side)} (MTU {mtu}), so it may be lost; "
                + "to send a frame later, or twice, send frame.Copy(), which stays a super-segment";
    }

    /// <summary>Queues a copy of a frame, with its offload header.</summary>
    public void Add(Side side, FrameRegion frame, int rule) => Next(side, rule).Load(frame);

    /// <summary>Sends everything.</summary>
    public void Flush()
    {
        Flush(Side.Left);
        Flush(Side.Right);
    }

    private FrameBuffer Next(Side side, int rule)
    {
        int index = (int)side;
        if (_counts[index] == Capacity)
            Flush(side);
        _rules[index][_counts[index]] = (byte)rule;

        // Most rules never send: buffers of 64 KiB are made when first needed, then serve again.
        return _buffers[index][_counts[index]++] ??= new FrameBuffer(_undo);
    }

    private void Flush(Side side)
    {
        int count = _counts[(int)side];
        if (count == 0)
            return;

        ReadOnlySpan<FrameBuffer> frames = _buffers[(int)side].AsSpan(0, count)!;
        for (int i = 0; i < count; i++)
            taps.Sent(side, frames[i], _rules[(int)side][i]);
        _counts[(int)side] = 0;
        sink.Transmit(side, frames);
    }
}
