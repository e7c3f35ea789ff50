using System.Runtime.CompilerServices;
using Fluke6.Frames;
using Fluke6.Ports;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

// Offload headers: which the kernel takes, which it has to be spared, and how frames are cut up here instead.
internal abstract unsafe partial class KernelPort
{
    /// <summary>How many pieces are handed over together.</summary>
    private protected const int PiecesAtOnce = 32;

    // A kind of super-segment that was refused so often in a row is cut at once, and offered again after so many.
    private const int RefusalsToRemember = 8;
    private const int CutsBeforeNextOffer = 1024;

    private readonly int[] _refusals = new int[(int)SegmentationKind.Udp + 1];
    private readonly Segmentation _segmentation = new();
    private readonly Segmentation _regrouping = new(SegmentationPieces.TunnelDatagrams);
    private FrameBatch? _pieces;
    private FrameBatch? _groups;

    /// <summary>Hands pieces to the kernel, in order, and counts them.</summary>
    private protected abstract void WritePieces(ReadOnlySpan<FrameBuffer> pieces);

    /// <summary>Sends a super-segment in a tunnel as it is, and counts it, if the kernel can be told what it is.</summary>
    private protected virtual bool TrySendWhole(FrameBuffer frame) => false;

    /// <summary>
    /// Makes a frame's offload header say to the kernel what it means. To be asked once a frame, right before that is sent.
    /// </summary>
    /// <returns>Whether it has to be cut up here all the same.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool MustCut(FrameBuffer frame) => frame.HasOffload && MustCutOffloaded(frame);

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
        if (number == EINVAL && kind != 0 && kind < _refusals.Length && TrySendInPieces(frame))
        {
            _refusals[kind] += Counters.TxFrames > before ? 1 : 0;
            return;
        }

        Counters.CountTxDropped(number);
    }

    /// <summary>Cuts a super-segment up and sends the pieces. One that cannot be cut is lost and counted.</summary>
    private protected void SendInPieces(FrameBuffer frame)
    {
        if (TrySendWhole(frame))
            return;
        if (Offload && !IsRefused((int)SegmentationKind.Udp) && _regrouping.Begin(frame))
        {
            // One at a time: should the kernel refuse it, its pieces take the place of what waits to be written.
            _groups ??= new FrameBatch(1, new FrameUndo());
            Send(_regrouping, _groups.Buffers);
            return;
        }

        if (TrySendInPieces(frame))
            return;

        // The kernel would say so, had it not taken it and lost it.
        Counters.CountTxDropped(EINVAL);
    }

    private bool TrySendInPieces(FrameBuffer frame)
    {
        if (!_segmentation.Begin(frame))
            return false;

        _pieces ??= new FrameBatch(PiecesAtOnce, new FrameUndo());
        Send(_segmentation, _pieces.Buffers);
        return true;
    }

    private void Send(Segmentation segmentation, ReadOnlySpan<FrameBuffer> buffers)
    {
        while (segmentation.HasNext)
        {
            int count = 0;
            while (count < buffers.Length && segmentation.TryNext(buffers[count]))
                count++;
            WritePieces(buffers[..count]);
        }
    }

    private bool MustCutOffloaded(FrameBuffer frame)
    {
        Offload offload = frame.Offload;
        int kind = (int)offload.Segmentation;
        if (kind == 0)
        {
            if (offload.HeaderLength > frame.Length)
                offload.HeaderLength = (ushort)frame.Length;
            frame.CompleteSctpChecksum();
            return false;
        }

        // Written back, a tunnel's super-segment is one of a kind that the kernel cuts only where it has made it itself: it loses those.
        if (!frame.IsSegmentedAtOuterTransport)
            return true;

        // The kernel that delivered it says how much lay in linear memory, which may be all of it.
        offload.HeaderLength = (ushort)Math.Min(frame.SegmentHeaderLength, frame.Length);
        return IsRefused(kind);
    }

    /// <summary>Whether the kernel refused this kind of super-segment lately.</summary>
    private bool IsRefused(int kind) => kind < _refusals.Length && _refusals[kind] >= RefusalsToRemember && !OffersAgain(kind);

    private bool OffersAgain(int kind)
    {
        if (++_refusals[kind] <= RefusalsToRemember + CutsBeforeNextOffer)
            return false;

        _refusals[kind] = RefusalsToRemember - 1;
        return true;
    }
}
