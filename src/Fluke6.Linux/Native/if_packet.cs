using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/if_packet.h</c>, what Tmds.LibC lacks of it. packet(7).</summary>
internal static class IfPacket
{
    public const uint TP_STATUS_VLAN_VALID = 1 << 4;
    public const uint TP_STATUS_VLAN_TPID_VALID = 1 << 6;
}

/// <summary><c>struct tpacket_auxdata</c>: what a packet socket knows of a frame beside its octets.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct tpacket_auxdata
{
    public uint tp_status;
    public uint tp_len;
    public uint tp_snaplen;
    public ushort tp_mac;
    public ushort tp_net;
    public ushort tp_vlan_tci;
    public ushort tp_vlan_tpid;
}

/// <summary><c>struct tpacket_stats</c>: reading it sets it back to zero.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct tpacket_stats
{
    public uint tp_packets;
    public uint tp_drops;
}
