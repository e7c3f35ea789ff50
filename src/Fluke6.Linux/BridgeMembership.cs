using Fluke6.Linux.Native;

namespace Fluke6.Linux;

/// <summary>
/// Finds the kernel bridge that an interface belongs to, by rtnetlink: /sys shows the namespace it was mounted in, not the one that the
/// calling thread is in. rtnetlink(7).
/// </summary>
internal static unsafe class BridgeMembership
{
    /// <summary>The number of the bridge; 0 if the interface belongs to none.</summary>
    /// <param name="index">An interface in the calling thread's network namespace.</param>
    public static int Of(int index)
    {
        using var kernel = new NetlinkSocket($"interface {index}");
        if (MasterOf(kernel, index) is not { } master)
            return 0;

        ReadOnlySpan<byte> information = NetlinkAttributes.Find(AttributesOf(kernel, master), RtNetlink.IFLA_LINKINFO);
        // A bond or a VRF has members too, and does not forward between them.
        return NetlinkAttributes.Text(information, RtNetlink.IFLA_INFO_KIND) == "bridge" ? master : 0;
    }

    /// <summary>Whether an interface is a member of another one: a bridge, a bond, a team, a VRF.</summary>
    /// <param name="index">An interface in the calling thread's network namespace.</param>
    public static bool HasMaster(int index)
    {
        using var kernel = new NetlinkSocket($"interface {index}");
        return MasterOf(kernel, index) is not null;
    }

    /// <summary>Whether tc(8) may have filters for what arrives at an interface: a clsact or ingress qdisc.</summary>
    /// <param name="index">An interface in the calling thread's network namespace.</param>
    public static bool HasIngressQdisc(int index) => Survey.Qdisc.All().Any(qdisc => qdisc.LinkIndex == index && qdisc.IsIngress);

    /// <summary>Whether an interface that takes frames for its own address stands above another: a macvlan, a macvtap, an ipvlan, an ipvtap.</summary>
    /// <param name="index">An interface in the calling thread's network namespace.</param>
    public static bool HasOneAbove(int index) => Survey.LinkFacts.All().Any(link => link.Parent == index
        && (link.Kind.StartsWith("macv", StringComparison.Ordinal) || link.Kind.StartsWith("ipv", StringComparison.Ordinal)));

    private static int? MasterOf(NetlinkSocket kernel, int index) => NetlinkAttributes.Number<int>(AttributesOf(kernel, index),
        RtNetlink.IFLA_MASTER);

    /// <summary>The attributes of a link; empty if it is gone.</summary>
    private static ReadOnlySpan<byte> AttributesOf(NetlinkSocket kernel, int index)
    {
        ReadOnlySpan<byte> answer = kernel.Ask(RtNetlink.RTM_GETLINK, new ifinfomsg { ifi_index = index });
        return answer.Length > sizeof(ifinfomsg) ? answer[sizeof(ifinfomsg)..] : default;
    }
}
