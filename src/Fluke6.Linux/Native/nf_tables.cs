using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/netfilter/nfnetlink.h</c> and <c>linux/netfilter/nf_tables.h</c>: asking for chains.</summary>
internal static class NfTables
{
    public const int NETLINK_NETFILTER = 12;

    /// <summary><c>NFNL_SUBSYS_NFTABLES &lt;&lt; 8 | NFT_MSG_GETCHAIN</c>.</summary>
    public const ushort NFT_MSG_GETCHAIN = 10 << 8 | 4;

    public const byte NFPROTO_UNSPEC = 0;
    public const byte NFPROTO_INET = 1;
    public const byte NFPROTO_NETDEV = 5;

    public const ushort NFTA_CHAIN_TABLE = 1;
    public const ushort NFTA_CHAIN_NAME = 3;
    public const ushort NFTA_CHAIN_HOOK = 4;
    public const ushort NFTA_HOOK_HOOKNUM = 1;
    public const ushort NFTA_HOOK_DEV = 3;
    public const ushort NFTA_HOOK_DEVS = 4;
    public const ushort NFTA_DEVICE_NAME = 1;

    public const uint NF_NETDEV_INGRESS = 0;
    public const uint NF_NETDEV_EGRESS = 1;
    public const uint NF_INET_INGRESS = 5;
}

/// <summary><c>struct nfgenmsg</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nfgenmsg
{
    public byte nfgen_family;
    public byte version;
    public ushort res_id;
}
