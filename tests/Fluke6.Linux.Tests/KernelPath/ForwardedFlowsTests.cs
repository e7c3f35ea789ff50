using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;
using PacketType = Fluke6.Frames.Packet;

namespace Fluke6.Linux.Tests.KernelPath;

/// <summary>Figures of flows are of all frames, whichever way each took.</summary>
public sealed class ForwardedFlowsTests
{
    private const int FromLeft = 5, FromRight = 3;

    [Fact]
    public void FiguresOfFlowsAndPortsAreThoseOfAllFrames()
    {
        using var fast = new FastBridge(Guard.Udp(7777));
        // Fragments last: whatever goes between the same ends would wait for them.
        (string Name, FrameBuffer There, FrameBuffer Back)[] kinds = [.. Kinds().OrderBy(kind => IsForRules(kind.Name))];
        var expected = new Dictionary<FlowKey, (string Name, long FramesFromLeft, long BytesFromLeft, long FramesFromRight, long BytesFromRight)>();
        foreach ((string name, FrameBuffer there, FrameBuffer back) in kinds)
        {
            for (int i = 0; i < FromLeft; i++)
                fast.LeftHost.Send(there);
            for (int i = 0; i < FromRight; i++)
                fast.RightHost.Send(back);
            FlowKey key = FlowKeyReader.Read(there.Octets, there.Layers, LinkType.Ethernet, out _);
            Assert.Equal(key, FlowKeyReader.Read(back.Octets, back.Layers, LinkType.Ethernet, out _));
            expected.Add(key, (name, FromLeft, FromLeft * there.Length, FromRight, FromRight * back.Length));
        }

        Assert.Equal(kinds.Length * FromLeft, fast.RightHost.Receive(kinds.Length * FromLeft).Count);
        Assert.Equal(kinds.Length * FromRight, fast.LeftHost.Receive(kinds.Length * FromRight).Count);
        Namespaces.Until(() => fast.Flows(expected.Keys) is var flows && flows.Count == expected.Count
            && flows.Values.All(flow => flow.Frames == FromLeft + FromRight), "all frames in the figures of flows");
        foreach ((FlowKey key, FlowSnapshot flow) in fast.Flows(expected.Keys))
        {
            Assert.Equal(expected[key], (expected[key].Name, flow.FramesFromLeft, flow.BytesFromLeft, flow.FramesFromRight, flow.BytesFromRight));
            Assert.Equal((expected[key].Name, IsForRules(expected[key].Name) ? 0 : FromLeft + FromRight), (expected[key].Name, flow.KernelFrames));
            Assert.InRange(flow.FirstSeen, DateTime.UtcNow.AddMinutes(-2), flow.LastSeen);
            Assert.InRange(flow.LastSeen, flow.FirstSeen, DateTime.UtcNow.AddSeconds(1));
        }

        Assert.InRange(fast.Bridge.Left.Counters.RxFrames, kinds.Length * FromLeft, long.MaxValue);
        Assert.InRange(fast.Bridge.Left.Counters.KernelFrames, 1, fast.Bridge.Left.Counters.RxFrames - FromLeft);
        Assert.InRange(fast.Bridge.Right.Counters.TxFrames, kinds.Length * FromLeft, long.MaxValue);
    }

    [Fact]
    public void LedgerHasTheHandshakeOfAConnectionWhoseSegmentsTheKernelForwards()
    {
        using var fast = new FastBridge(Guard.Never);
        FrameBuffer syn = Tcp(TcpFlags.Syn, false), synAck = Tcp(TcpFlags.Syn | TcpFlags.Ack, true), ack = Tcp(TcpFlags.Ack, false), fin = Tcp(TcpFlags.Fin | TcpFlags.Ack, false);
        FlowKey key = FlowKeyReader.Read(syn.Octets, syn.Layers, LinkType.Ethernet, out _);
        Pass(syn, fast.LeftHost, fast.RightHost);
        Pass(synAck, fast.RightHost, fast.LeftHost);
        Assert.Equal(0, fast.Forwarded);
        Pass(ack, fast.LeftHost, fast.RightHost);
        // It may come before the next look at what the kernel counts.
        Pass(fin, fast.LeftHost, fast.RightHost);
        Namespaces.Until(() => fast.Flows([key]).TryGetValue(key, out FlowSnapshot now) && now.State == TcpState.Closing, "the connection to close");
        FlowSnapshot flow = fast.Flows([key])[key];
        Assert.Equal((4, 1, "192.0.2.1"), (flow.Frames, flow.KernelFrames, flow.Source.Address.ToString()));
        Assert.True(fast.Bridge.Flows!.TryGetLedger(flow, out TcpLedger ledger));
        Assert.True(ledger.IsComplete);
    }

