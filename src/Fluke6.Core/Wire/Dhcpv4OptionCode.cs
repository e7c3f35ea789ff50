namespace Fluke6.Wire;

/// <summary>Codes of DHCP options for IPv4. IANA "BOOTP Vendor Extensions and DHCP Options".</summary>
public enum Dhcpv4OptionCode : byte
{
    /// <summary>Nothing: fills up. RFC 2132 §3.1.</summary>
    Pad = 0,

    /// <summary>The mask of the client's network. RFC 2132 §3.3.</summary>
    SubnetMask = 1,

    /// <summary>Seconds from UTC. RFC 2132 §3.4.</summary>
    TimeOffset = 2,

    /// <summary>Routers, the preferred one first. RFC 2132 §3.5.</summary>
    Router = 3,

    /// <summary>Time servers. RFC 2132 §3.6.</summary>
    TimeServer = 4,

    /// <summary>Name servers of IEN 116, not DNS. RFC 2132 §3.7.</summary>
    NameServer = 5,

    /// <summary>DNS servers. RFC 2132 §3.8.</summary>
    DomainNameServer = 6,

    /// <summary>Log servers. RFC 2132 §3.9.</summary>
    LogServer = 7,

    /// <summary>The client's name. RFC 2132 §3.14.</summary>
    HostName = 12,

    /// <summary>The domain in which the client looks names up. RFC 2132 §3.17.</summary>
    DomainName = 15,

    /// <summary>The link's MTU. RFC 2132 §5.1.</summary>
    InterfaceMtu = 26,

    /// <summary>The broadcast address. RFC 2132 §5.3.</summary>
    BroadcastAddress = 28,

    /// <summary>NTP servers. RFC 2132 §8.3.</summary>
    NtpServer = 42,

    /// <summary>What vendors define. RFC 2132 §8.4.</summary>
    VendorInformation = 43,

    /// <summary>The address that the client asks for. RFC 2132 §9.1.</summary>
    RequestedAddress = 50,

    /// <summary>For how many seconds the address is the client's. RFC 2132 §9.2.</summary>
    LeaseTime = 51,

    /// <summary>Options go on in the fields of file and server name. RFC 2132 §9.3.</summary>
    Overload = 52,

    /// <summary>What the message says. RFC 2132 §9.6.</summary>
    MessageType = 53,

    /// <summary>The server's address: which offer is taken, who answers. RFC 2132 §9.7.</summary>
    ServerIdentifier = 54,

    /// <summary>The codes of the options that the client wants. RFC 2132 §9.8.</summary>
    ParameterRequestList = 55,

    /// <summary>Why not, for people. RFC 2132 §9.9.</summary>
    Message = 56,

    /// <summary>The longest message that the client takes. RFC 2132 §9.10.</summary>
    MaximumMessageSize = 57,

    /// <summary>T1: after how many seconds the client asks its server. RFC 2132 §9.11.</summary>
    RenewalTime = 58,

    /// <summary>T2: after how many seconds it asks any server. RFC 2132 §9.12.</summary>
    RebindingTime = 59,

    /// <summary>The client's maker and model. RFC 2132 §9.13.</summary>
    VendorClassIdentifier = 60,

    /// <summary>Who the client is, where it does not go by its link address. RFC 2132 §9.14.</summary>
    ClientIdentifier = 61,

    /// <summary>As the server name field. RFC 2132 §9.4.</summary>
    TftpServerName = 66,

    /// <summary>As the file field. RFC 2132 §9.5.</summary>
    BootFileName = 67,

    /// <summary>What kind of user the client has. RFC 3004 §4.</summary>
    UserClass = 77,

    /// <summary>Two messages instead of four. RFC 4039 §4.</summary>
    RapidCommit = 80,

    /// <summary>The client's name in DNS. RFC 4702 §2.</summary>
    ClientFqdn = 81,

    /// <summary>Added by a relay, and repeated by the server. RFC 3046 §2.0.</summary>
    RelayAgentInformation = 82,

    /// <summary>The kinds of machine that boot. RFC 4578 §2.1.</summary>
    ClientArchitecture = 93,

    /// <summary>The client may do without IPv4. RFC 8925 §3.1.</summary>
    Ipv6OnlyPreferred = 108,

    /// <summary>The URI of a portal's API. RFC 8910 §2.1.</summary>
    CaptivePortal = 114,

    /// <summary>Domains to look names up in. RFC 3397 §2.</summary>
    DomainSearch = 119,

    /// <summary>Routes. RFC 3442.</summary>
    ClasslessStaticRoute = 121,

    /// <summary>Nothing follows. RFC 2132 §3.2.</summary>
    End = 255,
}
