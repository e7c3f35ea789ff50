using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Linux;

/// <summary>The common part of the ports that reach the network through the kernel.</summary>
internal abstract unsafe partial class KernelPort : IPort
{
    // So many of the frames are counted that still wait when the bridge ends: more than any queue holds, and not for ever while others
    // come. Of each, so many bytes are read.
    private const int MaxUnread = 256 * 1024;
    private const int UnreadLength = 2048;

    /// <summary>Said of a descriptor.</summary>
    internal const string WasClosedByOthers =
        "was closed within the bridge's process, which only a rule does: look for close() and SafeHandle among the rules";

    private bool _isClosedByOthers;

    private protected KernelPort(PortSpecification specification, bool offload)
    {
        Specification = specification.ToString();
        Name = specification.Interface;
        NetworkNamespace = specification.InterfaceNamespace;
        Offload = offload;
    }

    /// <inheritdoc/>
    public string Name { get; private protected set; }

    /// <inheritdoc/>
    public string Specification { get; }

    /// <inheritdoc/>
    public abstract LinkType LinkType { get; }

    /// <inheritdoc/>
    public int Mtu { get; private protected set; }

    /// <inheritdoc/>
    public bool Offload { get; }

    /// <inheritdoc/>
    public abstract int BatchSize { get; }

    /// <inheritdoc/>
    public virtual int TagRoom => Layers.MaxVlanTags * Wire.VlanTag.Length;

    /// <inheritdoc/>
    public PortState State { get; private protected set; }

    /// <inheritdoc/>
    public PortCounters Counters { get; } = new();

    /// <summary>The network namespace that its interface is in, as named on the command line; null for ours.</summary>
    internal string? NetworkNamespace { get; }

    /// <summary>The interface's number in its namespace; 0 while it is gone.</summary>
    internal int InterfaceIndex { get; private protected set; }

    /// <summary>Which namespace that is; equal for two ports exactly if they share it.</summary>
    internal abstract string NamespaceIdentity { get; }

    /// <summary>The rights that an interface of this kind needs to come back after it vanished.</summary>
    internal abstract Capabilities RightsToComeBack { get; }

    /// <summary>The descriptors with which another program goes on with the port.</summary>
    internal abstract PortDescriptors Descriptors { get; }

    /// <summary>The descriptor to poll for reading; -1 while there is nothing to wait for.</summary>
    internal abstract int Descriptor { get; }

    /// <summary>Whether frames wait in the port itself, of which poll knows nothing.</summary>
    internal bool HasStaged { get; private protected set; }

    /// <inheritdoc/>
    public abstract bool Receive(FrameBatch batch, Side from, int mtu);

    /// <inheritdoc/>
    public abstract void Transmit(ReadOnlySpan<FrameBuffer> frames);

    /// <inheritdoc/>
    public abstract bool Maintain();

    /// <inheritdoc/>
    public string Explain(ReceiveLoss reason) => LossAdvice.Of(this, reason);

    /// <inheritdoc/>
    public string ExplainRefusal(int errno) => LossAdvice.Of(this, errno);

    /// <inheritdoc/>
    public string NameOfError(int errno) => Errno.Name(errno);

    /// <summary>
    /// Counts what arrived and nobody read, and looks at the kernel's own counters a last time. Throws the frames away: for a bridge that
    /// has ended.
    /// </summary>
    /// <param name="othersGoOn">Whether the frames that the kernel has are for another process, and stay.</param>
    public void CountUnread(bool othersGoOn = false)
    {
        OthersGoOn = othersGoOn;
        // A frame that is read now would be somebody else's, and may never come.
        if (_isClosedByOthers || !HasDescriptor())
            return;

        int frames = UnreadInHand;
        if (othersGoOn)
        {
            Counters.CountRxDropped(ReceiveLoss.Unread, frames);
            CountDrops();
            return;
        }

        StopArrivals();
        byte[] buffer = new byte[UnreadLength];
        fixed (byte* start = buffer)
        {
            while (frames < MaxUnread && Discard(start, buffer.Length))
                frames++;
        }

        Counters.CountRxDropped(ReceiveLoss.Unread, frames);
        CountDrops();
    }

    /// <summary>Gives the port up, since somebody else closed its descriptor: the number is, or soon will be, another file's.</summary>
    /// <returns>What to throw.</returns>
    internal PortException ClosedByOthers()
    {
        _isClosedByOthers = true;
        return new PortException($"the descriptor of {Name} {WasClosedByOthers}");
    }

    /// <summary>Whether all losses until now were counted, and another process goes on from here.</summary>
    private protected bool OthersGoOn { get; private set; }

    /// <summary>Frames that were read and that no batch has got yet.</summary>
    private protected virtual int UnreadInHand => 0;

    /// <summary>Lets no more frames queue up, where the kernel can be told so.</summary>
    private protected virtual void StopArrivals()
    {
    }

    /// <summary>Whether the descriptor's number is the port's still, and not another file's by now.</summary>
    private protected abstract bool HasDescriptor();

    /// <summary>Reads a frame, or its beginning, that nobody gets.</summary>
    /// <returns>Whether there was one.</returns>
    private protected abstract bool Discard(byte* buffer, int length);

    /// <summary>Counts the frames that the kernel says it dropped on their way here.</summary>
    private protected abstract void CountDrops();

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Removes an interface that was made for the port and would outlive it.</summary>
    internal virtual void RemoveInterface()
    {
    }

    /// <summary>Closes what the port holds.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Where a buffer's frame begins in memory; its array is pinned for good.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected static byte* AddressOf(FrameBuffer buffer, int at) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(buffer.Array)) + at;
}
