using Fluke6.Frames;
using Fluke6.Ports;
using Microsoft.Win32.SafeHandles;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux.Tests;

/// <summary>Interfaces that go down, vanish and return under a port, and what a port leaves behind.</summary>
public sealed class LifecycleTests
{
    /// <summary>Whoever closes the descriptor leaves its number to what is opened next. Frames must not go there.</summary>
    [Theory]
    [InlineData("port")]
    [InlineData("tap:tap0")]
    public void APortWhoseDescriptorBecameAnotherFilesIsGivenUp(string specification)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle");
        lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using IPort port = PortSpecification.Parse($"{specification}@{middle}").Open(offload: true);
        using (SafeFileHandle zero = File.OpenHandle("/dev/zero"))
            Assert.True(dup2((int)zero.DangerousGetHandle(), ((KernelPort)port).Descriptor) >= 0);

        // /dev/zero would be read for ever, and what may be there instead would be waited for.
        ((KernelPort)port).CountUnread();
        Assert.Equal(0, port.Counters.RxDropped);
        var given = Assert.Throws<PortException>(() => port.Maintain());
        Assert.Contains("was closed within the bridge's process", given.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void APacketPortWaitsForItsInterfaceToComeUpAgain()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        lab.Ip(middle, "link set port down");
        NoticeWithoutSpinning(port, PortState.Down);
        Assert.True(port.Counters.ErrorsByNumber[ENETDOWN] > 0);
        port.Send(TestFrames.Plain(1));
        Assert.Equal(1, port.Counters.TxDropped);

        lab.Ip(middle, "link set port up");
        Namespaces.Until(() => port.Port.Maintain() | port.Port.State == PortState.Up, "the port to be up");
        CarriesFrames(port, peer);
    }

    [Fact]
    public void APacketPortTakesItsInterfaceBackWhenOneOfItsNameReturns()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        lab.Ip(middle, "link delete port");
        NoticeWithoutSpinning(port, PortState.Gone);
        port.Send(TestFrames.Plain(1));
        Assert.Equal(1, port.Counters.TxDropped);

