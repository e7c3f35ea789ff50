using System.Globalization;
using Fluke6.Bridging;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Watching;

/// <summary>Whether a layer was among the frames that passed.</summary>
/// <param name="Has">null if that is not kept.</param>
/// <param name="By">The sign that it was told by, if not every such layer shows it; may be empty.</param>
internal readonly record struct SeenLayer(bool? Has, string By = "");

/// <summary>
/// Which layers the frames had that passed, as far as flows and neighbours tell: no frame is counted for this. The names are those of
/// <see cref="Frame"/>'s TryGet methods.
/// </summary>
internal sealed class SeenLayers(IBridge bridge, FlowTable flows)
{
    private const ushort DnsPort = 53;

    private static readonly Dictionary<string, Func<SeenLayers, string, SeenLayer>> s_layers = new()
    {
        ["Ethernet"] = (seen, _) => new(seen.OnEthernet),
        // A tag for priority alone makes no other flow.
        ["VlanTag"] = (seen, _) => new(seen.AnyFlow((in FlowSnapshot flow) => flow.Key.OuterVlan != 0), "of VLAN 1 or above"),
        ["Arp"] = (seen, _) => new(seen.AnyOfType(EtherType.Arp)),
        ["Ipv4"] = (seen, _) => new(seen.AnyIpv4),
        ["Ipv6"] = (seen, _) => new(seen.AnyIpv6),
        // A flow is told by what stands behind these.
        ["HopByHopOptions"] = (seen, _) => AtMost(seen.AnyIpv6),
        ["DestinationOptions"] = (seen, _) => AtMost(seen.AnyIpv6),
        ["RoutingHeader"] = (seen, _) => AtMost(seen.AnyIpv6),
        ["FragmentHeader"] = (seen, _) => AtMost(seen.AnyIpv6),
        ["Tcp"] = (seen, _) => new(seen.Any(IpProtocol.Tcp)),
        ["Udp"] = (seen, _) => new(seen.Any(IpProtocol.Udp)),
        ["Ports"] = (seen, _) => new(seen.Any(IpProtocol.Tcp) || seen.Any(IpProtocol.Udp)),
        ["Icmpv4"] = (seen, _) => new(seen.Any(IpProtocol.Icmpv4)),
        ["Icmpv6"] = (seen, _) => new(seen.Any(IpProtocol.Icmpv6)),
        ["RouterSolicitation"] = (seen, _) => AtMost(seen.Any(IpProtocol.Icmpv6)),
        ["RouterAdvertisement"] = (seen, _) => new(seen.Neighbors.Routers.Any(router => router.Offered.IsPresent)),
        ["NeighborSolicitation"] = (seen, _) => new(seen.Neighbors.Neighbors.Any(neighbor => neighbor.Solicitations > 0)),
        ["NeighborAdvertisement"] = (seen, _) => new(seen.Neighbors.Neighbors.Any(neighbor => neighbor.AnswersByHost > 0)),
        ["Redirect"] = (seen, _) => AtMost(seen.Any(IpProtocol.Icmpv6)),
        ["Dns"] = (seen, port) => seen.Dns(port),
        ["Dhcpv4"] = (seen, _) => new(
            seen.AnyUdp(Dhcpv4Message.ServerPort) || seen.AnyUdp(Dhcpv4Message.ClientPort),
            $"UDP port {Dhcpv4Message.ServerPort} or {Dhcpv4Message.ClientPort}"),
        ["Dhcpv6"] = (seen, _) => new(
            seen.AnyUdp(Dhcpv6Message.ServerPort) || seen.AnyUdp(Dhcpv6Message.ClientPort),
            $"UDP port {Dhcpv6Message.ServerPort} or {Dhcpv6Message.ClientPort}"),
        ["TlsClientHello"] = (seen, _) => AtMost(seen.Any(IpProtocol.Tcp)),
        ["Pppoe"] = (seen, _) => new(seen.AnyOfType(EtherType.PppoeSession)),
        ["MplsLabel"] = (seen, _) => new(seen.AnyMpls),
        ["Vxlan"] = (seen, _) => seen.AnyVxlan ? new(true, $"UDP port {VxlanHeader.Port} or {VxlanHeader.LinuxPort}") : AtMost(seen.Any(IpProtocol.Udp)),
        ["Geneve"] = (seen, _) => new(seen.AnyUdp(GeneveHeader.Port), $"UDP port {GeneveHeader.Port}"),
        ["Teredo"] = (seen, _) => new(seen.AnyTeredo, $"UDP port {TeredoPacket.Port}"),
        ["Gre"] = (seen, _) => new(seen.Any(IpProtocol.Gre)),
        // Some datagrams are tunnels whatever their port says, and errors quote packets.
        ["Inner"] = (seen, _) => seen.AnyInner ? new(true, "in a tunnel") : AtMost(seen.AnyIpv4 || seen.AnyIpv6),
        // The rule alone knows where.
        ["InnerAt"] = (_, _) => AtMost(before: true),
    };

