using Fluke6.Snapshots;

namespace Fluke6.Command.Reports;

/// <summary>A few lines, however much passed: the flows, what their TCP handshakes came to, what IPv6 neighbours said.</summary>
internal static class FlowSummary
{
    private const int MaxListed = 3;

    /// <summary>The lines, of a snapshot with the flows that are to have a line of their own.</summary>
    public static IEnumerable<string> Lines(BridgeSnapshot bridge) => bridge.Summary is not { } summary ? []
        : [.. Flows(bridge, summary), .. Handshakes(summary), .. Neighbors(bridge.Neighbors ?? new NeighborsRecord())];

    private static IEnumerable<string> Flows(BridgeSnapshot bridge, FlowSummaryRecord summary)
    {
        IReadOnlyList<FlowRecord> listed = bridge.FlowTable ?? [];
        yield return $"flows: {bridge.FlowsSeen:N0} seen ({(bridge.Flows > summary.LookedAt ? $"of the last {summary.LookedAt:N0}: " : "")}"
            + $"{Listed(summary.Protocols.Select(protocol => $"{protocol.Name} {protocol.Count:N0}"))})"
            + (bridge.FlowsEvicted == 0 ? "" : $", of which {bridge.FlowsEvicted:N0} made room for others: --flows N keeps more");
        foreach (FlowRecord flow in listed)
            yield return $"  {Describe(flow)}";
        if (bridge.Flows > listed.Count && listed.Count > 0)
            yield return $"  ... and {bridge.Flows - listed.Count:N0} seen before these";
    }

    private static string Describe(FlowRecord flow)
    {
        string rules = Listed(flow.Rules);
        return $"{flow.Protocol} {flow.Source} > {flow.Destination}: {flow.Frames:N0} frames, {Quantity.Octets(flow.Bytes)}"
            + (flow.State is null ? "" : $", {(flow.State == FlowRecord.SynSeen ? "no handshake" : flow.State)}")
            + (rules.Length == 0 ? "" : $"; hit by {rules}")
            + (flow.Rewritten == 0 ? "" : $"; {flow.Rewritten:N0} rewritten")
            + (flow.Dropped == 0 ? "" : $"; {flow.Dropped:N0} dropped");
    }

    private static IEnumerable<string> Handshakes(FlowSummaryRecord summary)
    {
        if (summary.Handshakes == 0)
            yield break;

        string segments = Listed(summary.Segments.Select(
            one => one.Offered == one.Delivered ? $"{one.Offered}" : $"{one.Offered} offered and {one.Delivered} delivered"));
        yield return $"TCP handshakes: {summary.Handshakes:N0}; MSS {segments}; in force of offered: "
            + string.Join(", ", summary.Options.Select(option => $"{option.Option} {option.InForce:N0} of {option.Offered:N0}"));
        foreach (OneSidedRecord strip in summary.OneSided)
        {
            yield return $"  ONE-SIDED: {strip.Text}, so that the ends disagree: {strip.Source} > {strip.Destination}"
                + (strip.More == 0 ? "" : $" and {strip.More:N0} more");
        }
    }

    private static IEnumerable<string> Neighbors(NeighborsRecord neighbors)
    {
        if (neighbors.Routers.Count > 0)
            yield return $"IPv6 routers: {Listed(neighbors.Routers.Select(router => $"{router.Address}{(router.ByRule ? " (a rule's)" : "")}"))}";
        if (neighbors.Prefixes.Count > 0)
        {
            yield return "IPv6 prefixes: " + Listed(neighbors.Prefixes.Select(prefix =>
                $"{prefix.Prefix}{(prefix.TakenOut ? " (taken out by a rule)" : prefix.PutIn ? " (put in by a rule)" : "")}"));
        }

        List<AddressRecord> answered = [.. neighbors.Addresses.Where(address => address.Rule.Answers > 0)];
        if (answered.Count > 0)
            yield return $"IPv6 addresses answered by rules: {Listed(answered.Select(address => address.Address))}";
    }

    private static string Listed(IEnumerable<string> names)
    {
        List<string> all = [.. names];
        return string.Join(", ", all.Take(MaxListed)) + (all.Count > MaxListed ? $" and {all.Count - MaxListed:N0} more" : "");
    }
}
