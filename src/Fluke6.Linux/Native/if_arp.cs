namespace Fluke6.Linux.Native;

/// <summary><c>linux/if_arp.h</c>: kinds of link.</summary>
internal static class IfArp
{
    public const ushort ARPHRD_ETHER = 1;
    public const ushort ARPHRD_LOOPBACK = 772;
}
