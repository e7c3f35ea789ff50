namespace Fluke6.Wire;

/// <summary>IPv4's protocol, IPv6's next header. IANA "Assigned Internet Protocol Numbers".</summary>
public enum IpProtocol : byte
{
    /// <summary>IPv6 hop-by-hop options. RFC 8200 §4.3.</summary>
    HopByHopOptions = 0,

    /// <summary>ICMP for IPv4. RFC 792.</summary>
    Icmpv4 = 1,

    /// <summary>Internet Group Management Protocol. RFC 3376.</summary>
    Igmp = 2,

    /// <summary>IPv4 in IP. RFC 2003.</summary>
    Ipv4 = 4,

    /// <summary>TCP. RFC 9293.</summary>
    Tcp = 6,

    /// <summary>UDP. RFC 768.</summary>
    Udp = 17,

    /// <summary>DCCP. RFC 4340.</summary>
    Dccp = 33,

    /// <summary>IPv6 in IP. RFC 2473.</summary>
    Ipv6 = 41,

    /// <summary>IPv6 routing header. RFC 8200 §4.4.</summary>
    Routing = 43,

    /// <summary>IPv6 fragment header. RFC 8200 §4.5.</summary>
    Fragment = 44,

    /// <summary>Generic routing encapsulation. RFC 2784.</summary>
    Gre = 47,

    /// <summary>Encapsulating security payload. RFC 4303.</summary>
    EncapsulatingSecurityPayload = 50,

    /// <summary>Authentication header. RFC 4302.</summary>
    AuthenticationHeader = 51,

    /// <summary>ICMP for IPv6. RFC 4443.</summary>
    Icmpv6 = 58,

    /// <summary>Nothing follows. RFC 8200 §4.7.</summary>
    NoNextHeader = 59,

    /// <summary>IPv6 destination options. RFC 8200 §4.6.</summary>
    DestinationOptions = 60,

    /// <summary>OSPF. RFC 2328, RFC 5340.</summary>
    Ospf = 89,

    /// <summary>PIM. RFC 7761.</summary>
    Pim = 103,

    /// <summary>VRRP. RFC 9568.</summary>
    Vrrp = 112,

    /// <summary>SCTP. RFC 9260.</summary>
    Sctp = 132,

    /// <summary>Mobility header. RFC 6275 §6.1.</summary>
    Mobility = 135,

    /// <summary>UDP-Lite. RFC 3828.</summary>
    UdpLite = 136,

    /// <summary>An MPLS label stack in IP. RFC 4023 §3.</summary>
    Mpls = 137,

    /// <summary>Host identity protocol. RFC 7401.</summary>
    HostIdentity = 139,

    /// <summary>Shim6. RFC 5533.</summary>
    Shim6 = 140,
}
