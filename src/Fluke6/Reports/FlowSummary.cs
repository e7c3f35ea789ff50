using Fluke6.Bridging;
using Fluke6.Flows;

namespace Fluke6.Command.Reports;

/// <summary>A few lines, however much passed: the flows, what their TCP handshakes came to, what IPv6 neighbours said.</summary>
internal static class FlowSummary
{
    private const int MaxListed = 3;
    private const int MaxLookedAt = 65_536;

    /// <summary>The lines.</summary>
    /// <param name="bridge">The bridge, which may have stopped.</param>
    /// <param name="flows">How many flows have a line of their own.</param>
    public static IEnumerable<string> Lines(IBridge bridge, int flows)
    {
        if (bridge.Flows is not { Created: > 0 } table)
            return [];

        var all = new FlowSnapshot[Math.Min(table.Count, MaxLookedAt)];
        all = all[..table.Read(all)];
        return [.. Flows(bridge, table, all, flows), .. Handshakes(table, all), .. Neighbors(bridge.Neighbors!)];
    }

    private static IEnumerable<string> Flows(IBridge bridge, FlowTable table, FlowSnapshot[] all, int listed)
    {
        IEnumerable<string> protocols = all.GroupBy(flow => flow.Key.ProtocolName).OrderByDescending(group => group.Count()).Select(group => $"{group.Key} {group.Count():N0}");
        yield return $"flows: {table.Created:N0} seen ({(table.Count > all.Length ? $"of the last {all.Length:N0}: " : "")}{Listed(protocols)})"
            + (table.Evicted == 0 ? "" : $", of which {table.Evicted:N0} made room for others: --flows N keeps more");
        foreach (FlowSnapshot flow in all.Take(listed))
            yield return $"  {Describe(bridge, flow)}";
        if (table.Count > listed && listed > 0)
            yield return $"  ... and {table.Count - listed:N0} seen before these";
    }

    private static string Describe(IBridge bridge, FlowSnapshot flow)
    {
        string rules = Listed(bridge.Services.RuleNames.In(flow.Rules));
        return $"{flow.Key.ProtocolName} {flow.Source} > {flow.Destination}: {flow.Frames:N0} frames, {Quantity.Octets(flow.Bytes)}"
            + (flow.State == TcpState.None ? "" : $", {State(flow.State)}")
            + (rules.Length == 0 ? "" : $"; hit by {rules}")
            + (flow.Rewritten == 0 ? "" : $"; {flow.Rewritten:N0} rewritten")
            + (flow.Dropped == 0 ? "" : $"; {flow.Dropped:N0} dropped");
    }

    private static string State(TcpState state) => state == TcpState.SynSeen ? "no handshake" : state.ToString().ToLowerInvariant();

    private static IEnumerable<string> Handshakes(FlowTable table, FlowSnapshot[] all)
    {
        List<(FlowSnapshot Flow, TcpLedger Ledger)> handshakes = [];
        foreach (FlowSnapshot flow in all)
        {
            if (table.TryGetLedger(flow, out TcpLedger ledger) && ledger.IsComplete)
                handshakes.Add((flow, ledger));
        }

        if (handshakes.Count == 0)
            yield break;

        // MPTCP and fast open are rare; what nobody offered says nothing.
        IEnumerable<string> agreed = TcpFeatures.All
            .Select(feature => (Feature: feature, Offered: handshakes.Count(one => one.Ledger.SynOffered.Has(feature)), InForce: handshakes.Count(one => one.Ledger.InForce(feature))))
            .Where(count => count.Offered > 0)
            .Select(count => $"{count.Feature.Name()} {count.InForce:N0} of {count.Offered:N0}");
        yield return $"TCP handshakes: {handshakes.Count:N0}; MSS {Segments(handshakes)}; in force of offered: {string.Join(", ", agreed)}";
        foreach (TcpFeature feature in TcpFeatures.All)
        {
            foreach (IGrouping<string, FlowSnapshot> strip in handshakes
                .Where(one => one.Ledger.IsOneSidedStrip(feature))
                .GroupBy(one => one.Ledger.DescribeOneSidedStrip(feature)!, one => one.Flow))
            {
                FlowSnapshot first = strip.First();
                yield return $"  ONE-SIDED: {strip.Key}, so that the ends disagree: {first.Source} > {first.Destination}"
                    + (strip.Count() == 1 ? "" : $" and {strip.Count() - 1:N0} more");
            }
        }
    }

    private static string Segments(List<(FlowSnapshot Flow, TcpLedger Ledger)> handshakes) => Listed(handshakes
        .GroupBy(one => (Offered: one.Ledger.SynOffered.MaximumSegmentSize, Delivered: one.Ledger.ServerSendLimit))
        .OrderByDescending(group => group.Count())
        .Select(group => group.Key.Offered == group.Key.Delivered ? $"{group.Key.Offered}" : $"{group.Key.Offered} offered and {group.Key.Delivered} delivered"));

    private static IEnumerable<string> Neighbors(NeighborLedger ledger)
    {
        IReadOnlyList<RouterSighting> routers = ledger.Routers;
        if (routers.Count > 0)
            yield return $"IPv6 routers: {Listed(routers.Select(router => $"{router.Router}{(router.ByRule ? " (a rule's)" : "")}"))}";
        IReadOnlyList<PrefixSighting> prefixes = ledger.Prefixes;
        if (prefixes.Count > 0)
        {
            yield return "IPv6 prefixes: " + Listed(prefixes.Select(prefix =>
                $"{prefix.Prefix}{(prefix.IsTakenOut ? " (taken out by a rule)" : prefix.IsPutIn ? " (put in by a rule)" : "")}"));
        }

        List<NeighborSighting> answered = [.. ledger.Neighbors.Where(neighbor => neighbor.IsAnsweredByRule).OrderByDescending(neighbor => neighbor.LastSeen)];
        if (answered.Count > 0)
            yield return $"IPv6 addresses answered by rules: {Listed(answered.Select(neighbor => $"{neighbor.Address}"))}";
    }

    private static string Listed(IEnumerable<string> names)
    {
        List<string> all = [.. names];
        return string.Join(", ", all.Take(MaxListed)) + (all.Count > MaxListed ? $" and {all.Count - MaxListed:N0} more" : "");
    }
}
