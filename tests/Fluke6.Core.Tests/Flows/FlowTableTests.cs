using Fluke6.Bridging;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Flows;

public sealed class FlowTableTests
{
    public static TheoryData<string, byte[], byte[]> BothDirections => new()
    {
        { "tcp4", Segment.Tcp("192.0.2.1", 4000, "198.51.100.1", 80, TcpFlags.Ack), Segment.Tcp("198.51.100.1", 80, "192.0.2.1", 4000, TcpFlags.Ack) },
        { "tcp6", Segment.Tcp("2001:db8::1", 4000, "2001:db8::2", 80, TcpFlags.Ack), Segment.Tcp("2001:db8::2", 80, "2001:db8::1", 4000, TcpFlags.Ack) },
        { "udp, same address", Segment.Udp("192.0.2.1", 9, "192.0.2.1", 7), Segment.Udp("192.0.2.1", 7, "192.0.2.1", 9) },
        { "echo4", Segment.Echo("192.0.2.1", "198.51.100.1", false, 77), Segment.Echo("198.51.100.1", "192.0.2.1", true, 77) },
        { "echo6", Segment.Echo("2001:db8::1", "2001:db8::2", false, 77), Segment.Echo("2001:db8::2", "2001:db8::1", true, 77) },
        { "other protocol", Other("192.0.2.1", "198.51.100.1"), Other("198.51.100.1", "192.0.2.1") },
        { "vlan", Segment.Udp("192.0.2.1", 9, "192.0.2.2", 7, vlan: 12), Segment.Udp("192.0.2.2", 7, "192.0.2.1", 9, vlan: 12) },
        { "not IP", [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5, 1], [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xB5, 2] },
    };

    [Theory]
    [MemberData(nameof(BothDirections))]
    public void KeepsBothDirectionsInOneEntry(string what, byte[] forth, byte[] back)
    {
        using var test = new TestBridge();
        test.Pass(Side.Left, forth, forth);
        test.Pass(Side.Right, back);

        Assert.Equal(1, test.Flows.Count);
        FlowSnapshot flow = test.Flow;
        Assert.Equal((2, 1), (flow.FramesFromLeft, flow.FramesFromRight));
        Assert.Equal((2 * forth.Length, back.Length), (flow.BytesFromLeft, flow.BytesFromRight));
        Assert.True(flow.FirstSeen <= flow.LastSeen, what);
    }

    [Fact]
    public void TellsFlowsApart()
    {
        using var test = new TestBridge();
        test.Pass(
            Side.Left,
            Segment.Udp("192.0.2.1", 9, "192.0.2.2", 7),
            Segment.Udp("192.0.2.1", 9, "192.0.2.2", 8),
            Segment.Udp("192.0.2.1", 10, "192.0.2.2", 7),
            Segment.Udp("192.0.2.3", 9, "192.0.2.2", 7),
            Segment.Udp("192.0.2.1", 9, "192.0.2.2", 7, vlan: 3),
            Segment.Udp("192.0.2.1", 9, "192.0.2.2", 7, vlan: 4),
            Segment.Tcp("192.0.2.1", 9, "192.0.2.2", 7, TcpFlags.Ack),
            Segment.Echo("192.0.2.1", "192.0.2.2", false, 1),
            Segment.Echo("192.0.2.1", "192.0.2.2", false, 2),
            Segment.Udp("2001:db8::1", 9, "2001:db8::2", 7));
        Assert.Equal(10, test.Flows.Count);
    }

    [Fact]
    public void NamesTheEndThatBeganAsTheSource()
    {
        using var test = new TestBridge();
        test.Pass(Side.Right, Segment.Udp("2001:db8::9", 1024, "2001:db8::1", 53, vlan: 7));
        FlowSnapshot flow = test.Flow;
        Assert.Equal("[2001:db8::9]:1024", flow.Source.ToString());
        Assert.Equal("[2001:db8::1]:53", flow.Destination.ToString());
        Assert.Equal((7, IpProtocol.Udp), (flow.Key.OuterVlan, flow.Key.Protocol));
    }

    [Fact]
    public void LetsTheLeastRecentlyUsedGo()
    {
        var table = new FlowTable(3);
        int first = Add(table, 1);
        Add(table, 2);
        Add(table, 3);
        Assert.Equal(first, Add(table, 1));
        Add(table, 4);      // takes the place of 2

        Assert.Equal((3, 4, 1), (table.Count, (int)table.Created, (int)table.Evicted));
        Assert.True(table.Find(Key(1)) >= 0);
        Assert.True(table.Find(Key(2)) < 0);
        Assert.True(table.Find(Key(3)) >= 0);
        Assert.True(table.Find(Key(4)) >= 0);
    }

    [Fact]
    public void AgreesWithASlowTableUnderRandomUse()
    {
        const int capacity = 100;
        var random = new Random(1);
        var table = new FlowTable(capacity);
        var slow = new LinkedList<int>();
        for (int i = 0; i < 50_000; i++)
        {
            int name = random.Next(250);
            Assert.Equal(slow.Contains(name), table.Find(Key(name)) >= 0);
            Add(table, name);
            slow.Remove(name);
            slow.AddFirst(name);
            if (slow.Count > capacity)
                slow.RemoveLast();
        }

        Assert.Equal(capacity, table.Count);
    }

