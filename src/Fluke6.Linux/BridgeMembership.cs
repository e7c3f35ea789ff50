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

    /// <summary>The interface that another is a member of: a bridge, a bond, a team, a VRF; null if there is none.</summary>
    /// <param name="kernel">Asked.</param>
    /// <param name="index">The member.</param>
    public static int? MasterOf(NetlinkSocket kernel, int index) => NetlinkAttributes.Number<int>(AttributesOf(kernel, index),
        RtNetlink.IFLA_MASTER);

    /// <summary>The attributes of a link; empty if it is gone.</summary>
    private static ReadOnlySpan<byte> AttributesOf(NetlinkSocket kernel, int index)
    {
        ReadOnlySpan<byte> answer = kernel.Ask(RtNetlink.RTM_GETLINK, new ifinfomsg { ifi_index = index });
        return answer.Length > sizeof(ifinfomsg) ? answer[sizeof(ifinfomsg)..] : default;
    }
}
