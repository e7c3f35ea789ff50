using System.Text;
using Fluke6.Ports;

namespace Fluke6.Linux.Tests;

/// <summary>What the kernel says that it dropped on its way to a TAP.</summary>
public sealed class InterfaceStatisticsTests
{
    [Fact]
    public void AFullQueueOfATapIsCountedAndEarlierDropsAreNot()
    {
        using var lab = new Namespaces();
        string host = lab.Add("host");
        lab.Ip(host, "tuntap add h0 mode tap");
        lab.Ip(host, "link set h0 txqueuelen 20 up");
        for (int round = 0; round < 2; round++)
        {
            // The second port finds an interface on which the first one's frames were lost.
            using var tap = new Wire($"tap:h0@{host}");
            using var peer = new Wire($"h0@{host}");
            tap.Drain();
            long drained = tap.Counters.RxFrames;
            for (byte i = 0; i < 100; i++)
                peer.Send(TestFrames.Plain(i));
            Assert.Equal(0, tap.Counters.RxDropped);
            Namespaces.Until(() => tap.Port.Maintain() | tap.Counters.RxDropped > 0, "the drops");
            ((KernelPort)tap.Port).CountUnread();

            // The kernel's own neighbour discovery may have sent a few.
            Assert.InRange(tap.Counters.RxDroppedByReason[(int)ReceiveLoss.QueueFull], 75, 85);
            Assert.InRange(tap.Counters.RxDropped, 100, 110);
            Assert.Equal(drained, tap.Counters.RxFrames);
        }
    }

    [Fact]
    public void AnInterfaceIsFoundAmongMany()
    {
        using var lab = new Namespaces();
        string host = lab.Add("host");
        for (int i = 0; i < 40; i++)
            lab.Ip(host, $"link add d{i} type veth peer name e{i}");
        using InterfaceStatistics statistics = NetworkNamespace.Run(host, "test", () => new InterfaceStatistics());
        Assert.True(statistics.TryGetTransmitDropped("d39\0"u8, out long dropped));
        Assert.Equal(0, dropped);
        Assert.True(statistics.TryGetTransmitDropped("lo"u8, out _));
        Assert.False(statistics.TryGetTransmitDropped("d"u8, out _));
        Assert.False(statistics.TryGetTransmitDropped("d40"u8, out _));
        lab.Ip(host, "link add d40 type veth peer name e40");
        Assert.True(statistics.TryGetTransmitDropped("d40"u8, out _));
        byte[] name = Encoding.ASCII.GetBytes("d20");
        Assert.Equal(0, Allocation.In(() =>
        {
            for (int i = 0; i < 100; i++)
                statistics.TryGetTransmitDropped(name, out _);
        }));
    }
}
