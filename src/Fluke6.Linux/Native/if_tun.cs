namespace Fluke6.Linux.Native;

/// <summary><c>linux/if_tun.h</c>: TUN and TAP devices.</summary>
internal static class IfTun
{
    public const int TUNSETIFF = 0x400454ca;
    public const int TUNSETOFFLOAD = 0x400454d0;
    public const int TUNGETIFF = unchecked((int)0x800454d2);
    public const int TUNSETVNETHDRSZ = 0x400454d8;

    public const short IFF_TUN = 0x0001;
    public const short IFF_TAP = 0x0002;
    public const short IFF_MULTI_QUEUE = 0x0100;
    public const short IFF_NO_PI = 0x1000;
    public const short IFF_VNET_HDR = 0x4000;

    public const int TUN_F_CSUM = 0x01;
    public const int TUN_F_TSO4 = 0x02;
    public const int TUN_F_TSO6 = 0x04;
    public const int TUN_F_TSO_ECN = 0x08;
    public const int TUN_F_USO4 = 0x20;
    public const int TUN_F_USO6 = 0x40;
}
