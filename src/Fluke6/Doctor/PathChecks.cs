using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>Programs of others on the way of frames into and out of an interface.</summary>
internal static class PathChecks
{
    private const string SeenAfter = "what they drop is bridged all the same, what they redirect goes out twice, and there is no fast path";
    private const string SeenBeforeWire = "they see, and may drop or change, what Fluke6 sends";

    public static IReadOnlyList<Check> All { get; } =
    [
        new("qdisc", "whether a queueing discipline delays, limits or drops what is sent", Disciplines),
        new("tc", "whether tc has filters at an interface", Filters),
        new("tcx", "whether programs are attached to an interface by tcx", Programs),
        new("xdp", "whether an XDP program sees frames first", Xdp) { IsAtStart = true },
        new("nftables", "whether nft has chains at an interface", Chains),
    ];

    private static IEnumerable<Finding> Disciplines(Examination about) =>
        from found in about.Links
        from qdisc in found.Port.Network.Qdiscs
        where qdisc.LinkIndex == found.Link.Index && qdisc.ActsOnFrames
        select new Finding(Severity.Warning, $"{found.Link.Name} has the queueing discipline {qdisc.Kind}",
            "it may delay, limit, reorder or drop what leaves there, which then looks like the rules' doing",
                $"{found.Port.Tc} qdisc delete dev {found.Link.Name} root");

    private static IEnumerable<Finding> Filters(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Links)
        {
            if (port.Network.Qdiscs.FirstOrDefault(qdisc => qdisc.LinkIndex == link.Index && qdisc.IsIngress) is not { } place)
                continue;

            int arriving = port.Network.CountFilters(link, arriving: true);
            int leaving = place.Kind == "clsact" ? port.Network.CountFilters(link, arriving: false) : 0;
            string command = $"{port.Tc} qdisc delete dev {link.Name} {place.Kind}";
            if (arriving > 0)
                yield return new(Severity.Warning, $"tc has filters for what arrives at {link.Name}",
                    $"Fluke6 takes frames before them: {SeenAfter}", command);
            if (leaving > 0)
                yield return new(Severity.Warning, $"tc has filters for what leaves by {link.Name}", SeenBeforeWire, command);
            if (arriving + leaving == 0)
                yield return new(Severity.Note, $"{link.Name} has a {place.Kind} qdisc without filters", "there is no fast path", command);
        }
    }

    private static IEnumerable<Finding> Programs(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Links)
        {
            // One each way are those of the Fluke6 that bridges it.
            int own = port.Network.HolderOf(link) is null ? 0 : 1;
            string command = port.In($"bpftool net show dev {link.Name}");
            if (port.Network.CountPrograms(link, arriving: true) > own)
                yield return new(Severity.Warning, $"programs see what arrives at {link.Name} (tcx)",
                    $"Fluke6 takes frames before them: {SeenAfter}", command);
            if (port.Network.CountPrograms(link, arriving: false) > own)
                yield return new(Severity.Warning, $"programs see what leaves by {link.Name} (tcx)", SeenBeforeWire, command);
        }
    }

    private static IEnumerable<Finding> Xdp(Examination about) => about.Links.Where(found => found.Link.Xdp != XdpMode.None)
        .Select(found => new Finding(Severity.Warning, $"an XDP program is attached to {found.Link.Name}",
            "it has each frame before Fluke6: what it drops or redirects never arrives",
            $"{found.Port.Ip} link set dev {found.Link.Name} {(found.Link.Xdp == XdpMode.Generic ? "xdpgeneric" : "xdp")} off"));

    private static IEnumerable<Finding> Chains(Examination about) =>
        from found in about.Links
        from hook in found.Port.Network.Hooks
        where hook.Links.Contains(found.Link.Name)
        select new Finding(Severity.Warning, $"nft has a chain for what {(hook.IsArriving ? "arrives at" : "leaves by")} "
            + $"{found.Link.Name}: {hook.Family} {hook.Table} {hook.Chain}",
            hook.IsArriving ? "Fluke6 takes frames before it: what it drops is bridged all the same"
                : "it sees, and may drop, what Fluke6 sends",
            found.Port.In($"nft delete chain {hook.Family} {hook.Table} {hook.Chain}"));
}
