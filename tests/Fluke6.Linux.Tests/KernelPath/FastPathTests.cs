using Fluke6.Frames;
using Fluke6.Linux.KernelPath;
using Fluke6.Rules;
using Fluke6.Scripting.Filters;
using Fluke6.Wire;

namespace Fluke6.Linux.Tests.KernelPath;

/// <summary>Real interfaces: each frame goes either to the port's reader or, by the kernel, out of the other port, with its tags and its offload header.</summary>
public sealed class FastPathTests : IDisposable
{
    private readonly Namespaces _lab = new();
    private readonly string _middle;
    private readonly Wire _leftHost;
    private readonly Wire _rightHost;
    private readonly Wire _left;
    private readonly Wire _right;

    public FastPathTests()
    {
        _middle = _lab.Add("middle");
        _leftHost = new Wire($"h0@{_lab.AddHost("left", _middle, "p0", "192.0.2.1", "2001:db8::1")}");
        _rightHost = new Wire($"h0@{_lab.AddHost("right", _middle, "p1", "192.0.2.2", "2001:db8::2")}");
        (_left, _right) = (new Wire($"p0@{_middle}"), new Wire($"p1@{_middle}"));
    }

    public void Dispose()
    {
        foreach (Wire wire in (Wire[])[_leftHost, _rightHost, _left, _right])
            wire.Dispose();
        _lab.Dispose();
    }

    [Fact]
    public void FramesGoOneWayOrTheOther()
    {
        using FastPath path = Open();
        Assert.Null(path.Direct(Guard.EtherType((EtherType)0x88B6)));
        // Where it begins anew, all come again.
        FrameBuffer[] asked = [Frame(1, 0x88B6), Frame(2, 0x88B6, tags: 0x8100), Frame(3, 0x88B6, tags: [0x88A8, 0x8100]), Frame(4, 0x88B5, tags: [0x8100, 0x8100, 0x8100])];
        FrameBuffer[] others = [Frame(5, 0x88B5), Frame(6, 0x88B5, tags: 0x8100), Frame(7, 0x88B5, tags: [0x88A8, 0x8100])];
        FrameBuffer group = Frame(8, 0x88B5);
        group.Octets[0] = 0x03;
        _leftHost.Send([.. asked, .. others, group]);

        Assert.Equal([.. asked.Select(Text), Text(group)], _left.Receive(5).Select(Text).Order());
        Assert.Equal(others.Select(Text).Order(), _rightHost.Receive(3).Select(Text).Order());
        (long frames, long bytes) = path.Forwarded(Side.Left);
        Assert.Equal((3, others.Sum(frame => frame.Length)), (frames, bytes));
        Assert.Equal(default, path.Forwarded(Side.Right));
    }

    // The kernel takes the outer tag out of the frame and keeps it beside.
    [Theory]
    [InlineData("vlan")]
    [InlineData("vlan 0x123")]
    [InlineData("vlan 0x123 and ether proto 0x88b5")]
    [InlineData("vlan and vlan 0x124")]
    [InlineData("ether[12:4] = 0x8100b123")]
    [InlineData("ether[12:2] = 0x88a8 and ether[14] & 0xf0 = 0xb0")]
    [InlineData("ether[16:4] = 0x8100b124")]
    [InlineData("ether[18] = 3 or ether[20:2] = 0x88b5")]
    [InlineData("ether[10:4] = 0x00008100 and ether src 02:00:00:00:00:01")]
    [InlineData("len = 64 or ether[63] = 7")]
    public void FiltersInTextSeeTagsWhereTheyWereOnTheWire(string text)
    {
        TextGuard guard = PcapFilter.Compile(text);
        GuardCheck check = GuardCode.Compile(guard);
        using FastPath path = Open();
        Assert.Null(path.Direct(guard));
        FrameBuffer[] frames =
        [
            .. ((ushort[][])[[], [0x8100], [0x88A8], [0x88A8, 0x8100], [0x8100, 0x8100]])
                .SelectMany((tags, i) => (FrameBuffer[])[Frame((byte)(1 + (2 * i)), 0x88B5, tags), Frame((byte)(2 + (2 * i)), 0x88B6, tags)]),
        ];
        _leftHost.Send(frames);
        var asked = new List<FrameBuffer>();
        Namespaces.Until(() =>
        {
            _left.ReceiveInto(asked);
            return asked.Count + path.Forwarded(Side.Left).Frames == frames.Length;
        }, "all frames");
        // An octet of the tag alone is for the rules to look at.
        bool isExact = !text.Contains("ether[14]", StringComparison.Ordinal) && !text.Contains("ether[10:4]", StringComparison.Ordinal);
        Assert.Equal(
            frames.Where(frame => check(frame)).Select(Text).Order(), asked.Where(frame => isExact || check(frame)).Select(Text).Order());
        Assert.NotEqual(frames.Length, asked.Count);
        Assert.All(_rightHost.Receive(frames.Length - asked.Count), frame => Assert.False(check(frame)));
    }

