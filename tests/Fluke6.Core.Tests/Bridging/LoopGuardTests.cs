using Fluke6.Bridging;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Core.Tests.TcpServices;

namespace Fluke6.Core.Tests.Bridging;

/// <summary>Frames of our own that come back are known in a loop, and what hosts repeat or move is never taken for one.</summary>
[Collection("allocations")]
public sealed class LoopGuardTests
{
    private const int Limit = 100;
    private readonly ManualClock _clock = new();
    private readonly List<int> _told = [];
    private readonly LoopGuard _guard;
    private readonly FrameBuffer _buffer = new(new FrameUndo());

    public LoopGuardTests()
    {
        _clock.Advance(TimeSpan.FromHours(1));
        _guard = new LoopGuard(Limit, _clock, new Random(1), _told.Add);
    }

    // Both ports in one switch: what leaves by one arrives at the other, and a host's frame arrives at both.
    [Fact]
    public void OneBroadcastBetweenTwoPortsOfOneSwitchEnds()
    {
        Queue<Side> underWay = new([Side.Left, Side.Right]);
        int forwarded = Circulate(Broadcast(1), underWay);
        Assert.InRange(forwarded, Limit / 2, 2 * Limit);
        Assert.Equal(Limit, Assert.Single(_told), 2.0);

        // While the loop is there, a frame passes once and does not circle.
        for (byte i = 2; i < 100; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            Assert.InRange(Circulate(Broadcast(i), new([Side.Left, Side.Right])), 1, 2);
        }

        Assert.Single(_told);
    }

    // One cable from port to port, or a veth pair: all circles in one direction.
    [Fact]
    public void FramesThatCircleThroughACableEnd()
    {
        int forwarded = Circulate(Broadcast(1), new([Side.Right]));
        Assert.InRange(forwarded, 9 * Limit, 11 * Limit);
        Assert.Single(_told);
    }

    [Fact]
    public void LoopThatIsGoneIsToldAndNothingIsDroppedAnyMore()
    {
        Circulate(Broadcast(1), new([Side.Left, Side.Right]));
        Assert.True(_guard.IsStopping);
        _clock.Advance(TimeSpan.FromSeconds(11));
        Assert.False(Arrives(Broadcast(2), Side.Left));
        Assert.False(_guard.IsStopping);
        Assert.Equal(0, _told[^1]);

        // The next one is told of again only after ten minutes: said once.
        Circulate(Broadcast(3), new([Side.Left, Side.Right]));
        Assert.True(_guard.IsStopping);
        Assert.Equal(2, _told.Count);
    }

    [Theory]
    [InlineData(1.0, 1000)]     // an ARP request, asked each second: RFC 1122 §2.3.2.1
    [InlineData(0.01, 10_000)]  // advertisements of VRRP with an interval of a centisecond: RFC 5798 §7.3
    [InlineData(0.0011, 5000)]  // 900 a second, octet for octet the same
    public void WhatAHostRepeatsIsNoLoop(double seconds, int times)
    {
        for (int i = 0; i < times; i++, _clock.Advance(TimeSpan.FromSeconds(seconds)))
            Assert.True(Passes(Broadcast(1), Side.Left));
        Assert.Empty(_told);
    }

    // A virtual router moves to the other side and back, each time with the same gratuitous ARP. RFC 5798 §6.4.
    [Fact]
    public void AddressThatMovesIsNoLoop()
    {
        for (int i = 0; i < 1000; i++, _clock.Advance(TimeSpan.FromSeconds(0.1)))
            Assert.True(Passes(Broadcast(1), i % 2 == 0 ? Side.Left : Side.Right));
        Assert.Empty(_told);
    }

    [Fact]
    public void SegmentsThatAreSentAgainAreNoLoop()
    {
        byte[] unicast = Broadcast(1);
        unicast[0] = 2;
        for (int i = 0; i < 100_000; i++)
            Assert.True(Passes(unicast, Side.Left));
        Assert.Empty(_told);

        // Nor while there is one: only what comes back to its own port is known then.
        Circulate(Broadcast(1), new([Side.Left, Side.Right]));
        Assert.True(Passes(unicast, Side.Left) && Passes(unicast, Side.Left));
        Assert.False(Passes(unicast, Side.Right));
    }

    [Fact]
    public void LookingAllocatesNothing()
    {
        byte[] frame = Broadcast(1);
        _buffer.Load(frame, LinkType.Ethernet, Side.Left);
        Assert.Equal(0, Allocation.In(() =>
        {
            for (int i = 0; i < 10_000; i++)
            {
                _guard.IsOwnReturning(_buffer, Side.Left);
                _guard.Departed(_buffer, Side.Right);
            }
        }));
    }

    [Fact]
    public void FrameIsTakenOutOfItsBatchAndTheOthersKeepTheirOrder()
    {
        var batch = new FrameBatch(4, new FrameUndo());
        foreach (byte i in (byte[])[1, 2, 3])
            batch.Buffers[batch.Count++].Load(Broadcast(i), LinkType.Ethernet, Side.Left);
        batch.Remove(1);
        Assert.Equal([1, 3], batch.Frames.ToArray().Select(frame => frame.Octets[^1]));
        Assert.Equal(4, batch.Buffers.ToArray().Distinct().Count());
    }

    private static byte[] Broadcast(byte number) =>
        [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2, 0, 0, 0, 0, 1, 0x08, 0x06, .. new byte[45], number];

    private bool Arrives(byte[] frame, Side at)
    {
        _buffer.Load(frame, LinkType.Ethernet, at);
        return _guard.IsOwnReturning(_buffer, at);
    }

    private bool Passes(byte[] frame, Side at)
    {
        if (Arrives(frame, at))
            return false;

        _guard.Departed(_buffer, at.Opposite());
        return true;
    }

    /// <summary>Lets copies of a frame arrive that each leave by the other port, until none is left.</summary>
    /// <returns>How many left.</returns>
    private int Circulate(byte[] frame, Queue<Side> underWay)
    {
        int forwarded = 0;
        while (underWay.TryDequeue(out Side at))
        {
            _clock.Advance(TimeSpan.FromMicroseconds(10));
            if (!Passes(frame, at))
                continue;

            Assert.InRange(++forwarded, 1, 1_000_000);
            // It left by the other port, from which the switch, or the cable, brings it to this one.
            underWay.Enqueue(at);
        }

        return forwarded;
    }
}
