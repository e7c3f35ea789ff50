using Fluke6.Frames;

namespace Fluke6.Ports;

/// <summary>A port whose other end is the program itself: queue frames in, take frames out. For tests, benchmarks and embedding.</summary>
public sealed class MemoryPort(string name, LinkType linkType = LinkType.Ethernet, int mtu = 1500) : IPort
{
    private readonly Queue<byte[]> _incoming = new();
    private readonly List<byte[]> _sent = [];
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
        lock (_lock)
            _incoming.Enqueue(octets.ToArray());
    }

    /// <summary>The frames that were sent so far, in order.</summary>
    public IReadOnlyList<byte[]> SentFrames
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
            while (batch.Count < batch.Buffers.Length && _incoming.TryDequeue(out byte[]? octets))
            {
                batch.Buffers[batch.Count++].Load(octets, linkType, from, mtu);
                Counters.RxFrames++;
                Counters.RxBytes += octets.Length;
            }

            return _incoming.Count > 0;
        }
    }

    /// <inheritdoc/>
    public void Transmit(ReadOnlySpan<FrameBuffer> frames)
    {
        foreach (FrameBuffer frame in frames)
        {
            byte[] octets = frame.Octets.ToArray();
            Counters.TxFrames++;
            Counters.TxBytes += octets.Length;
            lock (_lock)
                _sent.Add(octets);
            Sent?.Invoke(octets);
        }
    }

    /// <inheritdoc/>
    public bool Maintain() => false;

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
