using Fluke6.Flows;
using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>Sums up the flows and their TCP handshakes.</summary>
internal static class RecordOfSummary
{
    private const int MaxLookedAt = 65_536;

    /// <summary>The sum now. Any thread; its time grows with the number of flows.</summary>
    public static FlowSummaryRecord Of(FlowTable table)
    {
        var all = new FlowSnapshot[Math.Min(table.Count, MaxLookedAt)];
        all = all[..table.Read(all)];
        List<(FlowSnapshot Flow, TcpLedger Ledger)> handshakes = [];
        foreach (FlowSnapshot flow in all)
        {
            if (table.TryGetLedger(flow, out TcpLedger ledger) && ledger.IsComplete)
                handshakes.Add((flow, ledger));
        }

        return new FlowSummaryRecord
        {
            LookedAt = all.Length,
            Protocols =
            [
                .. all.GroupBy(flow => flow.Key.ProtocolName).OrderByDescending(group => group.Count())
                    .Select(group => new NamedCount(group.Key, group.Count()))
            ],
            Handshakes = handshakes.Count,
            Segments = [.. handshakes
                .GroupBy(one => (Offered: one.Ledger.SynOffered.MaximumSegmentSize, Delivered: one.Ledger.ServerSendLimit))
                .OrderByDescending(group => group.Count())
                .Select(group => new SegmentCount(group.Key.Offered, group.Key.Delivered, group.Count()))],
            // MPTCP and fast open are rare; what nobody offered says nothing.
            Options = [.. TcpFeatures.All
                .Select(feature => new OptionCount(
                    feature.Name(), handshakes.Count(one => one.Ledger.SynOffered.Has(feature)), handshakes.Count(one => one.Ledger.InForce(feature))))
                .Where(count => count.Offered > 0)],
            OneSided = [.. TcpFeatures.All.SelectMany(feature => OneSided(handshakes, feature))],
        };
    }

    private static IEnumerable<OneSidedRecord> OneSided(List<(FlowSnapshot Flow, TcpLedger Ledger)> handshakes, TcpFeature feature) => handshakes
        .Where(one => one.Ledger.IsOneSidedStrip(feature))
        .GroupBy(one => one.Ledger.DescribeOneSidedStrip(feature)!, one => one.Flow)
        .Select(strip => new OneSidedRecord(strip.Key, $"{strip.First().Source}", $"{strip.First().Destination}", strip.Count() - 1));
}
