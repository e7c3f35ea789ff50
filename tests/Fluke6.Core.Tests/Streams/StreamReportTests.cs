using System.Text.Json;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Snapshots;
using Fluke6.Streams;
using Fluke6.Watching;

namespace Fluke6.Core.Tests.Streams;

/// <summary>What is told of a stream that was rewritten: the flow's ledger, the taps that captures are, the rule's counters.</summary>
public sealed class StreamReportTests
{
    private static readonly string s_long = new('y', 2000);
    private readonly SeeingTap _tap = new();
    private readonly FlowObserver _flows;
    private readonly StreamHost _host;

    public StreamReportTests()
    {
        var journal = new BridgeJournal();
        _flows = new FlowObserver(16, journal);
        _host = new StreamHost(StreamHost.Replace("cat", s_long), null, _flows, _tap);
        _host.Handshake();
        _host.Client(1001, "", 5001);
    }

    [Fact]
    public void TheLedgerSaysWhichBytesWereChanged()
    {
        _host.Client(1001, "a cat");
        var flows = new FlowSnapshot[1];
        Assert.Equal(1, _flows.Table.Read(flows));
        Assert.True(_flows.Table.TryGetLedger(flows[0], out TcpLedger ledger));
        Assert.Equal((3, 2000, 1997), (ledger.ClientEdits.Replaced, ledger.ClientEdits.Replacing, ledger.ClientEdits.Delta));
        Assert.False(ledger.ServerEdits.HasChanges);
    }

    [Fact]
    public void TapsSeeTheFrameThatCameAndThoseThatWentOut()
    {
        _tap.Seen.Clear();
        _host.Client(1001, "a cat");
        // 2,002 octets of data in two frames, which go on as frames do that were held.
        Assert.Equal(
            ["arrived 59", "departed Hold", $"went on {54 + 1460}", $"went on {54 + 542}"], _tap.Seen);
        Assert.Equal(0, _host.Rule.Counters.Dropped);
    }

    [Fact]
    public void TheRulesRecordSaysWhatBecameOfItsConnections()
    {
        _host.Load(StreamHost.Replace("cat", s_long), new TcpStreamOptions { MaxDelay = TimeSpan.FromMilliseconds(300) });
        _host.Client(1001, "a cat");
        _host.Client(1006, "a ca");
        _host.Wait(TimeSpan.FromSeconds(1));
        RuleRecord record = RecordOfRule.Of(_host.Rule, new BridgeJournal(), [], null, null);
        Assert.Equal(
            new StreamsRecord { Open = 1, Followed = 1, PassedForTime = 2, OwnFrames = _host.Streams.Figures!.Sent },
            record.Streams);
        Assert.InRange(record.Streams!.OwnFrames, 2, 10);
        Assert.Equal(
            [$"streams: 1 connections followed, 1 of them now; {record.Streams.OwnFrames} frames sent for them", "streams: 2 bytes passed unchanged for want of time, 0 for want of room"],
            record.Work);
        string json = JsonSerializer.Serialize(new BridgeSnapshot { Rules = [record] }, SnapshotJson.Default.BridgeSnapshot);
        Assert.Contains(
            $$"""
            "streams":{"open":1,"followed":1,"notFollowed":0,"forgotten":0,"passedForTime":2,"passedForRoom":0,"refused":0,"ownFrames":{{record.Streams.OwnFrames}},"wrongChecksums":0}
            """, json, StringComparison.Ordinal);
    }

    [Fact]
    public void ARuleThatRewritesNothingHasNoSuchRecord() =>
        Assert.Null(RecordOfRule.Of(new RuleEntry("a", (ref _) => Verdict.Continue), new BridgeJournal(), [], null, null).Streams);

    private sealed class SeeingTap : FrameTap
    {
        public SeeingTap() => AwaitsDeparture = true;

        public List<string> Seen { get; } = [];

        public override bool BeginBatch(in Moment now) => true;

        public override void Arrived(FrameBuffer frame) => Seen.Add($"arrived {frame.Length}");

        public override void Sent(Side side, FrameBuffer frame, int rule) => Seen.Add($"sent {frame.Length}");

        protected override void LookAgain(FrameBuffer frame, Verdict verdict, RuleEntry? decider) =>
            Seen.Add(frame.WasHeld ? $"went on {frame.Length}" : $"departed {verdict}");
    }
}
