namespace Fluke6.Frames;

/// <summary>Which headers' fields of a frame are wanted.</summary>
[Flags]
internal enum FrameSections
{
    /// <summary>Ethernet and VLAN tags.</summary>
    Link = 1,

    /// <summary>ARP or IP, with extension headers.</summary>
    Network = 2,

    /// <summary>TCP, UDP or ICMP.</summary>
    Transport = 4,

    /// <summary>Lengths and checksums of these, too.</summary>
    Derived = 8,

    /// <summary>Every header's, and no lengths and checksums.</summary>
    All = Link | Network | Transport,
}
