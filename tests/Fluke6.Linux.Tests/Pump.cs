using System.Collections.Concurrent;
using Fluke6.Frames;
using Fluke6.Ports;

namespace Fluke6.Linux.Tests;

/// <summary>The least of bridges: a thread that carries frames between two ports and notes what they were like.</summary>
internal sealed class Pump : IDisposable
{
    private readonly IPort _left;
    private readonly IPort _right;
    private readonly PollWaiter _waiter;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Exception> _failures = new();
    private volatile bool _stop;

    public Pump(IPort left, IPort right)
    {
        (_left, _right) = (left, right);
        _waiter = new PollWaiter(left, right);
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Called with every frame before it leaves; false drops it.</summary>
    public Func<FrameBuffer, bool>? Inspect { get; set; }

    /// <summary>How many frames a wire would carry of what came from the left.</summary>
    public long SegmentsFromLeft;

    public long SuperSegmentsFromLeft, SuperSegmentsFromRight, PartialFromLeft, PartialFromRight, Waits;
    public int LongestFromLeft, LongestFromRight;

    public void Dispose()
    {
        _stop = true;
        _waiter.Wake();
        _thread.Join();
        _waiter.Dispose();
        _left.Dispose();
        _right.Dispose();
        Assert.Empty(_failures);
    }

    private void Run()
    {
        var undo = new FrameUndo();
        var fromLeft = new FrameBatch(_left.BatchSize, undo);
        var fromRight = new FrameBatch(_right.BatchSize, undo);
        long maintained = Environment.TickCount64;
        try
        {
            while (!_stop)
            {
                ReadySides ready = _waiter.Wait(TimeSpan.FromMilliseconds(20));
                Waits++;
                if (ready.HasFlag(ReadySides.Left))
                    Carry(_left, _right, fromLeft, Side.Left);
                if (ready.HasFlag(ReadySides.Right))
                    Carry(_right, _left, fromRight, Side.Right);
                if (Environment.TickCount64 - maintained < 20)
                    continue;

                maintained = Environment.TickCount64;
                _left.Maintain();
                _right.Maintain();
            }
        }
        catch (Exception exception)
        {
            _failures.Enqueue(exception);
        }
    }

    private void Carry(IPort from, IPort to, FrameBatch batch, Side side)
    {
        bool more;
        do
        {
            more = from.Receive(batch, side, Math.Min(from.Mtu, to.Mtu));
            foreach (FrameBuffer frame in batch.Frames)
                Note(frame, side);
            if (Inspect is null)
            {
                to.Transmit(batch.Frames);
                continue;
            }

            for (int i = 0; i < batch.Count; i++)
            {
                if (Inspect(batch.Buffers[i]))
                    to.Transmit(batch.Buffers.Slice(i, 1));
            }
        }
        while (more && !_stop);
    }

    private void Note(FrameBuffer frame, Side side)
    {
        bool super = frame.Offload.SegmentSize > 0, partial = frame.Offload.NeedsCsum;
        if (side == Side.Left)
        {
            SuperSegmentsFromLeft += super ? 1 : 0;
            PartialFromLeft += partial ? 1 : 0;
            SegmentsFromLeft += super ? (frame.Length - frame.SegmentHeaderLength + frame.Offload.SegmentSize - 1) / frame.Offload.SegmentSize : 1;
            LongestFromLeft = Math.Max(LongestFromLeft, frame.Length);
        }
        else
        {
            SuperSegmentsFromRight += super ? 1 : 0;
            PartialFromRight += partial ? 1 : 0;
            LongestFromRight = Math.Max(LongestFromRight, frame.Length);
        }
    }
}
