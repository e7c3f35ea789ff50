using Fluke6.Frames;
using Fluke6.Linux.KernelPath;
using Fluke6.Linux.Native;
using Fluke6.Ports;
using Fluke6.Testing.Oracle;
using Fluke6.Testing.Packets;
using Microsoft.Win32.SafeHandles;
using Tmds.Linux;

namespace Fluke6.Linux.Tests;

/// <summary>The program at an interface that lets super-segments in tunnels leave whole: when it is there, and what if others are there, too.</summary>
public sealed class TunnelSenderTests : IDisposable
{
    private readonly CutBeyond _lab = new();

    [Fact]
    public void WithoutOffloadNoProgramStands()
    {
        using (var plain = new Wire($"h0@{_lab.Beyond}", offload: false))
            Assert.Equal(0, CountPrograms(plain.Port));
        using var offloading = new Wire($"h0@{_lab.Beyond}");
        Assert.Equal(1, CountPrograms(offloading.Port));
    }

    [Fact]
    public void WhereNftSeesWhatLeavesItSeesWholeFrames()
    {
        _lab.Lab.Exec(_lab.Beyond, "nft", "add table netdev lab; add chain netdev lab out { type filter hook egress device h0 priority 0; }; "
            + "add rule netdev lab out udp dport 4789 drop");
        using var port = new Wire($"h0@{_lab.Beyond}");
        Assert.Empty(((KernelPort)port.Port).Descriptors.Tunnels);
        NaivePacket[] samples = [.. new[] { "udp0/vxlan/eth", "gre" }.Select(tunnel =>
            new NaivePacket($"eth/ip4/{tunnel}/ip4/tcp".Split('/'), FrameShapes.Data(5000), 1000))];
        port.Send([.. samples.Select(sample =>
        {
            FrameBuffer frame = sample.ToBuffer(out _);
            // To the port that nft means.
            if (sample.Layers[2] == "udp0")
                (frame.Octets[36], frame.Octets[37]) = (4789 >> 8, 4789 & 0xFF);
            return frame;
        })]);
        Assert.Equal(samples[1].Segments().Select(Convert.ToHexString), _lab.Port.Receive(5).Select(frame => Convert.ToHexString(frame.Octets)));
    }

    // As in the process of the rules, which has given up its rights.
    [Fact]
    public void InTheNamespaceOfTheProcessTheProgramComesOnceThereIsOneToSendAndNeedsNoRight() => Assert.True(Traffic.In(_lab.Beyond, () =>
    {
        using var port = new Wire("h0");
        FrameBuffer sent = new NaivePacket("eth/ip4/gre/ip4/tcp".Split('/'), FrameShapes.Data(20_000), 1000).ToBuffer(out _);
        port.Send(TestFrames.Plain(1), TestFrames.Tcp(ipv6: false, 5000, 1000));
        Assert.Equal(0, CountPrograms(port.Port));
        long before = 0;
        bool isWhole = Privilege.IsEnough(Capabilities.None, () =>
        {
            Namespaces.Until(() =>
            {
                before = port.Counters.TxFrames;
                port.Send(sent);
                return port.Counters.TxFrames == before + 1;
            }, "one to leave whole");
            return true;
        });
        // All before were cut.
        Assert.Equal((2, 1, 0), (before % 20, CountPrograms(port.Port), port.Counters.TxDropped));
        return isWhole;
    }));

    [Fact]
    public void AnotherProgramAtTheInterfaceSeesTheWholeFrame()
    {
        NaivePacket sample = new("eth/ip4/udp0/vxlan/eth/ip4/tcp".Split('/'), FrameShapes.Data(10_000), 1000);
        FrameBuffer frame = sample.ToBuffer(out _);
        var code = new BpfCode();
        code.Load(Size.Four, Register.R2, Register.R1, FrameContext.LengthAt);
        code.Do(Operation.Move, Register.R0, 2);    // TC_ACT_SHOT
        code.Jump(Condition.Equal, Register.R2, frame.Length, "end");
        code.Do(Operation.Move, Register.R0, Bpf.TCX_NEXT);
        code.Mark("end");
        code.Exit();
        using (Attach(code, isFirst: false))
        {
            _lab.Port.Send(frame);
            Assert.Equal((0, 1), (_lab.Port.Counters.TxFrames, _lab.Port.Counters.TxDropped));
        }

        _lab.AssertCutRight(sample);
        Assert.Equal(1, _lab.Port.Counters.TxFrames);
    }

