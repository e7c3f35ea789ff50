using System.Runtime.InteropServices;
using Fluke6.Frames;
using Fluke6.Linux.Native;
using Fluke6.Ports;
using Fluke6.Wire;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Tests;

/// <summary>
/// Frames that a packet port cannot hand to the bridge: each is counted with its reason and explained, and those around it pass. They come
/// from a TAP's far end, where a program may say of a frame whatever it wants.
/// </summary>
public sealed unsafe class ReceiveLossTests
{
    [Theory]
    // No super-segment, and longer than a buffer.
    [InlineData(70_000, nameof(SegmentationKind.None), true, nameof(ReceiveLoss.Truncated), "gso_max_size 65536")]
    // Linux's BIG TCP inside headers that nobody can cut up.
    [InlineData(70_000, nameof(SegmentationKind.Tcpv6), true, nameof(ReceiveLoss.Truncated), "gso_max_size 65536")]
    [InlineData(70_000, nameof(SegmentationKind.Tcpv6), false, nameof(ReceiveLoss.Truncated), "gso_max_size 65536")]
    [InlineData(9_000, nameof(SegmentationKind.Tcpv6), false, nameof(ReceiveLoss.NotCut), "tso off gso off")]
    public void FramesThatCannotBeHandedOver(int length, string segmentation, bool offload, string reason, string advice)
    {
        SegmentationKind kind = Enum.Parse<SegmentationKind>(segmentation);
        byte[] frame = new byte[Offload.Length + length];
        TestFrames.Plain(9, 60).Octets.CopyTo(frame.AsSpan(Offload.Length));
        if (kind != SegmentationKind.None)
        {
            new Offload(frame).SetPartialChecksum(14 + Ipv6Header.Length, 16);
            new Offload(frame).SetSegmentation(kind, 1400, 14 + Ipv6Header.Length + TcpHeader.MinLength);
        }

        AreCounted(frame, offload, Enum.Parse<ReceiveLoss>(reason), advice);
    }

    [Fact]
    public void ASuperSegmentThatTheKernelDoesNotHandOver()
    {
        FrameBuffer udp = TestFrames.Udp(ipv6: false, 5_000, 1400);
        udp.Offload.SetSegmentation(SegmentationKind.UdpFragmentation, 1400, TestFrames.Headers - 12);
        AreCounted([.. udp.Array.AsSpan(udp.Start - Offload.Length, Offload.Length), .. udp.Octets],
            offload: true, ReceiveLoss.NotHandedOver, "tx-sctp-segmentation off");
    }

    [Fact]
    public void ReadingThatFails()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle");
        lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        IPort port = PortSpecification.Parse($"port@{middle}").Open(offload: true);
        int nothing;
        fixed (byte* path = "/dev/null\0"u8)
            nothing = open(path, O_RDONLY, 0);
        // The port's descriptor is no socket any more.
        Assert.Equal(((KernelPort)port).Descriptor, dup2(nothing, ((KernelPort)port).Descriptor));
        close(nothing);

        Assert.False(port.Receive(new FrameBatch(port.BatchSize, new FrameUndo()), Side.Left, 1500));
        Assert.Equal(1, port.Counters.RxDroppedByReason[(int)ReceiveLoss.ReadFailed]);
        Assert.Equal(1, port.Counters.ErrorsByNumber[ENOTSOCK]);
        port.Dispose();
    }

    [Fact]
    public void FramesThatStillWaitAreCountedToTheLast()
    {
        const int frames = 20_000;
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        for (int i = 0; i < frames / 10; i++)
            peer.Send([.. Enumerable.Range(1, 10).Select(i => TestFrames.Plain((byte)i))]);
        ((KernelPort)port.Port).CountUnread();

        // The host's own neighbor discovery waits, too.
        Assert.InRange(port.Counters.RxDroppedByReason[(int)ReceiveLoss.Unread], frames, frames + 20);
        // Frames that come now come after the end, and keep nobody.
        peer.Send(TestFrames.Plain(99));
        Assert.False(((KernelPort)port.Port).Receive(new FrameBatch(port.Port.BatchSize, new FrameUndo()), Side.Left, 1500));
        Assert.Equal(0, port.Counters.RxFrames);
    }

    private static void AreCounted(byte[] frame, bool offload, ReceiveLoss reason, string advice)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle");
        using var far = new Wire($"tap:port@{middle}");
        using var near = new Wire($"port@{middle}", offload);
        for (byte i = 1; i <= 2; i++)
        {
            far.Send(TestFrames.Plain(i));
            Write(far, frame);
        }

        far.Send(TestFrames.Plain(3));
        Assert.Equal([1, 2, 3], near.Receive(3).Select(arrived => (int)arrived.Octets[11]));
        Assert.Equal((3, 2), (near.Counters.RxFrames, near.Counters.RxDropped));
        Assert.Equal(2, near.Counters.RxDroppedByReason[(int)reason]);
        Assert.Contains(advice, near.Port.Explain(reason), StringComparison.Ordinal);
    }

    private static void Write(Wire wire, byte[] octets)
    {
        fixed (byte* address = octets)
        {
            nint written = Unistd.write(((KernelPort)wire.Port).Descriptor, address, (nuint)octets.Length);
            Assert.True(written == octets.Length, $"errno {Marshal.GetLastSystemError()}");
        }
    }
}
