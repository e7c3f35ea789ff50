using Fluke6.Frames;
using Fluke6.Ports;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Tests;

public sealed class WaiterTests
{
    [Fact]
    public void TellsWhichSideHasFramesAndEndsWhenWoken()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var left = PortSpecification.Parse("none").Open(offload: true);
        using var right = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        using var waiter = new PollWaiter(left, right.Port);
        right.Receive(0);

        waiter.Wake();
        waiter.Wake();
        waiter.Wait(TimeSpan.FromMinutes(1));

        peer.Send(TestFrames.Plain(1));
        Assert.Equal(ReadySides.Right, waiter.Wait(TimeSpan.FromMinutes(1)));
        using var other = new PollWaiter(right.Port, left);
        Assert.Equal(ReadySides.Left, other.Wait(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void SteadyTrafficAllocatesNothing()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        string other = lab.AddHost("other", middle, "other", "192.0.2.2", "2001:db8::2"), right = lab.Add("right");
        using IPort otherSender = PortSpecification.Parse($"h0@{other}").Open(offload: true);
        using IPort sender = PortSpecification.Parse($"h0@{host}").Open(offload: true);
        using IPort port = PortSpecification.Parse($"port@{middle}").Open(offload: true);
        using IPort wire = PortSpecification.Parse($"other@{middle}").Open(offload: false);
        using IPort tap = PortSpecification.Parse($"tap:h0@{right}").Open(offload: true);
        using IPort receiver = PortSpecification.Parse($"h0@{right}").Open(offload: true);
        using var waiter = new PollWaiter(port, wire);
        var batch = new FrameBatch(port.BatchSize, new FrameUndo());
        FrameBuffer[] frames = [TestFrames.Tcp(ipv6: false, 5_000, 1400, tags: 0x8100), TestFrames.Plain(1), TestFrames.Plain(2, 3000)];

        void Turn()
        {
            sender.Transmit(frames);
            otherSender.Transmit(frames);
            waiter.Wait(TimeSpan.FromSeconds(1));
            while (port.Receive(batch, Side.Left, 1500))
                tap.Transmit(batch.Frames);
            tap.Transmit(batch.Frames);
            while (wire.Receive(batch, Side.Left, 1500))
                tap.Transmit(batch.Frames);
            receiver.Receive(batch, Side.Right, 1500);
            receiver.Transmit(batch.Frames);
            tap.Receive(batch, Side.Right, 1500);
            waiter.Wake();
            port.Maintain();
            tap.Maintain();
        }

        for (int i = 0; i < 100; i++)
            Turn();
        Assert.Equal(0, Allocation.In(() =>
        {
            for (int i = 0; i < 1000; i++)
                Turn();
        }));
        Assert.True(tap.Counters.RxFrames > 1000 && tap.Counters.TxFrames > 1000);
    }

    /// <summary>poll(2) says the same of a descriptor that was opened as a path alone, whose number no other test can be given meanwhile.</summary>
    [Theory]
    [InlineData("port")]
    [InlineData("tap:tap0")]
    public unsafe void APortWhoseDescriptorIsClosedIsGivenUp(string specification)
    {
        const int O_PATH = 0x200000;
        using var lab = new Namespaces();
        string middle = lab.Add("middle");
        lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using IPort port = PortSpecification.Parse($"{specification}@{middle}").Open(offload: true);
        using var other = PortSpecification.Parse("none").Open(offload: true);
        using var waiter = new PollWaiter(other, port);
        int root;
        fixed (byte* path = "/\0"u8)
            root = open(path, O_PATH | O_CLOEXEC);
        Assert.True(root >= 0 && dup2(root, ((KernelPort)port).Descriptor) >= 0);
        _ = close(root);

        var given = Assert.Throws<PortException>(() => waiter.Wait(TimeSpan.FromMinutes(1)));
        Assert.StartsWith($"the descriptor of {port.Name} was closed within the bridge's process", given.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APortThatCannotBePolledIsRefused() =>
        Assert.Throws<ArgumentException>(() => new PollWaiter(new MemoryPort("left"), new MemoryPort("right")));
}
