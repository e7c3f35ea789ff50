namespace Fluke6.Linux.Native;

/// <summary><c>linux/if_ether.h</c>.</summary>
internal static class IfEther
{
    public const int ETH_ALEN = 6;
    public const int ETH_HLEN = 14;

    public const ushort ETH_P_ALL = 0x0003;
}
