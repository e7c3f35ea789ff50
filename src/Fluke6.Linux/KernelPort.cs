using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Wire;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

/// <summary>What the ports that reach the network through the kernel have in common.</summary>
public abstract unsafe class KernelPort : IPort
{
    // A kind of super-segment that was refused so often in a row is cut at once, and offered again after so many.
    private const int RefusalsToRemember = 8;
    private const int CutsBeforeNextOffer = 1024;

    // Frames that still wait when the bridge ends are counted for so long; of each, so many bytes are read.
    private const int UnreadMilliseconds = 100;
    private const int UnreadLength = 2048;

    private readonly int[] _refusals = new int[(int)SegmentationKind.Udp + 1];
    private readonly Segmentation _segmentation = new();
    private readonly FrameBuffer _segment = new(new FrameUndo());

    private protected KernelPort(PortSpecification specification, bool offload)
    {
        Specification = specification.ToString();
        Name = specification.Name;
        NetworkNamespace = specification.NetworkNamespace;
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
    public PortState State { get; private protected set; }

    /// <inheritdoc/>
    public PortCounters Counters { get; } = new();

    /// <summary>The network namespace it was opened in, as named on the command line; null for ours.</summary>
    internal string? NetworkNamespace { get; }

    /// <summary>The interface's number in its namespace; 0 while it is gone.</summary>
    internal int InterfaceIndex { get; private protected set; }

    /// <summary>Which namespace that is; equal for two ports exactly if they share it.</summary>
    internal abstract string NamespaceIdentity { get; }

    /// <summary>What an interface of this kind needs that vanished and comes back.</summary>
    internal abstract Capabilities RightsToComeBack { get; }

    /// <summary>What another program needs to go on with the port.</summary>
    internal abstract PortDescriptors Descriptors { get; }

    /// <summary>What to poll for reading; -1 while there is nothing to wait for.</summary>
    internal abstract int Descriptor { get; }

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
    public void CountUnread()
    {
        long frames = UnreadInHand, end = Environment.TickCount64 + UnreadMilliseconds;
        byte[] buffer = new byte[UnreadLength];
        fixed (byte* start = buffer)
        {
            // Who goes on sending must not keep us.
            while (Environment.TickCount64 < end && Discard(start, buffer.Length))
                frames++;
        }

        Counters.CountRxDropped(ReceiveLoss.Unread, frames);
        CountDrops();
    }

    /// <summary>Frames that were read and that no batch has got yet.</summary>
    private protected virtual int UnreadInHand => 0;

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

    /// <summary>Closes what the port holds.</summary>
    protected abstract void Dispose(bool disposing);

    /// <summary>Hands one frame to the kernel.</summary>
    /// <returns>0, or the errno.</returns>
    private protected abstract int Write(FrameBuffer frame);

    /// <summary>Where a buffer's frame begins in memory; its array is pinned for good.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected static byte* AddressOf(FrameBuffer buffer, int at) =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(buffer.Array)) + at;

    /// <summary>Makes <c>hdr_len</c> true: receivers may put anything there, and the kernel refuses one past the frame's end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected static void FixHeaderLength(FrameBuffer frame)
    {
        Offload offload = frame.Offload;
        if (offload.Segmentation != SegmentationKind.None)
            FixSegmentHeaderLength(frame, offload);
        else if (offload.HeaderLength > frame.Length)
            offload.HeaderLength = (ushort)frame.Length;
    }

    /// <summary>Whether the kernel takes this kind of frame only after we cut it up. To be asked once a frame.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool MustCut(FrameBuffer frame)
    {
        int kind = (int)frame.Offload.Segmentation;
        return kind != 0 && kind < _refusals.Length && _refusals[kind] >= RefusalsToRemember && !OffersAgain(kind);
    }

    /// <summary>Counts a frame that the kernel took.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected void CountSent(FrameBuffer frame)
    {
        Counters.TxFrames++;
        Counters.TxBytes += frame.Length;
        if (!frame.HasOffload)
            return;

        int kind = (int)frame.Offload.Segmentation;
        if (kind != 0 && kind < _refusals.Length)
            _refusals[kind] = 0;
    }

    /// <summary>Counts a frame that the kernel refused, or, if it was a super-segment the kernel cannot cut, sends it in pieces.</summary>
    private protected void Refused(FrameBuffer frame, int number)
    {
        int kind = (int)frame.Offload.Segmentation;
        long before = Counters.TxFrames;
        if (number == EINVAL && kind != 0 && kind < _refusals.Length && SendInPieces(frame))
        {
            _refusals[kind] += Counters.TxFrames > before ? 1 : 0;
            return;
        }

        Counters.CountTxDropped(number);
    }

    /// <summary>Cuts a super-segment up and sends the pieces; those that the kernel refuses are counted.</summary>
    /// <returns>Whether it could be cut.</returns>
    private protected bool SendInPieces(FrameBuffer frame)
    {
        if (!_segmentation.Begin(frame))
            return false;

        while (_segmentation.TryNext(_segment))
        {
            int number = Write(_segment);
            if (number == 0)
            {
                Counters.TxFrames++;
                Counters.TxBytes += _segment.Length;
            }
            else
            {
                Counters.CountTxDropped(number);
            }
        }

        return true;
    }

    private bool OffersAgain(int kind)
    {
        if (++_refusals[kind] <= RefusalsToRemember + CutsBeforeNextOffer)
            return false;

        _refusals[kind] = RefusalsToRemember - 1;
        return true;
    }

    private static void FixSegmentHeaderLength(FrameBuffer frame, Offload offload)
    {
        // The kernel that delivered it says how much lay in linear memory, which may be all of it.
        int transport = offload.ChecksumStart, length;
        if (offload.NeedsCsum && offload.Segmentation == SegmentationKind.Udp)
            length = transport + UdpHeader.Length;
        else if (offload.NeedsCsum && transport + TcpHeader.MinLength <= frame.Length)
            length = transport + ((frame.Octets[transport + 12] >> 4) * 4);
        else
            length = frame.Layers.PayloadOffset;

        offload.HeaderLength = (ushort)Math.Min(length, frame.Length);
    }
}
