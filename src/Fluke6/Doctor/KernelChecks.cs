using Fluke6.Linux;
using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>Whether the kernel itself forwards or answers between the two, so that frames cross twice or past the rules.</summary>
internal static class KernelChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("same-bridge", "whether both are members of one kernel bridge", SameBridge),
        new("member", "whether one is a member of a bridge, a bond, a team or a VRF", Member),
        new("spanning-tree", "whether a kernel bridge keeps one from forwarding", SpanningTree),
        new("bridge-netfilter", "whether iptables sees what a kernel bridge forwards", BridgeNetfilter),
        new("forwarding", "whether the kernel forwards packets between the two", Forwarding) { IsAtStart = true },
        new("proxy", "whether the kernel answers ARP or neighbour solicitations for others", Proxy) { IsAtStart = true },
    ];

    private static readonly (string Family, string Setting, bool IsIpv6)[] s_families = [("IPv4", "net/ipv4/conf/{0}/forwarding", false),
        ("IPv6", "net/ipv6/conf/all/forwarding", true)];

    private static readonly string[] s_bridgeSettings =
        ["net/bridge/bridge-nf-call-iptables", "net/bridge/bridge-nf-call-ip6tables", "net/bridge/bridge-nf-call-arptables"];

    private static IEnumerable<Finding> SameBridge(Examination about)
    {
        if (BridgeOfBoth(about) is not null)
            yield return Finding.Of(Severity.Serious, PortTrouble.OneBridge(about.Names, about.Right.Ip, about.Right.Link!.Name));
    }

    private static IEnumerable<Finding> Member(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces.Where(found => found.Link.Master != 0
            && found.Link.Master != BridgeOfBoth(about)))
        {
            string master = port.Network.Links.FirstOrDefault(other => other.Index == link.Master)?.Name ?? "another interface";
            string command = $"{port.Ip} link set {link.Name} nomaster";
            yield return link.MasterKind switch
            {
                "bridge" => new(Severity.Warning, $"{link.Name} is a member of the kernel bridge {master}",
                    $"that forwards its frames to the other members, beside Fluke6 and past the rules, and there is no fast path", command),
                "bond" or "team" => new(Severity.Serious, $"{link.Name} is a member of {master}, a {link.MasterKind}",
                    $"what Fluke6 sends goes past {master}, and what arrives by the other members is not seen: bridge {master} itself, or "
                        + $"take {link.Name} out", command),
                var kind => new(Severity.Note, $"{link.Name} is a member of {master}{(kind.Length > 0 ? $", a {kind}" : "")}",
                    "there is no fast path", command),
            };
        }
    }

    private static IEnumerable<Finding> SpanningTree(Examination about) => about.Interfaces
        .Where(found => found.Link is { MasterKind: "bridge", IsUp: true, BridgeState: not BridgePortState.Forwarding })
        .Select(found => new Finding(Severity.Warning, $"{found.Link.Name} is {found.Link.BridgeState.ToString().ToLowerInvariant()} in "
            + $"its kernel bridge",
            "that bridge keeps its hosts from those behind this port, though Fluke6 does not",
            $"{found.Port.Ip} link set {found.Link.Name} nomaster"));

    private static IEnumerable<Finding> BridgeNetfilter(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces.Where(found => found.Link.MasterKind == "bridge"))
        {
            string[] on = [.. s_bridgeSettings.Where(setting => port.Network.Setting(setting) == 1)];
            if (on.Length > 0)
            {
                yield return new(Severity.Note, $"{string.Join(", ", on.Select(setting => $"{setting.Split('/')[^1]}=1"))}, and "
                    + $"{link.Name} is a member of a kernel bridge",
                    "iptables and connection tracking see, and may drop, what that bridge forwards", port.Set(on.Select(setting =>
                        $"{setting}=0")));
            }
        }
    }

    // Frames to this host's own addresses are bridged, too: what the kernel forwards crosses a second time.
    private static IEnumerable<Finding> Forwarding(Examination about)
    {
        if (about.Pair is not { } pair || pair.Left.Index == pair.Right.Index)
            yield break;

        foreach ((string family, string setting, bool isIpv6) in s_families)
        {
            string[] on = [.. ((LinkFacts[])[pair.Left, pair.Right]).Select(link => string.Format(null, setting, link.Name)).Distinct()
                .Where(name => about.Left.Network.Setting(name) == 1)];
            if (on.Length > 0 && IsReached(about.Left.Network, pair.Left, isIpv6) && IsReached(about.Left.Network, pair.Right, isIpv6))
            {
                yield return new(Severity.Serious, $"the kernel forwards {family} between {pair.Left.Name} and {pair.Right.Name} "
                    + $"({string.Join(", ", on.Select(name => $"{name}=1"))}, and both have addresses or routes)",
                    "what hosts send to this machine's address there crosses twice, once past the rules", about.Left.Set(on.Select(name =>
                        $"{name}=0")));
            }
        }
    }

    private static bool IsReached(NetworkFacts network, LinkFacts link, bool isIpv6) =>
        network.Addresses.Any(address => address.LinkIndex == link.Index && address.IsIpv6 == isIpv6 && !address.IsLinkLocal)
        || network.Routes.Any(route => route.LinkIndex == link.Index && route.HasGateway
            && route.Network.BaseAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 == isIpv6);

    private static IEnumerable<Finding> Proxy(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces)
        {
            foreach ((string what, string name, bool matters) in ((string, string, bool)[])[
                ("ARP", "net/ipv4/conf/{0}/proxy_arp", port.Network.Setting($"net/ipv4/conf/{link.Name}/forwarding") == 1),
                ("neighbour solicitations", "net/ipv6/conf/{0}/proxy_ndp", true)])
            {
                string[] on = [.. ((string[])["all", link.Name]).Select(part => string.Format(null, name, part)).Where(setting =>
                    port.Network.Setting(setting) == 1)];
                if (matters && on.Length > 0)
                {
                    yield return new(Severity.Warning, $"the kernel answers {what} for others at {link.Name} "
                        + $"({string.Join(", ", on.Select(setting => $"{setting}=1"))})",
                        "hosts get two answers, and send to this machine what is meant for a host on the other side",
                            port.Set(on.Select(setting => $"{setting}=0")));
                }
            }
        }
    }

    private static int? BridgeOfBoth(Examination about) => about.Pair is { Left: { MasterKind: "bridge" } left, Right: { } right }
        && left.Index != right.Index && left.Master == right.Master ? left.Master : null;
}
