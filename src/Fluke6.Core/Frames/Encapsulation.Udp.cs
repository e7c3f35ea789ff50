using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

// What UDP carries is told by the destination port, and by what it looks like where a port says nothing.
internal readonly partial record struct Encapsulation
{
    /// <summary>The UDP port that MPLS is sent to. RFC 7510 §3.</summary>
    private const ushort MplsPort = 6635;

    /// <summary>Ethernet frames are padded to this, without the frame check sequence. IEEE 802.3 §4A.4.2.</summary>
    private const int MinEthernetFrame = 60;

    /// <summary>
    /// Whether a datagram is VXLAN: by its port, 4789 or the 8472 that Linux took before there was a number; or on any other port because the
    /// header has the I flag and else only zeros, and behind it stands an Ethernet frame, from one host, with an ARP, IPv4 or IPv6 packet in
    /// it that is whole and fills it.
    /// </summary>
    /// <param name="payload">The datagram's data.</param>
    /// <param name="destinationPort">Where it goes to.</param>
    public static bool IsVxlan(ReadOnlySpan<byte> payload, ushort destinationPort) =>
        destinationPort is VxlanHeader.Port or VxlanHeader.LinuxPort || LooksLikeVxlan(payload);

    private static bool LooksLikeVxlan(ReadOnlySpan<byte> payload)
    {
        const uint flags = 0x0800_0000;
        const byte groupAddress = 1;
        if (payload.Length < VxlanHeader.Length + EthernetHeader.Length || ReadUInt32BigEndian(payload) != flags || payload[7] != 0)
            return false;

        ReadOnlySpan<byte> frame = payload[VxlanHeader.Length..];
        LayerWalk.Walk(frame, LinkType.Ethernet, out Layers layers);
        return (frame[MacAddress.Length] & groupAddress) == 0
            && layers.Network != EtherType.None && layers.AreUnderstood
            && (layers.NetworkEnd == frame.Length || frame.Length <= MinEthernetFrame);
    }

    private static bool TryFindInUdp(Span<byte> datagram, in Layers layers, out Encapsulation found)
    {
        Span<byte> payload = datagram[layers.PayloadOffset..];
        ushort sourcePort = ReadUInt16BigEndian(datagram[layers.TransportOffset..]);
        ushort destinationPort = ReadUInt16BigEndian(datagram[(layers.TransportOffset + 2)..]);
        found = s_unreadable;
        switch (destinationPort)
        {
            case GeneveHeader.Port:
                return TryFindInGeneve(datagram, layers.PayloadOffset, out found);
            case MplsPort:
                return TryFindBehindLabels(datagram, layers.PayloadOffset, out found);
        }

        if (IsVxlan(payload, destinationPort))
        {
            if (!VxlanHeader.TryRead(payload, out _) || payload.Length < VxlanHeader.Length + EthernetHeader.Length)
                return false;

            found = new Encapsulation(layers.PayloadOffset + VxlanHeader.Length, datagram.Length, LinkType.Ethernet);
            return true;
        }

        found = default;
        bool isServerPort = sourcePort == TeredoPacket.Port || destinationPort == TeredoPacket.Port;
        if (layers.Network != EtherType.Ipv4)
            return false;

        if (!TeredoPacket.TryRead(payload, out TeredoPacket teredo, isServerPort))
        {
            found = isServerPort ? s_unreadable : default;
            return false;
        }

        found = new Encapsulation(layers.PayloadOffset + teredo.HeaderLength, datagram.Length, LinkType.RawIp);
        return true;
    }

    private static bool TryFindInGeneve(Span<byte> datagram, int offset, out Encapsulation found)
    {
        found = s_unreadable;
        if (!GeneveHeader.TryRead(datagram[offset..], out GeneveHeader geneve))
            return false;

        // RFC 8926 §3.4: what a control packet holds is for the tunnel's end alone.
        if (geneve.IsControl)
        {
            found = default;
            return false;
        }

        return TryFindByType(datagram, offset + geneve.HeaderLength, geneve.ProtocolType, out found);
    }
}