    [Fact]
    public void WhereAnotherProgramComesFirstNothingIsLost()
    {
        NaivePacket sample = new("eth/ip4/udp0/vxlan/eth/ip4/tcp".Split('/'), FrameShapes.Data(10_000), 1000);
        var code = new BpfCode();
        code.Do(Operation.Move, Register.R0, Bpf.TCX_PASS);
        code.Exit();
        using (Attach(code, isFirst: true))
        {
            _lab.AssertCutRight(sample);
            _lab.AssertCutRight(sample);
        }

        Assert.Equal((20, 0), (_lab.Port.Counters.TxFrames, _lab.Port.Counters.TxDropped));
        // A process that another test is just starting holds a copy of the descriptor until it becomes its program.
        Namespaces.Until(() => CountPrograms(_lab.Port.Port) == 0, "the program to go");
    }

    [Fact]
    public void AnotherProgramGoesOnWithIt()
    {
        PortDescriptors descriptors;
        Dictionary<int, int> copies;
        using (var first = new Wire($"h0@{_lab.Beyond}"))
        {
            descriptors = PortDescriptors.Parse($"{((KernelPort)first.Port).Descriptors}");
            Assert.Equal(4, descriptors.Tunnels.Count);
            copies = descriptors.All.ToDictionary(number => number, LibC.dup);
        }

        IPort port = PortSpecification.Parse($"h0@{_lab.Beyond}").Adopt(offload: true, PortDescriptors.Parse($"{descriptors.Renumbered(copies)}"));
        using var adopted = (IDisposable)port;
        FrameBuffer sent = new NaivePacket("eth/ip4/gre/ip4/tcp".Split('/'), FrameShapes.Data(20_000), 1000).ToBuffer(out _);
        port.Transmit([sent]);
        Assert.Equal(sent.Length, Assert.Single(_lab.Port.Receive(1)).Length);
        Assert.Equal(1, CountPrograms(port));
    }

    [Fact]
    public void InterfaceThatComesBackGetsItsFramesCut()
    {
        _lab.Lab.Ip(_lab.Middle, "link del p0");
        Namespaces.Until(() => StateIs(PortState.Gone), "the interface to be gone");
        Assert.Empty(((KernelPort)_lab.Port.Port).Descriptors.Tunnels);
        _lab.Lab.Ip(_lab.Beyond, $"link add h0 type veth peer name p0 netns {_lab.Middle}");
        _lab.Lab.Ip(_lab.Middle, "link set p0 up");
        _lab.Lab.Ip(_lab.Beyond, "link set h0 up");
        Namespaces.Until(() => StateIs(PortState.Up) && _lab.Lab.Ip(_lab.Middle, "link show p0").Contains("state UP", StringComparison.Ordinal), "the interface to be back");
        // The socket says once that the interface went down; a bridge reads that.
        _lab.Port.Drain();
        _lab.AssertCutRight(new NaivePacket("eth/ip4/gre/ip4/tcp".Split('/'), FrameShapes.Data(5000), 1000));
        Assert.Equal(5, _lab.Port.Counters.TxFrames);
    }

    public void Dispose() => _lab.Dispose();

    private bool StateIs(PortState state)
    {
        _lab.Port.Port.Maintain();
        return _lab.Port.Port.State == state;
    }

    private SafeFileHandle Attach(BpfCode code, bool isFirst)
    {
        using SafeFileHandle program = BpfObjects.Load(Bpf.BPF_PROG_TYPE_SCHED_CLS, code.ToArray());
        int index = ((KernelPort)_lab.Port.Port).InterfaceIndex;
        return Traffic.In(_lab.Middle, () => BpfObjects.Attach(program, index, Bpf.BPF_TCX_EGRESS, isFirst));
    }

    private static int CountPrograms(IPort port)
    {
        var kernelPort = (KernelPort)port;
        return Traffic.In(kernelPort.NetworkNamespace, () => BpfObjects.CountAttached(kernelPort.InterfaceIndex, arriving: false));
    }
}
