using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Linux.Tests;

/// <summary>A port in a test's hands: sends frames and collects what arrives.</summary>
internal sealed class Wire : IDisposable
{
    private readonly FrameBatch _batch;
    private readonly PollWaiter _waiter;

    public Wire(string specification, bool offload = true)
    {
        Port = PortSpecification.Parse(specification).Open(offload);
        _batch = new FrameBatch(Port.BatchSize, new FrameUndo());
        _waiter = new PollWaiter(Port, new NullPort(Port.LinkType));
    }

    public IPort Port { get; }

    public PortCounters Counters => Port.Counters;

    public void Send(params FrameBuffer[] frames) => Port.Transmit(frames);

    /// <summary>The next frames that are ours, with their offload headers; those of the kernels' own neighbour discovery are passed over.</summary>
    public List<FrameBuffer> Receive(int count)
    {
        List<FrameBuffer> frames = [];
        Namespaces.Until(() =>
        {
            ReceiveInto(frames);
            return frames.Count >= count;
        }, $"{count} frames on {Port.Specification}, {frames.Count} came");
        return frames;
    }

    /// <summary>Receives all that waits and keeps nothing of it.</summary>
    public void Drain()
    {
        while (_waiter.Wait(TimeSpan.Zero) != ReadySides.None)
            Port.Receive(_batch, Side.Left, 1500);
    }

    /// <summary>Waits and receives once.</summary>
    public ReadySides ReceiveInto(List<FrameBuffer> frames)
    {
        ReadySides ready = _waiter.Wait(TimeSpan.FromMilliseconds(10));
        if (ready == ReadySides.None)
            return ready;

        Port.Receive(_batch, Side.Left, 1500);
        foreach (FrameBuffer frame in _batch.Frames)
        {
            if (!IsOurs(frame))
                continue;

            var copy = new FrameBuffer(new FrameUndo());
            copy.Load(frame);
            frames.Add(copy);
        }

        return ready;
    }

    public void Dispose()
    {
        _waiter.Dispose();
        Port.Dispose();
    }

    // Hosts' own frames come from the addresses that the kernel made up for their interfaces.
    private static bool IsOurs(FrameBuffer frame) => frame.Length >= 14 && frame.Octets.Slice(6, 5).SequenceEqual((byte[])[2, 0, 0, 0, 0]);
}
