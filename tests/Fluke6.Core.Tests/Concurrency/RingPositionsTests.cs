using Fluke6.Concurrency;

namespace Fluke6.Core.Tests.Concurrency;

public sealed class RingPositionsTests
{
    private const int Capacity = 64;

    [Fact]
    public void ReaderSeesAllThatFoundRoomInOrderAndWhole()
    {
        const int Things = 300_000;
        var positions = new RingPositions(Capacity);
        var ring = new (long, long)[Capacity];
        var writer = new Thread(() =>
        {
            for (long thing = 1; thing <= Things;)
            {
                if (!positions.HasRoom(1))
                {
                    Thread.Yield();
                    continue;
                }

                long position = positions.Next;
                ring[position % Capacity] = (thing, -thing);
                positions.Publish(position + 1);
                thing++;
            }
        });
        writer.Start();
        for (long expected = 1; expected <= Things;)
        {
            if (!positions.TryPeek(out long position))
            {
                Thread.Yield();
                continue;
            }

            (long first, long second) = ring[position % Capacity];
            positions.Release(position + 1);
            Assert.True(first == expected && second == -expected, $"{first} and {second} where {expected} was to be");
            expected++;
        }

        writer.Join();
        Assert.False(positions.TryPeek(out _));
        Assert.Equal(0, positions.Dropped);
    }

    [Fact]
    public void WhatIsNotReleasedIsNotWrittenOver()
    {
        var positions = new RingPositions(Capacity);
        Assert.True(positions.HasRoom(Capacity));
        Assert.False(positions.HasRoom(Capacity + 1));
        positions.Publish(40);
        Assert.Equal(24, positions.Free);
        Assert.True(positions.HasRoom(24));
        Assert.False(positions.HasRoom(25));
        Assert.True(positions.TryPeek(out long position));
        Assert.Equal(0, position);
        positions.Release(10);
        Assert.True(positions.HasRoom(34));
        Assert.False(positions.HasRoom(35));
        positions.Drop();
        Assert.Equal(1, positions.Dropped);
    }
}
