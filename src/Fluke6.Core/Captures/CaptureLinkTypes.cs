using Fluke6.Frames;

namespace Fluke6.Captures;

/// <summary>The link types of captures, by their numbers. draft-ietf-opsawg-pcaplinktype.</summary>
internal static class CaptureLinkTypes
{
    /// <summary>LINKTYPE_ETHERNET.</summary>
    public const ushort Ethernet = 1;

    /// <summary>LINKTYPE_RAW: an IPv4 or IPv6 packet.</summary>
    public const ushort Raw = 101;

    /// <summary>The header that frames of a link type begin with; false for one that Fluke6 has no frames for.</summary>
    public static bool TryFind(ushort number, out LinkType linkType)
    {
        // 12 and 14: DLT_RAW as some systems number it and wrote it into files. 228 and 229: IPv4 and IPv6 alone.
        linkType = number == Ethernet ? LinkType.Ethernet : LinkType.RawIp;
        return number is Ethernet or Raw or 12 or 14 or 228 or 229;
    }

    /// <summary>The number of a link type.</summary>
    public static ushort NumberOf(LinkType linkType) => linkType == LinkType.Ethernet ? Ethernet : Raw;

    /// <summary>A link type that is not replayed, in words.</summary>
    public static string Describe(ushort number) => number switch
    {
        0 or 108 => "a BSD loopback packet",
        9 or 50 or 51 => "a PPP frame",
        10 => "an FDDI frame",
        105 => "an 802.11 frame",
        113 => "a Linux cooked packet, as of tcpdump -i any (tcprewrite --dlt=enet makes Ethernet frames of them)",
        119 or 127 or 163 => "an 802.11 frame with radio information",
        147 => "of the private link type 147",
        189 or 220 => "a USB packet",
        276 => "a Linux cooked packet of version 2, as of tcpdump -i any (tcpdump -i NAME writes an interface's own frames)",
        _ => $"of link type {number}",
    };
}
