using System.Text.Json;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Snapshots;
using Fluke6.Watching;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Watching;

/// <summary>What those who look on are given: plain data that stays as it is, and its JSON.</summary>
public sealed class SnapshotTests
{
    private static readonly SnapshotRequest s_everything = new()
    {
        Flows = 100, Ledgers = true, Changes = true, Neighbors = 100, Layers = [SnapshotRequest.AnyLayer, "Dns 5353"], History = true, Summary = true,
    };

    [Fact]
    public void SnapshotStaysAsItIsWhateverTheBridgeDoes()
    {
        using var test = new TestBridge(null, ("lower", Lower));
        var publisher = new BridgePublisher(test.Bridge);
        test.Handshake([2, 4, 5, 180], [2, 4, 5, 180]);
        publisher.Pump();
        BridgeSnapshot taken = publisher.Take(s_everything);
        string before = Json(taken);
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack, payload: 100));
        test.Pass(Side.Left, Segment.Udp("10.0.0.1", 1, "10.0.0.2", 2));
        test.Publish();
        publisher.Pump();
        Assert.NotEqual(before, Json(publisher.Take(s_everything)));
        Assert.Equal(before, Json(taken));
    }

    [Fact]
    public void SnapshotComesBackFromItsJsonAsItWas()
    {
        using var test = new TestBridge(null, ("lower", Lower));
        var publisher = new BridgePublisher(test.Bridge);
        test.Handshake([2, 4, 5, 180, 1, 3, 3, 7], [2, 4, 5, 180]);
        test.Pass(Side.Left, Segment.Udp("2001:db8::1", 1, "2001:db8::2", 53, vlan: 7));
        test.Pass(Side.Right, [.. new byte[12], 0x88, 0xcc, .. new byte[50]]);
        publisher.Pump();
        publisher.Zero();
        BridgeSnapshot taken = publisher.Take(s_everything with { Flow = publisher.Take(s_everything).FlowTable![0].Id });
        Assert.NotNull(taken.Flow);
        Assert.Equal(3, taken.FlowTable!.Count);
        Assert.Equal(Json(taken), Json(JsonSerializer.Deserialize(Json(taken), SnapshotJson.Default.BridgeSnapshot)!));
        FlowRecord udp = JsonSerializer.Deserialize(Json(taken), SnapshotJson.Default.BridgeSnapshot)!.FlowTable!.Single(flow => flow.Protocol == "UDP");
        Assert.Equal(("[2001:db8::1]:1", "[2001:db8::2]:53", 7), ($"{udp.Source}", $"{udp.Destination}", Assert.Single(udp.Vlans)));
    }

    [Fact]
    public void OtherVersionsFieldsAreIgnoredAndThoseThatLackAreEmpty()
    {
        const string Other = """
            {"type":"stats","novelty":{"a":[1]},"time":"2026-01-01T00:00:00Z","ports":{"left":{"name":"eth1","speed":10}},
             "rules":[{"name":"a","mood":"good"}],"flowTable":[{"protocol":"TCP","source":{"address":"192.0.2.1","port":9,"zone":"x"}}]}
            """;
        BridgeSnapshot read = JsonSerializer.Deserialize(Other, SnapshotJson.Default.BridgeSnapshot)!;
        Assert.Equal(("eth1", "", 0), (read.Ports.Left.Name, read.Ports.Left.State, read.Ports.Left.ErrorsByErrno.Count));
        Assert.Equal(("", 0L), (read.Ports.Right.Name, read.Ports.Right.RxFrames));
        RuleRecord rule = Assert.Single(read.Rules);
        Assert.Equal(("a", "", 0, 0), (rule.Name, rule.State, rule.Problems.Count, rule.Parameters.Count));
        Assert.Equal("192.0.2.1:9", $"{Assert.Single(read.FlowTable!).Source}");
        Assert.Empty(read.FlowTable![0].Rules);
        Assert.Equal("", JsonSerializer.Deserialize("""{"type":"ready"}""", SnapshotJson.Default.ReadyRecord)!.OnFault);
        BridgeEvent unknown = JsonSerializer.Deserialize("""{"sequence":7,"type":"eclipse","of":"the sun"}""", SnapshotJson.Default.BridgeEvent)!;
        Assert.Equal((typeof(BridgeEvent), 7L), (unknown.GetType(), unknown.Sequence));
        var log = (LogEvent)JsonSerializer.Deserialize("""{"sequence":8,"rule":"a","type":"log"}""", SnapshotJson.Default.BridgeEvent)!;
        Assert.Equal((8L, "a", ""), (log.Sequence, log.Rule, log.Message));
    }

    [Fact]
    public void EveryKindOfNoteIsAnEventWithANumber()
    {
        using var test = new TestBridge();
        var publisher = new BridgePublisher(test.Bridge);
        JournalNote[] notes =
        [
            new LogNote("a", "text"), new SkippedNote("a", 3, 100), new FaultNote(new RuleFault("a", "X: y", "a.csx:4", Bypassed: true)),
            new ReloadNote("a", Ok: true, 12.34, []), new ReloadNote("a", Ok: false, 1, ["a.csx(1,1): CS1002"]), new PortNote(Side.Right, "eth2", Ports.PortState.Gone),
            new CaptureNote("f", "full", 7), new LoopNote("eth1", "eth2", 9), new RestartNote("it ended", "a", TimeSpan.FromSeconds(1.5), 2),
            new LossNote(Side.Left, "eth1", "rx", "socketFull", 5, "it is slow"),
        ];
        // Handshakes have numbers of their own: see below.
        Assert.Equal(
            typeof(JournalNote).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(JournalNote)) && type != typeof(HandshakeNote)).ToHashSet(),
            notes.Select(note => note.GetType()).ToHashSet());
        foreach (JournalNote note in notes)
            test.Bridge.Tell(note);
        BridgeEvent[] events = [.. publisher.Pump()];
        Assert.Equal(notes.Length, events.Length);
        Assert.Single(events, one => one is LogEvent);
        Assert.Equal(Enumerable.Range(1, notes.Length).Select(number => (long)number), events.Select(one => one.Sequence).Order());
        Assert.All(events, one => Assert.Equal(one, JsonSerializer.Deserialize(JsonSerializer.Serialize(one, SnapshotJson.Default.BridgeEvent), SnapshotJson.Default.BridgeEvent)! switch
        {
            ReloadEvent { Diagnostics: not null } reload => reload with { Diagnostics = ((ReloadEvent)one).Diagnostics },
            BridgeEvent other => other,
        }));
        string fault = JsonSerializer.Serialize(events.Single(one => one is FaultEvent), SnapshotJson.Default.BridgeEvent);
        Assert.StartsWith("""{"type":"fault","sequence":""", fault, StringComparison.Ordinal);
        Assert.EndsWith(""","rule":"a","message":"X: y","at":"a.csx:4","bypassed":true}""", fault, StringComparison.Ordinal);
        Assert.Equal(events.Length, publisher.Take(SnapshotRequest.FiguresAlone).Sequence);
    }

    [Fact]
    public void NoteOfAKindThatHasNoEventIsALineAndDoesNotEndWhoeverReads()
    {
        using var test = new TestBridge();
        var publisher = new BridgePublisher(test.Bridge);
        test.Bridge.Tell(new EclipseNote("the sun"));
        test.Bridge.Tell(new LogNote("a", "text"));
        BridgeEvent[] events = [.. publisher.Pump()];
        Assert.Equal([("fluke6", "an eclipse of the sun"), ("a", "text")], events.Cast<LogEvent>().Select(one => (one.Rule, one.Message)).OrderByDescending(one => one.Rule));
    }

    private sealed record EclipseNote(string Of) : JournalNote
    {
        public override string ToString() => $"an eclipse of {Of}";
    }

    [Fact]
    public void HandshakesHaveNumbersOfTheirOwn()
    {
        using var test = new TestBridge();
        var publisher = new BridgePublisher(test.Bridge);
        test.Bridge.Tell(new LogNote("a", "one"));
        test.Handshake([2, 4, 5, 180], [2, 4, 5, 180]);
        List<BridgeEvent> events = [.. publisher.Pump()];
        Assert.Equal([1L, 1L], events.Select(one => one.Sequence));
        var handshake = (HandshakeEvent)events.Single(one => one is HandshakeEvent);
        Assert.Equal(("192.0.2.1:40000", 1460), ($"{handshake.Source}", handshake.Syn.Offered!.Mss));
        Assert.Equal((1L, 1L), (publisher.Events.Last, publisher.Handshakes.Last));
    }

    [Fact]
    public void WhoIsSlowFindsAGapAndNobodyElseDoes()
    {
        var log = new EventLog(4);
        long quick = 0, slow = 0;
        for (int i = 1; i <= 10; i++)
        {
            log.Add(new LogEvent { Message = $"{i}" });
            Assert.Equal(($"{i}", 0L), (((LogEvent)log.Next(ref quick, out long lost)!).Message, lost));
        }

        Assert.Null(log.Next(ref quick, out _));
        Assert.Equal(("7", 6L), (((LogEvent)log.Next(ref slow, out long missing)!).Message, missing));
        Assert.Equal(("8", 0L), (((LogEvent)log.Next(ref slow, out missing)!).Message, missing));
    }

    [Fact]
    public void CountingFromZeroLeavesTheFiguresAsTheyAre()
    {
        using var test = new TestBridge(null, ("lower", Lower));
        var publisher = new BridgePublisher(test.Bridge);
        test.Handshake([2, 4, 5, 180], [2, 4, 5, 180]);
        publisher.Zero();
        test.Pass(Side.Left, TestBridge.FromClient(TcpFlags.Ack, payload: 100));
        BridgeSnapshot now = publisher.Take(SnapshotRequest.FiguresAlone);
        Assert.Equal(4, Assert.Single(now.Rules).Hits);
        Assert.Equal(1, now.Rules[0].Totals.Since(Assert.Single(now.Zero!.Rules)).Hits);
    }

    private static Verdict Lower(ref Frame frame)
    {
        if (frame.TryGetTcp(out TcpHeader tcp))
            tcp.Window--;
        return Verdict.Continue;
    }

    private static string Json(BridgeSnapshot snapshot) => JsonSerializer.Serialize(snapshot, SnapshotJson.Default.BridgeSnapshot);
}