    [Fact]
    public void FlowsWithoutRoomInTheKernelsTableComeToTheBridgeAndCount()
    {
        using var fast = new FastBridge(Guard.Never, flows: 4);
        FrameBuffer[] frames = [.. Enumerable.Range(0, 12).Select(i => Own(Packet.Ethernet(Mac).Ipv4(Left4, Right4).Udp((ushort)(4000 + i), 5000).Payload([1])))];
        for (int i = 0; i < 3; i++)
            fast.LeftHost.Send(frames);
        Assert.Equal(36, fast.RightHost.Receive(36).Count);
        Namespaces.Until(() => fast.Bridge.Left.Counters.RxFrames >= 36, "all frames to be counted");
        Assert.InRange(fast.Bridge.Left.Counters.KernelFrames, 4, 12);
    }

    [Fact]
    public void FlowThatItsRuleLetGoOfIsTheKernelsUntilASynBeginsAnotherOrTheRuleIsAnother()
    {
        int asked = 0;
        bool letsGo = true;
        Rule rule = (ref frame) =>
        {
            asked++;
            if (letsGo)
                frame.Flow.Release();
            return Verdict.Continue;
        };
        using var fast = new FastBridge(Guard.Tcp(80), rule);
        FrameBuffer data = Tcp(TcpFlags.Ack, false);
        int sent = PassUntilForwarded(fast, data);
        Assert.Equal(1, asked);

        letsGo = false;
        Pass(Tcp(TcpFlags.Syn, false), fast.LeftHost, fast.RightHost);
        long forwarded = fast.Forwarded;
        Pass(data, fast.LeftHost, fast.RightHost);
        Assert.Equal((3, forwarded), (asked, fast.Forwarded));

        letsGo = true;
        Pass(data, fast.LeftHost, fast.RightHost);
        sent += 3 + PassUntilForwarded(fast, data);
        Assert.Equal(4, asked);

        letsGo = false;
        fast.Publish(Guard.Tcp(80), rule);
        forwarded = fast.Forwarded;
        Pass(data, fast.LeftHost, fast.RightHost);
        sent++;
        Assert.Equal((5, forwarded), (asked, fast.Forwarded));
        FlowKey key = FlowKeyReader.Read(data.Octets, data.Layers, LinkType.Ethernet, out _);
        Namespaces.Until(() => fast.Flows([key])[key].Frames == sent, "all frames in the flow's figures");
        Assert.Equal(fast.Forwarded, fast.Flows([key])[key].KernelFrames);
    }

    private static int PassUntilForwarded(FastBridge fast, FrameBuffer frame)
    {
        int sent = 0;
        Namespaces.Until(() =>
        {
            long before = fast.Forwarded;
            Pass(frame, fast.LeftHost, fast.RightHost);
            sent++;
            return fast.Forwarded > before;
        }, "the kernel to have the flow");
        return sent;
    }

    private static bool IsForRules(string name) => name.Contains("fragment", StringComparison.Ordinal) || name.Contains("asked", StringComparison.Ordinal)
        || name.Contains("icmpv6", StringComparison.Ordinal);

    private static MacAddress Mac => MacAddress.FromUInt64(0x0200_0000_0001);

    private static Ipv4Address Left4 => Ipv4Address.Parse("192.0.2.1");

    private static Ipv4Address Right4 => Ipv4Address.Parse("192.0.2.2");

    private static Ipv6Address Left6 => Ipv6Address.Parse("2001:db8::1");

    private static Ipv6Address Right6 => Ipv6Address.Parse("2001:db8::2");

