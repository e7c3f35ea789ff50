using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/if.h</c>.</summary>
internal static class If
{
    public const int IFNAMSIZ = 16;

    public const int IFF_UP = 0x1;
    public const int IFF_NOARP = 0x80;
    public const int IFF_PROMISC = 0x100;
}

/// <summary><c>struct ifreq</c>: an interface's name and one thing asked or told of it. netdevice(7).</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal unsafe struct ifreq
{
    [FieldOffset(0)]
    public fixed byte ifr_name[If.IFNAMSIZ];

    [FieldOffset(16)]
    public short ifr_flags;

    [FieldOffset(16)]
    public int ifr_ifindex;

    [FieldOffset(16)]
    public int ifr_mtu;

    /// <summary><c>ifr_hwaddr.sa_family</c>.</summary>
    [FieldOffset(16)]
    public ushort ifr_hwaddr_family;

    [FieldOffset(16)]
    public void* ifr_data;
}
