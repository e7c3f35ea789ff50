using Fluke6.Frames;

namespace Fluke6.Ports;

/// <summary>A port whose other end is the program itself: queue frames in, take frames out. For tests, benchmarks and embedding.</summary>
internal sealed class MemoryPort(string name, LinkType linkType = LinkType.Ethernet, int mtu = 1500) : IPort
{
    private readonly Queue<FrameCopy> _incoming = new();
    private readonly List<FrameCopy> _sent = [];
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public string Specification => $"memory:{name}";

    /// <inheritdoc/>
    public LinkType LinkType => linkType;

    /// <inheritdoc/>
    public int Mtu => mtu;

    /// <inheritdoc/>
    public bool Offload => true;

    /// <inheritdoc/>
    public int BatchSize => 16;

    /// <inheritdoc/>
    public PortState State => PortState.Up;

    /// <inheritdoc/>
    public PortCounters Counters { get; } = new();

    /// <summary>Raised on the bridge's thread after a frame was taken.</summary>
    public event Action<byte[]>? Sent;

    /// <summary>Whether a frame waits to be received.</summary>
    public bool HasWaiting
    {
        get
        {
            lock (_lock)
                return _incoming.Count > 0;
        }
    }

    /// <summary>Lets a frame arrive on this port. From any thread; wake the bridge's waiter afterwards.</summary>
    public void Arrive(ReadOnlySpan<byte> octets)
    {
        Arrive(new FrameCopy(octets, linkType, default));
    }

    /// <summary>Lets a frame arrive with its offload header. From any thread; wake the bridge's waiter afterwards.</summary>
    public void Arrive(FrameCopy frame)
    {
        lock (_lock)
            _incoming.Enqueue(frame);
    }

    /// <summary>The frames that were sent so far, in order.</summary>
    public IReadOnlyList<byte[]> SentFrames => [.. SentCopies.Select(copy => copy.Octets.ToArray())];

    /// <summary>The frames that were sent so far, in order, with their offload headers.</summary>
    public IReadOnlyList<FrameCopy> SentCopies
    {
        get
        {
            lock (_lock)
                return [.. _sent];
        }
    }

    /// <inheritdoc/>
    public bool Receive(FrameBatch batch, Side from, int mtu)
    {
        lock (_lock)
        {
            batch.Count = 0;
            while (batch.Count < batch.Buffers.Length && _incoming.TryDequeue(out FrameCopy? frame))
            {
                batch.Buffers[batch.Count++].Load(frame, from, mtu);
                Counters.RxFrames++;
                Counters.RxBytes += frame.Length;
            }

            return _incoming.Count > 0;
        }
    }

    /// <inheritdoc/>
    public void Transmit(ReadOnlySpan<FrameBuffer> frames)
    {
        foreach (FrameBuffer frame in frames)
        {
            var copy = new FrameCopy(frame);
            Counters.TxFrames++;
            Counters.TxBytes += copy.Length;
            lock (_lock)
                _sent.Add(copy);
            Sent?.Invoke(copy.Octets.ToArray());
        }
    }

    /// <inheritdoc/>
    public bool Maintain() => false;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
