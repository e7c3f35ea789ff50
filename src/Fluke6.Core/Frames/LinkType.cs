namespace Fluke6.Frames;

/// <summary>The kind of header that a frame begins with.</summary>
public enum LinkType : byte
{
    /// <summary>An Ethernet header (TAP, packet sockets). LINKTYPE_ETHERNET, 1.</summary>
    Ethernet,

    /// <summary>An IPv4 or IPv6 header (TUN). LINKTYPE_RAW, 101.</summary>
    RawIp,
}