    [Fact]
    public void SuperSegmentsPassWithTheirOffloadHeader()
    {
        using FastPath path = Open();
        Assert.Null(path.Direct(Guard.TcpSyn));
        FrameBuffer data = TestFrames.Tcp(ipv6: true, 20_000, 1400), syn = TestFrames.Tcp(ipv6: true, 20_000, 1400, flags: 0x02);
        foreach (FrameBuffer frame in (FrameBuffer[])[data, syn])
            (frame.Octets[0], frame.Octets[1]) = (0x02, 0x77);
        _leftHost.Send(data, syn);
        FrameBuffer arrived = _rightHost.Receive(1)[0], asked = _left.Receive(1)[0];
        Assert.Equal((Text(data), 1400), (Text(arrived), arrived.Offload.SegmentSize));
        Assert.Equal((Text(syn), 1400), (Text(asked), asked.Offload.SegmentSize));
    }

    [Fact]
    public void GuardsChangeBetweenTwoFramesAndNothingIsLeftWhenItIsClosed()
    {
        using (FastPath path = Open())
        {
            for (byte i = 0; i < 20; i++)
            {
                // More often than there are tables.
                bool isAsked = i % 2 == 0;
                Assert.Null(path.Direct(isAsked ? Guard.EtherType((EtherType)0x88B5) : Guard.Never));
                FrameBuffer frame = Frame(i, 0x88B5);
                _leftHost.Send(frame);
                Assert.Equal(Text(frame), Text((isAsked ? _left : _rightHost).Receive(1)[0]));
            }

            Assert.Null(path.Direct(null));
            FrameBuffer last = Frame(77, 0x88B5);
            _leftHost.Send(last);
            Assert.Equal(Text(last), Text(_left.Receive(1)[0]));
            Assert.Null(path.Direct(Guard.Never));
        }

        // The filter, which stays with the socket, no longer has anybody to leave frames to.
        ((PacketPort)_left.Port).DetachFilter();
        FrameBuffer after = Frame(78, 0x88B5);
        _leftHost.Send(after);
        Assert.Equal(Text(after), Text(_left.Receive(1)[0]));
        Assert.Equal(0, NetworkNamespace.Run(_middle, "p0", () => BpfObjects.CountAttached(((KernelPort)_left.Port).InterfaceIndex)));
    }

    [Fact]
    public void InterfaceThatComesInAnothersPlaceHasAllItsFrames()
    {
        using FastPath path = Open();
        Assert.Null(path.Direct(Guard.Never));
        string host = _lab.Add("another");
        _lab.Ip(_middle, "link delete p0");
        _left.Port.Maintain();
        Assert.StartsWith("an interface went away", path.Trouble);
        _lab.Ip(host, $"link add h0 type veth peer name p0 netns {_middle}");
        _lab.Ip(_middle, "link set p0 up");
        _lab.Ip(host, "link set h0 up");
        using var sender = new Wire($"h0@{host}");
        Namespaces.Until(() => _left.Port.Maintain() | _left.Port.State == Ports.PortState.Up, "the port to be up");
        FrameBuffer frame = Frame(5, 0x88B5);
        var arrived = new List<FrameBuffer>();
        // Until the kernel has noticed the carrier, it loses what is sent.
        Namespaces.Until(() =>
        {
            sender.Send(frame);
            _left.ReceiveInto(arrived);
            return arrived.Count > 0;
        }, "a frame");
    }

    [Fact]
    public void InterfaceThatComesBackWithTheNumberThatItHadHasAllItsFrames()
    {
        using FastPath path = Open();
        Assert.Null(path.Direct(Guard.Never));
        string elsewhere = _lab.Add("elsewhere");
        int before = ((PacketPort)_left.Port).InterfaceIndex;
        _lab.Ip(_middle, $"link set p0 netns {elsewhere}");
        _left.Port.Maintain();
        Assert.StartsWith("an interface went away", path.Trouble);
        _lab.Ip(elsewhere, $"link set p0 netns {_middle}");
        _lab.Ip(_middle, "link set p0 up");
        Namespaces.Until(() => _left.Port.Maintain() | _left.Port.State == Ports.PortState.Up, "the port to be up");
        Assert.Equal(before, ((PacketPort)_left.Port).InterfaceIndex);
        Assert.StartsWith("an interface went away", path.Trouble);
    }

