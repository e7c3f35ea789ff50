using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;

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
