using Fluke6.Frames;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

public sealed unsafe partial class PacketPort
{
    private readonly MessageBatch _outgoing = new(MaxBatch, hasControl: false);

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
    private protected override int Write(FrameBuffer frame)
    {
        byte* address = AddressOf(frame, frame.Start - Frames.Offload.Length);
        while (send(_descriptor, address, Frames.Offload.Length + frame.Length, MSG_DONTWAIT) < 0)
        {
            int number = errno;
            if (number != EINTR)
                return number;
        }

        return 0;
    }

    private void TransmitBatch(ReadOnlySpan<FrameBuffer> frames)
    {
        int next = 0;
        while (next < frames.Length)
        {
            int end = next;
            while (end < frames.Length && !MustCut(frames[end]))
            {
                FrameBuffer frame = frames[end];
                FixHeaderLength(frame);
                _outgoing.Set(end, AddressOf(frame, frame.Start - Frames.Offload.Length), Frames.Offload.Length + frame.Length);
                end++;
            }

            Send(frames, next, end);
            // Frames leave in the order they came, so one to be cut waits for those before it.
            if (end < frames.Length && !SendInPieces(frames[end]))
                Refused(frames[end], EINVAL);
            next = end + 1;
        }
    }

    private void Send(ReadOnlySpan<FrameBuffer> frames, int next, int end)
    {
        while (next < end)
        {
            int sent = Native.Socket.sendmmsg(_descriptor, _outgoing.From(next), (uint)(end - next), MSG_DONTWAIT);
            if (sent < 0)
            {
                // It names the first frame only; the rest still go.
                int number = errno;
                if (number != EINTR)
                    Refused(frames[next++], number);
                continue;
            }

            for (; sent > 0; sent--)
                CountSent(frames[next++]);
        }
    }
}
