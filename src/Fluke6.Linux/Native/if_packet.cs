using System.Runtime.InteropServices;

namespace Fluke6.Linux.Native;

/// <summary><c>linux/if_packet.h</c>, what Tmds.LibC lacks of it. packet(7).</summary>
internal static class IfPacket
{
    public const int PACKET_VERSION = 10;
    public const int PACKET_TX_RING = 13;
    public const int TPACKET_V2 = 1;

    /// <summary>Where a frame stands in a slot to send from: <c>TPACKET2_HDRLEN - sizeof(struct sockaddr_ll)</c>.</summary>
    public const int TPACKET2_DATA = 32;

    public const uint TP_STATUS_AVAILABLE = 0;
    public const uint TP_STATUS_SEND_REQUEST = 1;
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

/// <summary><c>struct tpacket_req</c>: the memory that a packet socket shares.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct tpacket_req
{
    public uint tp_block_size;
    public uint tp_block_nr;
    public uint tp_frame_size;
    public uint tp_frame_nr;
}

/// <summary><c>struct tpacket2_hdr</c>: what stands before a frame in that memory.</summary>
[StructLayout(LayoutKind.Sequential, Size = 32)]
internal struct tpacket2_hdr
{
    public uint tp_status;
    public uint tp_len;
}
