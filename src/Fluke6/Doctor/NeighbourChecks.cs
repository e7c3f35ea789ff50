using Fluke6.Linux;
using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>Other programs and interfaces that use a port.</summary>
internal static class NeighbourChecks
{
    private static readonly string[] s_kindsOnTop = ["vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec"];

    public static IReadOnlyList<Check> All { get; } =
    [
        new("packet-socket", "whether other programs see and send frames at a port", Sockets),
        new("manager", "whether a program manages an interface", Manager),
        new("on-top", "whether other interfaces stand on a port", OnTop),
    ];

    private static IEnumerable<Finding> Sockets(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Links)
        {
            int? holder = port.Network.HolderOf(link);
            foreach (PacketSocketFacts socket in port.Network.PacketSockets.Where(socket => socket.Protocol != 0
                && (socket.LinkIndex == link.Index || socket.LinkIndex == 0)))
            {
                IReadOnlyList<(int Process, string Name)> owners = socket.Owners();
                // The bridge has its own, as has a program that it started, until that is one.
                if (owners.Any(owner => owner.Process == holder) || holder == 0 && owners.Count == 0)
                    continue;

                yield return owners.Count == 0
                    ? new(Severity.Note, $"a program in another container has a packet socket at {link.Name}",
                        "it gets a copy of each frame, and what it sends does not pass the rules", port.In("ss -0 -p"))
                    : new(Severity.Note, $"{owners[0].Name} (pid {owners[0].Process}) has a packet socket at {link.Name}",
                        "it gets a copy of each frame, and what it sends does not pass the rules", $"kill {owners[0].Process}");
            }
        }
    }

    // Both know the interfaces of the first namespace only.
    private static IEnumerable<Finding> Manager(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces.Where(found => found.Port.Network.Name is null))
        {
            if (Says(Path.Combine(about.RunFolder, "NetworkManager/devices", $"{link.Index}"), "managed=true"))
                yield return Managed("NetworkManager", link, $"nmcli device set {link.Name} managed no");
            if (Says(Path.Combine(about.RunFolder, "systemd/netif/links", $"{link.Index}"), "ADMIN_STATE=configur"))
            {
                yield return Managed("systemd-networkd", link,
                    $"printf '[Match]\\nName={link.Name}\\n[Link]\\nUnmanaged=yes\\n' > /etc/systemd/network/05-{link.Name}.network && "
                        + $"networkctl reload");
            }
        }
    }

    private static Finding Managed(string program, LinkFacts link, string command) =>
        new(Severity.Warning, $"{program} manages {link.Name}", "it may set it down, give it addresses and change its MTU while it is "
            + "bridged", command);

    private static bool Says(string path, string word)
    {
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Contains(word, StringComparison.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static IEnumerable<Finding> OnTop(Examination about) =>
        from found in about.Links
        from other in found.Port.Network.Links
        where other.Parent == found.Link.Index && s_kindsOnTop.Contains(other.Kind)
        select new Finding(Severity.Warning, $"{other.Name}, a {other.Kind}, stands on {found.Link.Name}",
            "frames for it are bridged as well, and what it sends does not pass the rules", $"{found.Port.Ip} link delete {other.Name}");
}
