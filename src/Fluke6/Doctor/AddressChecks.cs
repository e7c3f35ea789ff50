using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>Whether this machine itself is a host at the ports: it then speaks and answers there past the rules. Of interfaces that were
/// there before.</summary>
internal static class AddressChecks
{
    private const int AcceptsAlsoAsRouter = 2, Strict = 1;

    public static IReadOnlyList<Check> All { get; } =
    [
        new("address", "whether this machine has IP addresses at a port", Addresses),
        new("subnet", "whether it has addresses of one subnet at both", Subnets),
        new("route", "whether its own traffic leaves by a port", Routes),
        new("arp", "whether it answers ARP at a port for addresses of others of its interfaces", Arp),
        new("rp-filter", "whether it drops packets whose way back is another", ReversePath),
        new("ipv6", "whether it takes part in IPv6 at a port", Ipv6),
        new("autoconf", "whether it configures itself from router advertisements that pass", Autoconf),
    ];

    private static IEnumerable<Finding> Addresses(Examination about) =>
        from found in about.Interfaces
        from address in AddressesOf(found.Port, found.Link)
        select new Finding(Severity.Warning, $"this machine has {address.Address}/{address.Network.PrefixLength} at {found.Link.Name}",
            "it is one more host there: it answers by itself, and what it sends and gets does not pass the rules",
            $"{found.Port.Ip} address delete {address.Address}/{address.Network.PrefixLength} dev {found.Link.Name}");

    private static IEnumerable<Finding> Subnets(Examination about)
    {
        if (about.Pair is not { } pair || pair.Left.Index == pair.Right.Index)
            return [];

        return from left in AddressesOf(about.Left, pair.Left)
               from right in AddressesOf(about.Right, pair.Right)
               where AddressFacts.Overlap(left.Network, right.Network)
               select new Finding(Severity.Serious, $"{pair.Left.Name} and {pair.Right.Name} have addresses of one subnet, {left.Network} "
                   + $"and {right.Network}",
                   "this machine finds hosts of that subnet on one side only, and answers ARP for both addresses on both",
                   $"{about.Right.Ip} address delete {right.Address}/{right.Network.PrefixLength} dev {pair.Right.Name}");
    }

    private static IEnumerable<Finding> Routes(Examination about) =>
        from found in about.Interfaces
        from route in found.Port.Network.Routes
        where route.LinkIndex == found.Link.Index && (route.HasGateway || route.IsDefault)
        select new Finding(Severity.Warning, $"this machine's route to {route.Network} leads by {found.Link.Name}",
            "its own traffic uses the port, past the rules; a rule that keeps its router from it cuts it off",
            $"{found.Port.Ip} route delete {route.Network} dev {found.Link.Name}");

    // arp_ignore=0: an address of any interface is answered for at any.
    private static IEnumerable<Finding> Arp(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces)
        {
            AddressFacts? elsewhere = about.Interfaces.Where(other => other.Link.Index != link.Index
                && other.Port.Network.Identity == port.Network.Identity)
                .SelectMany(other => AddressesOf(other.Port, other.Link)).FirstOrDefault(address => !address.IsIpv6);
            bool ignores = Math.Max(port.Network.Setting("net/ipv4/conf/all/arp_ignore") ?? 0,
                port.Network.Setting($"net/ipv4/conf/{link.Name}/arp_ignore") ?? 0) > 0;
            if (elsewhere is not null && !ignores)
            {
                yield return new(Severity.Warning, $"this machine answers ARP at {link.Name} for {elsewhere.Address}, which is the other "
                    + $"port's (arp_ignore=0)",
                    "hosts on both sides get two answers", port.Set($"net/ipv4/conf/{link.Name}/arp_ignore=1"));
            }
        }
    }

    private static IEnumerable<Finding> ReversePath(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces.Where(found => AddressesOf(found.Port, found.Link).Any(address =>
            !address.IsIpv6)))
        {
            string[] settings = ["net/ipv4/conf/all/rp_filter", $"net/ipv4/conf/{link.Name}/rp_filter"];
            string[] strict = [.. settings.Where(setting => port.Network.Setting(setting) == Strict)];
            // The greater of both is in force.
            if (strict.Length > 0 && settings.Max(port.Network.Setting) == Strict)
            {
                yield return new(Severity.Note, $"this machine drops what arrives at {link.Name} from addresses whose way back is another "
                    + $"({string.Join(", ", strict.Select(setting => $"{setting}=1"))})",
                    "a test from this machine may fail though the bridge passes its frames", port.Set(strict.Select(setting =>
                        $"{setting}=2")));
            }
        }
    }

    private static IEnumerable<Finding> Ipv6(Examination about) =>
        from found in about.Interfaces
        where !found.Link.IsLoopback && found.Port.Network.Addresses.Any(address => address.LinkIndex == found.Link.Index
            && address is { IsIpv6: true, IsLinkLocal: true })
        select new Finding(Severity.Note, $"this machine takes part in IPv6 at {found.Link.Name}",
            "it reports groups, looks for routers and answers ff02::1 there, in frames of its own",
            NoIpv6(found.Port, found.Link));

    private static IEnumerable<Finding> Autoconf(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces.Where(found => !found.Link.IsLoopback))
        {
            int? Setting(string name) => port.Network.Setting($"net/ipv6/conf/{link.Name}/{name}");
            bool accepts = Setting("accept_ra") == AcceptsAlsoAsRouter || Setting("accept_ra") == 1 && Setting("forwarding") != 1;
            if (accepts && Setting("disable_ipv6") == 0)
            {
                yield return new(Severity.Note, $"this machine takes addresses and routes from router advertisements at {link.Name} "
                    + $"(accept_ra)",
                    "it becomes a host of the network under test, by prefixes that rules may have made up",
                        port.Set($"net/ipv6/conf/{link.Name}/accept_ra=0"));
            }
        }
    }

    private static string NoIpv6(ExaminedPort port, LinkFacts link) => port.Set($"net/ipv6/conf/{link.Name}/disable_ipv6=1");

    private static IEnumerable<AddressFacts> AddressesOf(ExaminedPort port, LinkFacts link) =>
        port.Network.Addresses.Where(address => address.LinkIndex == link.Index && !address.IsLinkLocal);
}
