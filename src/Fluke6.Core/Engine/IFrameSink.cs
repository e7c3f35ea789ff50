using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Engine;

/// <summary>Where a worker's frames go.</summary>
internal interface IFrameSink
{
    /// <summary>The link header that frames begin with.</summary>
    LinkType LinkType { get; }

    /// <summary>The largest network packet, in bytes, that passes on both sides.</summary>
    int Mtu { get; }

    /// <summary>The largest network packet, in bytes, that leaves by a side.</summary>
    int MtuOf(Side side);

    /// <summary>The name of a side's port.</summary>
    string NameOf(Side side);

    /// <summary>The counters of a side's port.</summary>
    PortCounters CountersOf(Side side);

    /// <summary>Sends frames out of a side. What cannot be sent is counted there.</summary>
    void Transmit(Side side, ReadOnlySpan<FrameBuffer> frames);
}
