using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Ports;

/// <summary>Whether frames can pass a port.</summary>
internal enum PortState : byte
{
    /// <summary>Frames pass.</summary>
    Up,

    /// <summary>The interface exists and is administratively down.</summary>
    Down,

    /// <summary>The interface is gone; the port takes it back when one of the same name appears.</summary>
    Gone,
}

/// <summary>
/// One end of the bridge. All calls but <see cref="Counters"/> and <see cref="State"/> come from the bridge's thread. A port never
/// blocks and never throws for what the network or the kernel does to it after it opened: it counts, and reports its state.
/// </summary>
internal interface IPort : IDisposable
{
    /// <summary>The interface's name, such as <c>fl0</c>; for a port without one, what it is.</summary>
    string Name { get; }

    /// <summary>The port as it was named on the command line, such as <c>tap:fl0</c>.</summary>
    string Specification { get; }

    /// <summary>What its frames begin with.</summary>
    LinkType LinkType { get; }

    /// <summary>The largest network packet it takes, in octets.</summary>
    int Mtu { get; }

    /// <summary>How many octets of VLAN tags a frame may have beyond its <see cref="Mtu"/> and an Ethernet header.</summary>
    int TagRoom => Layers.MaxVlanTags * VlanTag.Length;

    /// <summary>Whether frames travel with a virtio header: super-segments and partial checksums.</summary>
    bool Offload { get; }

    /// <summary>How many frames a batch for this port should hold.</summary>
    int BatchSize { get; }

    /// <summary>Whether frames can pass.</summary>
    PortState State { get; }

    /// <summary>The frames and bytes that passed.</summary>
    PortCounters Counters { get; }

    /// <summary>
    /// Fills buffers with frames that wait, offload headers included, and sets the batch's count. Counts frames and octets.
    /// </summary>
    /// <param name="batch">Buffers to fill.</param>
    /// <param name="from">Which side of the bridge this port is.</param>
    /// <param name="mtu">The largest network packet that a frame may grow to.</param>
    /// <returns>Whether more may be waiting.</returns>
    bool Receive(FrameBatch batch, Side from, int mtu);

    /// <summary>Sends frames. What the kernel refuses is counted with its errno and dropped.</summary>
    void Transmit(ReadOnlySpan<FrameBuffer> frames);

    /// <summary>
    /// Looks after the port between batches, about every 100 ms: notices that an interface went, came back or changed its MTU.
    /// </summary>
    /// <returns>Whether <see cref="State"/> or <see cref="Mtu"/> changed.</returns>
    bool Maintain();

    /// <summary>Why frames that arrived are lost, and what to type against it; empty where there is nothing to be done. From any thread.</summary>
    string Explain(ReceiveLoss reason) => "";

    /// <summary>Why frames cannot be sent, and what to type against it. From any thread.</summary>
    /// <param name="errno">What the kernel said.</param>
    string ExplainRefusal(int errno) => NameOfError(errno);

    /// <summary>An error's name, such as <c>ENETDOWN</c>. From any thread.</summary>
    string NameOfError(int errno) => $"error {errno}";
}

/// <summary>Waits until a port has frames.</summary>
internal interface IPortWaiter : IDisposable
{
    /// <summary>Waits until a port has frames, <see cref="Wake"/> is called, or time is up.</summary>
    /// <param name="timeout">How long at the most.</param>
    /// <returns>The sides that have frames.</returns>
    ReadySides Wait(TimeSpan timeout);

    /// <summary>Ends a wait, or the next one. From any thread.</summary>
    void Wake();
}

/// <summary>Which ports have frames.</summary>
[Flags]
internal enum ReadySides : byte
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>The left port.</summary>
    Left = 1,

    /// <summary>The right port.</summary>
    Right = 2,
}
