using Fluke6.Linux.Survey;

namespace Fluke6.Command.Doctor;

/// <summary>Whether a card or its driver hides frames, makes others of them, or has them cost more.</summary>
internal static class CardChecks
{
    public static IReadOnlyList<Check> All { get; } =
    [
        new("lro", "whether a card merges segments for good", about => With(about, "rx-lro", Severity.Serious, "merges TCP segments (LRO)",
            "what it merges cannot be cut up as it was: hosts get segments that nobody sent", "lro off")),
        new("gro-hw", "whether a card merges segments", about => With(about, "rx-gro-hw", Severity.Warning,
            "merges TCP segments by itself (GRO in hardware)",
            "rules see super-segments whose sizes the card chose", "rx-gro-hw off")),
        new("gro-list", "whether the kernel chains datagrams", about => With(about, "rx-gro-list", Severity.Serious,
            "chains segments and datagrams (rx-gro-list)",
            "the kernel does not hand such chains over to packet sockets: they are lost", "rx-gro-list off")),
        new("ntuple", "whether a card sorts frames by filters of its own", about => With(about, "rx-ntuple-filter", Severity.Note,
            "may have filters of its own (ntuple)",
            "frames that they drop never arrive; ethtool -n lists them", "ntuple off")),
        new("tc-offload", "whether a card carries out rules of tc by itself", about => With(about, "hw-tc-offload", Severity.Warning,
            "carries out rules of tc by itself (hw-tc-offload)",
            "frames that it forwards or drops never reach the kernel, nor Fluke6", "hw-tc-offload off")),
        new("vlan-filter", "whether a card passes only VLANs that were set up", about => With(about, "rx-vlan-filter", Severity.Note,
            "passes only VLANs that were set up here (rx-vlan-filter)",
            "not every card lets all VLANs pass while it is promiscuous: tagged frames may never arrive", "rx-vlan-filter off")),
        new("checksum", "whether the kernel has to complete checksums", Checksums),
        new("ring", "whether a card had no room for frames", Rings),
        new("promiscuity", "whether frames to other hosts arrive", Promiscuity),
        new("hypervisor", "whether a hypervisor keeps frames with other hosts' addresses away", Hypervisor),
    ];

    private static IEnumerable<Finding> With(Examination about, string feature, Severity severity, string does, string harm, string off) =>
        about.Interfaces.Where(found => found.Port.Network.CardOf(found.Link).Features.Contains(feature))
            .Select(found => new Finding(severity, $"{found.Link.Name} {does}", harm,
                found.Port.In($"ethtool -K {found.Link.Name} {off}")));

    private static IEnumerable<Finding> Checksums(Examination about) => about.Interfaces
        .Where(found => found.Port.Network.CardOf(found.Link).Features is { Count: > 0 } features
            && !features.Any(feature => feature is "tx-checksum-ip-generic" or "tx-checksum-ipv4" or "tx-checksum-ipv6"))
        .Select(found => new Finding(Severity.Note, $"{found.Link.Name} completes no checksums",
            "the kernel does, and cuts super-segments up: bulk transfers take more of the processor",
            found.Port.In($"ethtool -K {found.Link.Name} tx on sg on tso on")));

    private static IEnumerable<Finding> Rings(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces.Where(found => found.Link.Counters.Overruns > 0))
        {
            CardFacts card = port.Network.CardOf(link);
            yield return new(Severity.Note, $"{link.Name} had no room for {link.Counters.Overruns:N0} frames since it was set up",
                "its ring was full: nobody saw those frames; --watch tells whether there are more now", RingCommand(port, link, card));
        }
    }

    /// <summary>The command that gives a card more room.</summary>
    public static string RingCommand(ExaminedPort port, LinkFacts link, CardFacts card) =>
        port.In(card.LargestReceiveRing > card.ReceiveRing
        ? $"ethtool -G {link.Name} rx {card.LargestReceiveRing}" : $"ethtool -S {link.Name}");

    private static IEnumerable<Finding> Promiscuity(Examination about) => about.Interfaces
        .Where(found => found.Link.Promiscuity == 0 && found.Port.Network.HolderOf(found.Link) is not null)
        .Select(found => new Finding(Severity.Serious, $"{found.Link.Name} is bridged and not promiscuous",
            "only frames to this machine and to groups arrive there",
            $"{found.Port.Ip} link set {found.Link.Name} promisc on"));

    private static IEnumerable<Finding> Hypervisor(Examination about)
    {
        foreach ((ExaminedPort port, LinkFacts link) in about.Interfaces)
        {
            string driver = port.Network.CardOf(link).Driver;
            if (HostAdvice(driver) is { } known)
            {
                yield return new(driver is "virtio_net" ? Severity.Note : Severity.Warning, $"{link.Name} is a virtual card ({driver})",
                    known.Harm, known.Command);
            }
        }
    }

    /// <summary>The harm that the host of a virtual card may do to frames with other addresses, and the command for it there; null of other cards.</summary>
    public static (string Harm, string Command)? HostAdvice(string driver) => driver switch
    {
        "hv_netvsc" => ("Hyper-V drops frames from and to addresses that are not the adapter's; on its host",
            "Set-VMNetworkAdapter -VMName NAME -MacAddressSpoofing On"),
        "vmxnet3" => ("VMware drops frames from and to addresses that are not the adapter's; on its host",
            "esxcli network vswitch standard policy security set -v vSwitch0 --allow-promiscuous=true "
                + "--allow-forged-transmits=true --allow-mac-change=true"),
        "ena" or "gve" or "mana" => ("the cloud delivers only frames with addresses that it gave out: hosts have to be on this "
            + "machine, as with tap: and veth:", ""),
        "virtio_net" => ("libvirt's macvtap and OpenStack's port security drop frames from and to other addresses; on the host of "
            + "the latter",
            "openstack port set --no-security-group --disable-port-security PORT"),
        _ => null,
    };
}
