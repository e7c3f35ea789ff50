using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/netlink.h</c>, <c>linux/rtnetlink.h</c> and <c>linux/if_link.h</c>: asking for one link. rtnetlink(7).</summary>
internal static class RtNetlink
{
    public const int NETLINK_ROUTE = 0;

    public const ushort NLM_F_REQUEST = 1;
    public const ushort RTM_NEWLINK = 16;
    public const ushort RTM_GETLINK = 18;

    public const ushort IFLA_MASTER = 10;
    public const ushort IFLA_LINKINFO = 18;
    public const ushort IFLA_INFO_KIND = 1;
    public const ushort NLA_TYPE_MASK = 0x3FFF;
}

/// <summary><c>struct nlmsghdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nlmsghdr
{
    public uint nlmsg_len;
    public ushort nlmsg_type;
    public ushort nlmsg_flags;
    public uint nlmsg_seq;
    public uint nlmsg_pid;
}

/// <summary><c>struct ifinfomsg</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ifinfomsg
{
    public byte ifi_family;
    public byte __ifi_pad;
    public ushort ifi_type;
    public int ifi_index;
    public uint ifi_flags;
    public uint ifi_change;
}

/// <summary><c>struct rtattr</c>, padded to four octets each.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct rtattr
{
    public ushort rta_len;
    public ushort rta_type;
}