    private static IEnumerable<(string Name, FrameBuffer There, FrameBuffer Back)> Kinds()
    {
        ushort port = 5000;
        foreach (ushort[] tags in (ushort[][])[[], [0x8100], [0x88A8, 0x8100]])
        {
            string tagged = tags.Length == 0 ? "" : $", {tags.Length} tags";
            port++;
            yield return ($"tcp{tagged}",
                Own(Packet.Ethernet(Mac).Ipv4(Left4, Right4).Tcp(new TcpFields(4000, port, TcpFlags.Ack | TcpFlags.Psh)).Payload(new byte[99]), tags),
                Own(Packet.Ethernet(Mac).Ipv4(Right4, Left4).Tcp(new TcpFields(port, 4000, TcpFlags.Ack)), tags));
            yield return ($"tcp over ipv6{tagged}",
                Own(Packet.Ethernet(Mac).Ipv6(Left6, Right6).Tcp(new TcpFields(4000, port, TcpFlags.Ack)).Payload(new byte[700]), tags),
                Own(Packet.Ethernet(Mac).Ipv6(Right6, Left6).Tcp(new TcpFields(port, 4000, TcpFlags.Ack)), tags));
            yield return ($"udp{tagged}",
                Own(Packet.Ethernet(Mac).Ipv4(Left4, Right4).Udp(4000, port).Payload(new byte[300]), tags),
                Own(Packet.Ethernet(Mac).Ipv4(Right4, Left4).Udp(port, 4000).Payload(new byte[3]), tags));
            yield return ($"udp over ipv6{tagged}",
                Own(Packet.Ethernet(Mac).Ipv6(Left6, Right6).Udp(4000, port).Payload(new byte[300]), tags),
                Own(Packet.Ethernet(Mac).Ipv6(Right6, Left6).Udp(port, 4000).Payload(new byte[3]), tags));
            yield return ($"udp that is asked for{tagged}",
                Own(Packet.Ethernet(Mac).Ipv4(Left4, Right4).Udp(7777, port).Payload(new byte[30]), tags),
                Own(Packet.Ethernet(Mac).Ipv4(Right4, Left4).Udp(port, 7777).Payload(new byte[3]), tags));
            yield return ($"icmp{tagged}",
                Own(Packet.Ethernet(Mac).Ipv4(Left4, Right4).EchoRequest(port, 1).Payload(new byte[50]), tags),
                Own(Packet.Ethernet(Mac).Ipv4(Right4, Left4).EchoReply(port, 1).Payload(new byte[50]), tags));
            yield return ($"icmpv6{tagged}",
                Own(Packet.Ethernet(Mac).Ipv6(Left6, Right6).EchoRequest(port, 1).Payload(new byte[50]), tags),
                Own(Packet.Ethernet(Mac).Ipv6(Right6, Left6).EchoReply(port, 1).Payload(new byte[50]), tags));
            yield return ($"udp behind extension headers{tagged}",
                Own(Packet.Ethernet(Mac).Ipv6(Left6, Right6).DestinationOptions().DestinationOptions().Udp(4001, port).Payload(new byte[20]), tags),
                Own(Packet.Ethernet(Mac).Ipv6(Right6, Left6).DestinationOptions().Udp(port, 4001).Payload(new byte[20]), tags));
            yield return ($"fragments{tagged}",
                Own(Packet.Ethernet(Mac).Ipv6(Left6, Right6).Fragment(new FragmentFields(77) { FragmentOffset = 1000 }).Payload(new byte[(8 * tags.Length) + 16]), tags),
                Own(Packet.Ethernet(Mac).Ipv6(Right6, Left6).Fragment(new FragmentFields(78) { FragmentOffset = 1000 }).Payload(new byte[16]), tags));
        }

        yield return ("what is not ip", Plain(0x88B5, 1, 2), Plain(0x88B5, 2, 1));
        yield return ("super-segments", Super(), Own(Packet.Ethernet(Mac).Ipv4(Right4, Left4).Tcp(new TcpFields(6000, 4000, TcpFlags.Ack))));
    }

    private static FrameBuffer Tcp(TcpFlags flags, bool back) => Own(back
        ? Packet.Ethernet(Mac).Ipv4(Right4, Left4).Tcp(new TcpFields(80, 4000, flags))
        : Packet.Ethernet(Mac).Ipv4(Left4, Right4).Tcp(new TcpFields(4000, 80, flags)));

    private static void Pass(FrameBuffer frame, Wire from, Wire to)
    {
        from.Send(frame);
        Assert.Single(to.Receive(1));
    }

    private static FrameBuffer Super()
    {
        FrameBuffer frame = Own(Packet.Ethernet(Mac).Ipv4(Left4, Right4).Tcp(new TcpFields(4000, 6000, TcpFlags.Ack)).Payload(new byte[20_000]));
        frame.Offload.SetPartialChecksum(34, 16);
        frame.Offload.SetSegmentation(SegmentationKind.Tcpv4, 1400, 54);
        return frame;
    }

    private static FrameBuffer Plain(ushort type, byte source, byte destination)
    {
        FrameBuffer frame = TestFrames.Plain(source, 60);
        MacAddress.FromUInt64(0x0200_0000_0000UL | destination).WriteTo(frame.Octets);
        (frame.Octets[12], frame.Octets[13]) = ((byte)(type >> 8), (byte)type);
        return frame;
    }

    // Somebody else's, and not this host's.
    private static FrameBuffer Own(PacketType packet, params ushort[] tags)
    {
        FrameBuffer frame = TestFrames.Buffer(packet, tags);
        (frame.Octets[0], frame.Octets[1]) = (0x02, 0x77);
        return frame;
    }
}
