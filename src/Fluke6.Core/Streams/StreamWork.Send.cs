using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Streams;

// Frames that are sent besides those that arrive. They go on through the rules after this one, as those do.
internal sealed partial class StreamWork
{
    // A super-segment's data, headers left room for.
    private const int MaxData = 60_000;

    private readonly SendQueue _queue = new();
    private readonly Segmentation _cut = new();
    private FrameBuffer? _frame;
    private FrameBuffer? _piece;
    private bool _isAtFrame = true;

    /// <summary>Sends octets in the name of the end that sent them, or others in their place.</summary>
    /// <param name="direction">The direction.</param>
    /// <param name="number">The first octet's number, the receiver's.</param>
    /// <param name="length">How many octets.</param>
    /// <param name="withFin">Whether the stream ends after them.</param>
    public void SendData(StreamDirection direction, uint number, int length, bool withFin)
    {
        StreamTemplate template = direction.Template;
        (uint acknowledgment, ushort window) = direction.Flow.Other(direction).Tell();
        int limit = template.SegmentLimit, most = Math.Max(MaxData / limit * limit, 1);
        do
        {
            int count = Math.Min(length, most);
            length -= count;
            TcpFlags flags = TcpFlags.Ack | (length > 0 ? 0 : TcpFlags.Psh) | (length == 0 && withFin ? TcpFlags.Fin : 0);
            Send(direction, template, flags, number, acknowledgment, window, count, limit, blocks: default);
            number += (uint)count;
        }
        while (length > 0);
    }

    /// <summary>Acknowledges, in the receiver's name, what the receiver acknowledged.</summary>
    /// <param name="direction">The direction whose sender is told.</param>
    /// <param name="back">The other one.</param>
    public void SendAcknowledgment(StreamDirection direction, StreamDirection back)
    {
        (uint acknowledgment, ushort window) = direction.Tell();
        Span<byte> blocks = stackalloc byte[TcpHeader.MaxLength];
        blocks = blocks[..direction.WriteBlocks(blocks)];
        Send(back, back.Template, TcpFlags.Ack, back.SentEnd, acknowledgment, window, 0, limit: 1, blocks);
    }

    /// <summary>The frame at hand has been seen to: what it held goes on otherwise, or later.</summary>
    public static Verdict Swallow(ref Frame frame)
    {
        frame.Buffer.Outermost.HoldFor = FrameBuffer.Taken;
        return Verdict.Hold;
    }

    private void Send(
        StreamDirection direction, StreamTemplate template, TcpFlags flags, uint number, uint acknowledgment, ushort window, int count, int limit,
        ReadOnlySpan<byte> blocks)
    {
        FrameBuffer frame = _frame ??= new FrameBuffer(new FrameUndo());
        if (count > 0)
            direction.CopySent(number, frame.Array.AsSpan(FrameBuffer.FrameStart + template.HeaderLength, count));
        var fields = new TcpFields(0, 0, flags) { SequenceNumber = number, AcknowledgmentNumber = acknowledgment, Window = window };
        template.Write(frame, fields, count, _services.Outbox!.LinkType, limit, blocks);
        Figures.Sent++;
        if (template.HasOffload)
        {
            Queue(frame);
            return;
        }

        // Whoever gets no frames with an offload header may not know what to do with one.
        FrameBuffer piece = _piece ??= new FrameBuffer(new FrameUndo());
        _cut.Begin(frame);
        while (_cut.TryNext(piece))
            Queue(piece);
    }

    private bool Queue(FrameBuffer frame)
    {
        frame.ArrivedAt = _services.Now.Utc;
        HoldSource source = _services.Held.SourceOf(_name, Counters);
        bool isQueued = _services.Held.TryAdd(frame, source, Now, _queue, _isAtFrame) >= 0;
        _queue.Count += isQueued ? 1 : 0;
        return isQueued;
    }

    /// <summary>Knows how many of the frames are yet to go on.</summary>
    private sealed class SendQueue : HoldQueue
    {
        public int Count { get; set; }

        /// <inheritdoc/>
        public override Departure Leave(int slot, long due, long now, bool isEnd)
        {
            Count--;
            return Departure.GoesOn;
        }
    }
}