    /// <summary>The layers that there is something to say about.</summary>
    public static IEnumerable<string> Names => s_layers.Keys;

    private NeighborLedger Neighbors => bridge.Neighbors!;

    private bool OnEthernet => bridge.Left.LinkType == LinkType.Ethernet || bridge.Right.LinkType == LinkType.Ethernet;

    private bool AnyIpv4 => AnyFlow((in FlowSnapshot flow) => flow.Key.Family == FlowFamily.Ipv4);

    private bool AnyIpv6 => AnyFlow((in FlowSnapshot flow) => flow.Key.Family == FlowFamily.Ipv6);

    private bool AnyTeredo => AnyFlow((in FlowSnapshot flow) => flow.Key.Family == FlowFamily.Ipv4 && IsUdp(flow, TeredoPacket.Port));

    private bool AnyMpls => AnyOfType(EtherType.MplsUnicast) || AnyOfType(EtherType.MplsMulticast);

    private bool AnyVxlan => AnyUdp(VxlanHeader.Port) || AnyUdp(VxlanHeader.LinuxPort);

    private bool AnyInner => Any(IpProtocol.Ipv4) || Any(IpProtocol.Ipv6) || Any(IpProtocol.Gre) || AnyVxlan || AnyUdp(GeneveHeader.Port) || AnyTeredo
        || AnyMpls || AnyOfType(EtherType.PppoeSession);

    /// <summary>Whether a layer was there.</summary>
    /// <param name="layer">Such as Tcp.</param>
    /// <param name="argument">The script's argument before the view, such as a port; may be empty.</param>
    public SeenLayer Find(string layer, string argument) =>
        s_layers.TryGetValue(layer, out Func<SeenLayers, string, SeenLayer>? find) ? find(this, argument) : default;

    // A frame without what has to stand before it has none of it; of others nobody knows.
    private static SeenLayer AtMost(bool before) => new(before ? null : false);

    private SeenLayer Dns(string argument)
    {
        ushort port = DnsPort;
        bool isKnown = argument.Length == 0 || ushort.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out port);
        return isKnown ? new(AnyUdp(port), $"UDP port {port}") : AtMost(Any(IpProtocol.Udp));
    }

    private bool Any(IpProtocol protocol) =>
        AnyFlow((in FlowSnapshot flow) => flow.Key.Family != FlowFamily.Link && flow.Key.Protocol == protocol);

    private bool AnyOfType(EtherType type) => AnyFlow((in FlowSnapshot flow) => flow.Key.EtherType == type);

    private bool AnyUdp(ushort port) => AnyFlow((in FlowSnapshot flow) => IsUdp(flow, port));

    private static bool IsUdp(in FlowSnapshot flow, ushort port) =>
        flow.Key.Family != FlowFamily.Link && flow.Key.Protocol == IpProtocol.Udp && (flow.Source.Port == port || flow.Destination.Port == port);

    private bool AnyFlow(FlowFilter filter)
    {
        Span<FlowSnapshot> one = new FlowSnapshot[1];
        return flows.Read(one, FlowOrder.Recent, filter) > 0;
    }
}