    [Fact]
    public void ReadsTheFirstByAnyOrderAndFilter()
    {
        using var test = new TestBridge();
        for (int i = 1; i <= 20; i++)
        {
            byte[] frame = Segment.Udp("192.0.2.1", i, "192.0.2.2", 7, payload: 21 - i);
            test.Pass(Side.Left, [.. Enumerable.Repeat(frame, i)]);
        }

        Assert.Equal([20, 19, 18], Ports(test.Flows, FlowOrder.Recent));
        Assert.Equal([20, 19, 18], Ports(test.Flows, FlowOrder.Frames));
        Assert.Equal([6, 5, 4], Ports(test.Flows, FlowOrder.Recent, (in flow) => flow.Source.Port < 7));
        var all = new FlowSnapshot[100];
        Assert.Equal(20, test.Flows.Read(all, FlowOrder.Bytes));
        Assert.Equal(all.Take(20).OrderByDescending(flow => flow.Bytes).Select(flow => flow.Bytes), all.Take(20).Select(flow => flow.Bytes));
    }

    [Fact]
    public void SaysWhichRulesHitAndWhatTheyDid()
    {
        using var test = new TestBridge(
            null,
            ("10-watch", (ref frame) => Verdict.Continue),
            ("20-window", (ref frame) =>
            {
                if (frame.TryGetTcp(out TcpHeader tcp))
                    tcp.Window = 7;
                return Verdict.Continue;
            }),
            ("30-drop", (ref frame) => frame.TryGetUdp(out _) ? Verdict.Drop : Verdict.Continue));
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        FlowSnapshot tcp = test.Flow;
        Assert.Equal(["20-window"], test.Bridge.RuleNames.In(tcp.Rules));
        Assert.Equal((1, 0), (tcp.Rewritten, tcp.Dropped));

        test.Pass(Side.Left, Segment.Udp("192.0.2.1", 9, "192.0.2.2", 7));
        FlowSnapshot udp = test.Flow;
        Assert.Equal(["30-drop"], test.Bridge.RuleNames.In(udp.Rules));
        Assert.Equal((0, 1), (udp.Rewritten, udp.Dropped));
    }

    [Fact]
    public void KeepsTheLastChangesOfEachRule()
    {
        using var test = new TestBridge(
            null,
            ("10-ttl", (ref frame) =>
            {
                if (frame.TryGetIpv4(out Ipv4Header ipv4))
                    ipv4.TimeToLive--;
                return Verdict.Continue;
            }),
            ("20-window", (ref frame) =>
            {
                if (frame.TryGetTcp(out TcpHeader tcp))
                    tcp.Window = 7;
                return Verdict.Continue;
            }));
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack, payload: 800));
        for (int i = 0; i < 3 * ChangeLog.PerRule; i++)
            test.Pass(Side.Left, Segment.Udp("192.0.2.1", i, "192.0.2.2", 7));

        IReadOnlyList<FrameChange> changes = test.Bridge.Changes!.Read(ulong.MaxValue);
        Assert.Equal(ChangeLog.PerRule, changes.Count);
        Assert.All(changes, change => Assert.Equal(["ipv4 time to live 64 → 63"], change.Differences().Select(field => field.ToString())));

        // Both rules had this one; only its headers are kept.
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack, payload: 800));
        FrameChange both = test.Bridge.Changes.Read(ulong.MaxValue)[0];
        Assert.Equal(["10-ttl", "20-window"], test.Bridge.RuleNames.In(both.Rules));
        Assert.Equal(["ipv4 time to live 64 → 63", "tcp window 1000 → 7"], both.Differences().Select(field => field.ToString()));
    }

    [Fact]
    public void GoesOnAfterARuleThatHangs()
    {
        using var test = new TestBridge(
            new BridgeOptions { OverrunLimit = TimeSpan.FromMilliseconds(100) },
            ("hang", (ref frame) =>
            {
                while (frame.Length > 0)
                    Thread.Yield();
                return Verdict.Continue;
            }));
        byte[] frame = TestBridge.FromClient(TcpFlags.Ack);
        test.Left.Arrive(frame);
        test.Pass(Side.Left, frame);
        Assert.True(SpinWait.SpinUntil(() => test.Right.SentFrames.Count == 2, TimeSpan.FromSeconds(20)));
        test.Pass(Side.Right, TestBridge.FromServer(TcpFlags.Ack));
        Assert.Equal((2, 1, TcpState.Established), (test.Flow.FramesFromLeft, test.Flow.FramesFromRight, test.Flow.State));
    }

    [Fact]
    public void LooksAtNothingWhenOff()
    {
        using var test = new TestBridge(new BridgeOptions { Flows = 0 });
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack));
        Assert.Null(test.Bridge.Flows);
        Assert.Single(test.Right.SentFrames);
    }

    private static int[] Ports(FlowTable flows, FlowOrder order, FlowFilter? filter = null)
    {
        var first = new FlowSnapshot[3];
        Assert.Equal(3, flows.Read(first, order, filter));
        return [.. first.Select(flow => (int)flow.Source.Port)];
    }

    private static int Add(FlowTable table, int name) => table.FindOrAdd(Key(name), false, 1);

    private static FlowKey Key(int name) =>
        FlowKey.Between((0, (ulong)name), (0, 5_000), 1, 2, FlowKey.Kind(FlowFamily.Ipv4, EtherType.Ipv4, IpProtocol.Udp), 0, out _);

    private static byte[] Other(string source, string destination) =>
        Segment.Ipv4(source, destination).Gre().Payload(new byte[8]).ToArray();
}
