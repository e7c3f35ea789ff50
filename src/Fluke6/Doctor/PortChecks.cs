using Fluke6.Linux;
using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>Whether the ports can be opened, each by itself.</summary>
internal static class PortChecks
{
    private static readonly Version s_leastKernel = new(4, 20), s_fastPathKernel = new(6, 6);

    public static IReadOnlyList<Check> All { get; } =
    [
        new("rights", "whether this user may open the ports", Rights),
        new("tun-device", "whether TAP and TUN interfaces can be made", TunDevice),
        new("packet-sockets", "whether the kernel has packet sockets", PacketSockets),
        new("kernel", "whether the kernel is new enough", Kernel),
        new("namespace", "whether the ports' network namespaces are there", Namespace),
        new("missing", "whether the interfaces are there", Missing),
        new("ethernet", "whether their links are Ethernet", Ethernet),
        new("down", "whether they are up", Down),
        new("carrier", "whether there is a signal on the wire", Carrier),
        new("dormant", "whether the link waits for something, such as an authentication", Dormant),
        new("wireless", "whether an interface is a radio", Wireless),
    ];

    private static readonly (Capabilities Right, string Name)[] s_rights =
    [
        (Capabilities.PacketSockets, "CAP_NET_RAW"), (Capabilities.NetworkAdministration, "CAP_NET_ADMIN"),
            (Capabilities.SystemAdministration, "CAP_SYS_ADMIN"),
    ];

    private static IEnumerable<Finding> Rights(Examination about)
    {
        Capabilities needed = about.Ports.Aggregate(Capabilities.None, (all, port) => all
            | (port.Specification.Kind is PortKind.Packet or PortKind.Veth ? Capabilities.PacketSockets : Capabilities.None)
            | (port.Specification.Kind is PortKind.Packet ? Capabilities.None : Capabilities.NetworkAdministration)
            | (port.Specification.NetworkNamespace is null ? Capabilities.None : Capabilities.SystemAdministration));
        string missing = string.Join(", ", s_rights.Where(right => (needed & ~about.Machine.Rights).HasFlag(right.Right)).Select(right =>
            right.Name));
        if (missing.Length > 0)
        {
            yield return new(Severity.Serious, $"this user lacks {missing}", "the ports cannot be opened",
                $"sudo fluke6 bridge {about.Left.Specification} {about.Right.Specification}");
        }
    }

    private static IEnumerable<Finding> TunDevice(Examination about)
    {
        if (!about.Machine.HasTunDevice && about.Ports.Any(port => port.Specification.Kind is PortKind.Tap or PortKind.Tun))
        {
            yield return new(Severity.Serious, "there is no /dev/net/tun",
                "TAP and TUN interfaces cannot be made; a container needs it handed over, as with --device /dev/net/tun", "modprobe tun");
        }
    }

    private static IEnumerable<Finding> PacketSockets(Examination about)
    {
        if (!about.Machine.HasPacketSockets && about.Ports.Any(port => port.Specification.Kind is PortKind.Packet or PortKind.Veth))
            yield return new(Severity.Serious, "the kernel has no packet sockets", "interfaces that exist cannot be bridged",
                "modprobe af_packet");
    }

    private static IEnumerable<Finding> Kernel(Examination about)
    {
        Version version = about.Machine.Kernel;
        if (version < s_leastKernel)
            yield return new(Severity.Serious, $"the kernel is Linux {version}", $"Fluke6 needs Linux {s_leastKernel} or later",
                "uname -r");
        else if (version < s_fastPathKernel)
            yield return new(Severity.Note, $"the kernel is Linux {version}", $"there is no fast path before Linux {s_fastPathKernel}",
                "uname -r");
    }

    private static IEnumerable<Finding> Namespace(Examination about)
    {
        foreach (ExaminedPort port in about.Ports)
        {
            if (port.Trouble is { IsPermission: true } refused)
                yield return new(Severity.Serious, refused.Message, "the port cannot be opened, nor looked at",
                    $"sudo fluke6 doctor {about.Left.Specification} {about.Right.Specification}");
            else if (port.Trouble is { } trouble)
                yield return new(Severity.Serious, trouble.Message, "the port cannot be opened", $"ip netns add {port.Network.Name}");
            else if (port.Specification is { Kind: PortKind.Veth, NetworkNamespace: { } host } && HostTrouble(host) is { } atHost)
                yield return new(Severity.Serious, atHost, "the port cannot be made", $"ip netns add {host}");
        }
    }

    private static string? HostTrouble(string host)
    {
        try
        {
            _ = new NetworkFacts(host).Identity;
            return null;
        }
        catch (PortException exception)
        {
            return exception.Message;
        }
    }

    private static IEnumerable<Finding> Missing(Examination about) => about.Ports
        .Where(port => port is { Specification.Kind: PortKind.Packet, Trouble: null, Link: null })
        .Select(port => Finding.Of(Severity.Serious, PortTrouble.Missing(port.Name, port.Ip)));

    private static IEnumerable<Finding> Ethernet(Examination about) => about.Interfaces
        .Select(found => PortTrouble.NotEthernet(found.Link.Name, found.Link.HardwareType)).OfType<PortTrouble>()
        .Select(trouble => Finding.Of(Severity.Serious, trouble));

    // The bridge itself sets interfaces up that it makes.
    private static IEnumerable<Finding> Down(Examination about) => about.Interfaces.Where(found => !found.Link.IsUp)
        .Select(found => new Finding(Severity.Serious, $"{found.Link.Name} is down", "no frame passes it",
            $"{found.Port.Ip} link set {found.Link.Name} up"));

    private static IEnumerable<Finding> Carrier(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces.Where(found => found.Link is { IsUp: true, HasCarrier: false }))
        {
            LinkFacts? other = link.Kind == "veth" ? port.Network.Links.FirstOrDefault(candidate => candidate.Index == link.Parent) : null;
            yield return new(Severity.Serious, $"{link.Name} has no signal", other is null
                ? "no frame arrives: the cable, or the interface at the other end, is not there or is down"
                    : $"no frame arrives: the other end, {other.Name}, is down",
                other is null ? port.In($"ethtool {link.Name}") : $"{port.Ip} link set {other.Name} up");
        }
    }

    private static IEnumerable<Finding> Dormant(Examination about) => about.Interfaces
        .Where(found => found.Link is { IsUp: true, HasCarrier: true,
            State: OperationalState.Dormant or OperationalState.Testing or OperationalState.LowerLayerDown })
        .Select(found => new Finding(Severity.Warning, $"{found.Link.Name} is {found.Link.State.ToString().ToLowerInvariant()}, not up",
            "the kernel may send nothing by it until an authentication (IEEE 802.1X) or the interface below lets it",
            $"{found.Port.Ip} link set {found.Link.Name} mode default state up"));

    private static IEnumerable<Finding> Wireless(Examination about) => about.Interfaces.Where(found =>
        found.Port.Network.CardOf(found.Link).IsWireless)
        .Select(found => new Finding(Severity.Serious, $"{found.Link.Name} is a radio",
            "an access point takes and gives only frames with the card's own address: those of hosts on the other side are lost, unless "
                + "both ends use four addresses",
            found.Port.In($"iw dev {found.Link.Name} set 4addr on")));
}