    [Fact]
    public void WhoeverComesToAnInterfaceLaterHasItsFramesAsLongAsItStays()
    {
        string other = _lab.Add("other");
        using FastPath path = Open();
        Assert.Null(path.Direct(Guard.Never));
        Assert.Null(path.Trouble);
        foreach ((string expected, string come, string go) in (ReadOnlySpan<(string, string, string)>)
        [
            ("a macvlan or ipvlan stands above p1", "link add mv0 link p1 type macvlan", "link delete mv0"),
            ("another interface stands above p1", "link add mv0 link p1 netns OTHER type macvlan;OTHER link set mv0 up", "OTHER link delete mv0"),
            ("p1 is a member of another interface", "link add br0 type bridge;link set p1 master br0", "link set p1 nomaster"),
            ("p1 has an ingress qdisc", "tc qdisc add dev p1 clsact", "tc qdisc delete dev p1 clsact"),
        ])
        {
            Run(come, other);
            Namespaces.Until(() => path.Trouble?.StartsWith(expected, StringComparison.Ordinal) == true, expected);
            Run(go, other);
            Namespaces.Until(() => path.Trouble is null, "nobody else");
        }
    }

    [Theory]
    [InlineData("link set p1 mtu 1400", "the MTUs differ: p0 has 1500, p1 1400")]
    [InlineData("link add br0 type bridge;link set p1 master br0", "p1 is a member of another interface (`ip link show p1`)")]
    [InlineData("link add mv0 link p1 type macvlan", "a macvlan or ipvlan stands above p1 (`ip -d link`), whose frames the kernel would forward")]
    [InlineData("link add mv0 address 02:00:00:00:00:77 link p1 netns OTHER type macvlan;OTHER link set mv0 up",
        "another interface stands above p1 with an address of its own (`bridge fdb show dev p1`), whose frames the kernel would forward")]
    [InlineData("tc qdisc add dev p1 clsact", "p1 has an ingress qdisc (`tc qdisc show dev p1`)")]
    public void WhateverElseIsAtAnInterfaceKeepsItsFrames(string commands, string expected)
    {
        Run(commands, _lab.Add("other"));
        _right.Port.Maintain();
        Assert.Null(FastPath.TryOpen(_left.Port, _right.Port, flows: 100, out string? reason));
        Assert.Equal(expected, reason);
    }

    [Fact]
    public void SecondProgramAtAnInterfaceIsLeftAlone()
    {
        using FastPath path = Open();
        Assert.Null(FastPath.TryOpen(_left.Port, _right.Port, flows: 100, out string? reason));
        Assert.Equal("another program is attached to p0 (`bpftool net`)", reason);
    }

    [Fact]
    public void PortsOfOtherKindsHaveNone()
    {
        using var tap = new Wire($"tap:t0@{_middle}");
        Assert.Null(FastPath.TryOpen(_left.Port, tap.Port, flows: 0, out string? reason));
        Assert.Equal($"tap:t0@{_middle} is no interface that was there before", reason);
    }

    // Commands of ip(8) or, with its name, tc(8), where the ports are; of ip(8) elsewhere, where OTHER stands before it.
    private void Run(string commands, string other)
    {
        foreach (string command in commands.Split(';'))
        {
            if (command.StartsWith("tc ", StringComparison.Ordinal))
                _lab.Exec(_middle, "tc", command[3..].Split(' '));
            else if (command.StartsWith("OTHER ", StringComparison.Ordinal))
                _lab.Ip(other, command[6..]);
            else
                _lab.Ip(_middle, command.Replace("OTHER", other, StringComparison.Ordinal));
        }
    }

    private FastPath Open()
    {
        FastPath? path = FastPath.TryOpen(_left.Port, _right.Port, flows: 100, out string? reason);
        Assert.True(path is not null, reason);
        return path;
    }

    private static FrameBuffer Frame(byte marker, ushort type, params ushort[] tags)
    {
        FrameBuffer frame = TestFrames.Plain(marker, 60, tags);
        // Somebody else's, and not all hosts'.
        (frame.Octets[0], frame.Octets[1], frame.Octets[5]) = (0x02, 0x77, marker);
        (frame.Octets[12 + (4 * tags.Length)], frame.Octets[13 + (4 * tags.Length)]) = ((byte)(type >> 8), (byte)type);
        return frame;
    }

    private static string Text(FrameBuffer frame) => Convert.ToHexString(frame.Octets);
}
