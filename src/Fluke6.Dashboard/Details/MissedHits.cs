using System.Text.RegularExpressions;
using Fluke6.Flows;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Details;

/// <summary>Why a rule has no hits, by comparing what its script asks a frame for with what has passed.</summary>
internal sealed partial class MissedHits(Bridge bridge, string source)
{
    /// <summary>Sentences; the most likely reason first.</summary>
    /// <param name="seen">Frames that the rule was shown.</param>
    /// <param name="state">How it stands.</param>
    public IEnumerable<string> Explain(long seen, RuleState state)
    {
        if (state is RuleState.Disabled or RuleState.Bypassed or RuleState.Failed)
        {
            yield return "No hits: it is not asked.";
        }
        else if (seen == 0)
        {
            bool passed = bridge.Left.Counters.RxFrames + bridge.Right.Counters.RxFrames > 0;
            yield return passed ? "No hits: a rule before it ends the chain for every frame so far, or none came since." : "No hits: no frame has passed yet.";
        }
        else
        {
            yield return $"No hits in {seen:N0} frames.";
            foreach (string layer in Token().Matches(source).Select(match => match.Groups[1].Value).Distinct())
            {
                if (Has(layer) is { } has)
                    yield return has ? $"It asks for {layer}, which some frames had: none was as its condition wants." : $"It asks for {layer}, which no frame had.";
            }
        }
    }

    /// <summary>Whether a layer was among what passed; null if that is not kept.</summary>
    private bool? Has(string layer) => bridge.Flows is null ? null : layer switch
    {
        "Tcp" => AnyFlow(IpProtocol.Tcp),
        "Udp" => AnyFlow(IpProtocol.Udp),
        "Icmpv4" => AnyFlow(IpProtocol.Icmpv4),
        "Icmpv6" => AnyFlow(IpProtocol.Icmpv6),
        "Ipv4" => AnyFlow((in FlowSnapshot flow) => flow.Key.Family == FlowFamily.Ipv4),
        "Ipv6" => AnyFlow((in FlowSnapshot flow) => flow.Key.Family == FlowFamily.Ipv6),
        "Arp" => AnyFlow((in FlowSnapshot flow) => flow.Key.EtherType == EtherType.Arp),
        "RouterAdvertisement" => bridge.Neighbors!.Routers.Any(router => router.Offered.IsPresent),
        "NeighborSolicitation" => bridge.Neighbors!.Neighbors.Any(neighbor => neighbor.Solicitations > 0),
        "NeighborAdvertisement" => bridge.Neighbors!.Neighbors.Any(neighbor => neighbor.AnswersByHost > 0),
        _ => null,
    };

    private bool AnyFlow(IpProtocol protocol) =>
        AnyFlow((in FlowSnapshot flow) => flow.Key.Family != FlowFamily.Link && flow.Key.Protocol == protocol);

    private bool AnyFlow(FlowFilter filter)
    {
        Span<FlowSnapshot> one = new FlowSnapshot[1];
        return bridge.Flows!.Read(one, FlowOrder.Recent, filter) > 0;
    }

    [GeneratedRegex(@"\bTryGet(\w+)\s*\(")]
    private static partial Regex Token();
}