        lab.Ip(host, $"link add h0 type veth peer name port netns {middle} mtu 1400");
        lab.Ip(host, "link set h0 up");
        lab.Ip(middle, "link set port up");
        Namespaces.Until(() => port.Port.Maintain() | port.Port.State == PortState.Up, "the port to be back");
        Assert.Equal(1400, port.Port.Mtu);
        Assert.Contains("promiscuity 1", lab.Ip(middle, "-details link show port"), StringComparison.Ordinal);
        using var peer = new Wire($"h0@{host}");
        CarriesFrames(port, peer);
    }

    [Fact]
    public void APacketPortFollowsAnInterfaceThatIsRenamed()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        lab.Ip(middle, "link set port name wan");
        port.Port.Maintain();
        Assert.Equal("wan", port.Port.Name);
        Assert.Equal(PortState.Up, port.Port.State);
        CarriesFrames(port, peer);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tap:")]
    public void AChangedMtuIsNoticed(string kind)
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle");
        if (kind.Length == 0)
            lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"{kind}port@{middle}");
        Assert.Equal(1500, port.Port.Mtu);
        Assert.False(port.Port.Maintain());
        lab.Ip(middle, "link set port mtu 1280");
        Assert.True(port.Port.Maintain());
        Assert.Equal(1280, port.Port.Mtu);
    }

    [Fact]
    public void ATapThatIsDownCountsWhatItCannotSendAndGoesOn()
    {
        using var lab = new Namespaces();
        string host = lab.Add("host");
        using var tap = new Wire($"tap:h0@{host}");
        using var peer = new Wire($"h0@{host}");
        lab.Ip(host, "link set h0 down");
        Assert.True(tap.Port.Maintain());
        Assert.Equal(PortState.Down, tap.Port.State);
        tap.Send(TestFrames.Plain(1));
        Assert.Equal(1, tap.Counters.TxDropped);
        Assert.Equal(1, tap.Counters.ErrorsByNumber[EIO]);

        lab.Ip(host, "link set h0 up");
        Assert.True(tap.Port.Maintain());
        peer.Port.Maintain();
        CarriesFrames(tap, peer);
    }

    [Fact]
    public void ATapThatWasDeletedIsTakenBackWhenOneOfItsNameIsMade()
    {
        using var lab = new Namespaces();
        string host = lab.Add("host");
        using var tap = new Wire($"tap:h0@{host}");
        lab.Ip(host, "link delete h0");
        NoticeWithoutSpinning(tap, PortState.Gone);
        tap.Send(TestFrames.Plain(1));
        Assert.Equal(1, tap.Counters.TxDropped);

        lab.Ip(host, "tuntap add h0 mode tap");
        Namespaces.Until(() => tap.Port.Maintain() | tap.Port.State == PortState.Up, "the TAP to be back");
        using var peer = new Wire($"h0@{host}");
        CarriesFrames(tap, peer);
    }

    [Theory]
    [InlineData("tap")]
    [InlineData("tun")]
    public void AnInterfaceThatThePortMadeGoesWithIt(string kind)
    {
        using var lab = new Namespaces();
        string host = lab.Add("host");
        using (var port = new Wire($"{kind}:h0@{host}"))
            Assert.Contains("UP", lab.Ip(host, "link show h0"), StringComparison.Ordinal);
        // A program that another test is just starting has the descriptor, too, until it is that program.
        Namespaces.Until(() => !lab.Ip(host, "link show").Contains("h0", StringComparison.Ordinal), "the interface to go");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" multi_queue")]
    public void ATapThatWasThereBeforeStays(string flags)
    {
        using var lab = new Namespaces();
        string host = lab.Add("host");
        lab.Ip(host, $"tuntap add h0 mode tap{flags}");
        using (var tap = new Wire($"tap:h0@{host}"))
        using (var peer = new Wire($"h0@{host}"))
            CarriesFrames(tap, peer);
        Assert.Contains("h0", lab.Ip(host, "link show"), StringComparison.Ordinal);
    }

    [Fact]
    public void NothingOfAPacketPortStaysOnTheInterface()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        string features = lab.Exec(middle, "ethtool", "-k", "port");
        using (var port = new Wire($"port@{middle}"))
        {
            Assert.Contains("promiscuity 1", lab.Ip(middle, "-details link show port"), StringComparison.Ordinal);
            Assert.Equal(features, lab.Exec(middle, "ethtool", "-k", "port"));
        }

        // A program that another test starts at this moment has the socket, too, until it is that program.
        Namespaces.Until(() => lab.Ip(middle, "-details link show port").Contains("promiscuity 0", StringComparison.Ordinal), "promiscuity to end");
        Assert.Equal(features, lab.Exec(middle, "ethtool", "-k", "port"));
        Assert.NotNull(host);
    }

    [Fact]
    public void FramesThatCameTooFastAreCounted()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), host = lab.AddHost("host", middle, "port", "192.0.2.1", "2001:db8::1");
        using var port = new Wire($"port@{middle}");
        using var peer = new Wire($"h0@{host}");
        FrameBuffer[] batch = [.. Enumerable.Repeat(TestFrames.Plain(1, 1500), 64)];
        Namespaces.Until(() =>
        {
            peer.Send(batch);
            port.Port.Maintain();
            return port.Counters.RxDropped > 0;
        }, "the socket's buffer to be full");
        long sent = peer.Counters.TxFrames;
        port.Drain();
        port.Port.Maintain();
        Assert.InRange(port.Counters.RxFrames + port.Counters.RxDropped, sent, sent + 100);
    }

    private static void NoticeWithoutSpinning(Wire port, PortState expected)
    {
        List<FrameBuffer> none = [];
        port.ReceiveInto(none);
        Namespaces.Until(port.Port.Maintain, "the port to report a change");
        Assert.Equal(expected, port.Port.State);
        port.ReceiveInto(none);
        Assert.Equal(ReadySides.None, port.ReceiveInto(none));
    }

    private static void CarriesFrames(Wire one, Wire other)
    {
        Arrives(one, other, 7);
        Arrives(other, one, 8);
    }

    private static void Arrives(Wire from, Wire to, byte marker)
    {
        List<FrameBuffer> received = [];
        Namespaces.Until(() =>
        {
            // An interface that just came up loses frames until the kernel has noticed its carrier.
            from.Send(TestFrames.Plain(marker));
            to.ReceiveInto(received);
            return received.Any(frame => frame.Octets[11] == marker);
        }, $"a frame from {from.Port.Specification} on {to.Port.Specification}");
    }
}
