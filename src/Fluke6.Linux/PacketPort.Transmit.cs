using Fluke6.Frames;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

internal sealed unsafe partial class PacketPort
{
    private readonly MessageBatch _outgoing = new(MaxBatch, hasControl: false);
    private readonly MessageBatch _outgoingPieces = new(PiecesAtOnce, hasControl: false);

    /// <inheritdoc/>
    public override void Transmit(ReadOnlySpan<FrameBuffer> frames)
    {
        while (!frames.IsEmpty)
        {
            int count = Math.Min(frames.Length, _outgoing.Capacity);
            TransmitBatch(frames[..count]);
            frames = frames[count..];
        }
    }

    /// <inheritdoc/>
    private protected override void WritePieces(ReadOnlySpan<FrameBuffer> pieces)
    {
        for (int i = 0; i < pieces.Length; i++)
            Set(_outgoingPieces, i, pieces[i]);
        Send(_outgoingPieces, pieces, 0, pieces.Length);
    }

    private void TransmitBatch(ReadOnlySpan<FrameBuffer> frames)
    {
        int next = 0;
        while (next < frames.Length)
        {
            int end = next;
            while (end < frames.Length && !MustCut(frames[end]))
            {
                Set(_outgoing, end, frames[end]);
                end++;
            }

            Send(_outgoing, frames, next, end);
            // Frames leave in the order they came, so one to be cut waits for those before it.
            if (end < frames.Length)
                SendInPieces(frames[end]);
            next = end + 1;
        }
    }

    private static void Set(MessageBatch messages, int index, FrameBuffer frame) =>
        messages.Set(index, AddressOf(frame, frame.Start - Frames.Offload.Length), Frames.Offload.Length + frame.Length);

    private void Send(MessageBatch messages, ReadOnlySpan<FrameBuffer> frames, int next, int end)
    {
        while (next < end)
        {
            int sent = Native.Socket.sendmmsg(_descriptor, messages.From(next), (uint)(end - next), MSG_DONTWAIT);
            if (sent < 0)
            {
                // It names the first frame only; the rest still go.
                int number = errno;
                if (number == EMSGSIZE)
                    number = SendTagged(frames[next]);
                if (number == 0)
                    CountSent(frames[next++]);
                else if (number != EINTR)
                    Refused(frames[next++], number);
                continue;
            }

            for (; sent > 0; sent--)
                CountSent(frames[next++]);
        }
    }
}
