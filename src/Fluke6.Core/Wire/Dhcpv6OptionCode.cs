namespace Fluke6.Wire;

/// <summary>Codes of DHCP options for IPv6. IANA "DHCPv6 Option Codes".</summary>
public enum Dhcpv6OptionCode : ushort
{
    /// <summary>No option.</summary>
    None = 0,

    /// <summary>The client's DUID. RFC 8415 §21.2.</summary>
    ClientIdentifier = 1,

    /// <summary>The server's DUID. RFC 8415 §21.3.</summary>
    ServerIdentifier = 2,

    /// <summary>IA_NA: addresses of one interface. RFC 8415 §21.4.</summary>
    IdentityAssociation = 3,

    /// <summary>IA_TA: temporary addresses. RFC 8415 §21.5.</summary>
    TemporaryAssociation = 4,

    /// <summary>IAADDR: an address, inside an association. RFC 8415 §21.6.</summary>
    Address = 5,

    /// <summary>The codes of the options that the client wants. RFC 8415 §21.7.</summary>
    OptionRequest = 6,

    /// <summary>How much a server is preferred to others. RFC 8415 §21.8.</summary>
    Preference = 7,

    /// <summary>For how many hundredths of a second the client has tried. RFC 8415 §21.9.</summary>
    ElapsedTime = 8,

    /// <summary>The message that a relay hands on. RFC 8415 §21.10.</summary>
    RelayMessage = 9,

    /// <summary>Proves who sent it. RFC 8415 §21.11.</summary>
    Authentication = 11,

    /// <summary>The address at which the server may be asked directly. RFC 8415 §21.12.</summary>
    ServerUnicast = 12,

    /// <summary>How it went. RFC 8415 §21.13.</summary>
    StatusCode = 13,

    /// <summary>Two messages instead of four. RFC 8415 §21.14.</summary>
    RapidCommit = 14,

    /// <summary>What kind of user the client has. RFC 8415 §21.15.</summary>
    UserClass = 15,

    /// <summary>The client's maker and model. RFC 8415 §21.16.</summary>
    VendorClass = 16,

    /// <summary>What vendors define. RFC 8415 §21.17.</summary>
    VendorInformation = 17,

    /// <summary>Where the relay has the client, repeated by the server. RFC 8415 §21.18.</summary>
    InterfaceIdentifier = 18,

    /// <summary>What the client is to ask. RFC 8415 §21.19.</summary>
    ReconfigureMessage = 19,

    /// <summary>The client takes such messages. RFC 8415 §21.20.</summary>
    ReconfigureAccept = 20,

    /// <summary>DNS servers. RFC 3646 §3.</summary>
    DnsServers = 23,

    /// <summary>Domains to look names up in. RFC 3646 §4.</summary>
    DomainSearch = 24,

    /// <summary>IA_PD: prefixes for the client's own networks. RFC 8415 §21.21.</summary>
    PrefixDelegation = 25,

    /// <summary>IAPREFIX: a prefix, inside a delegation. RFC 8415 §21.22.</summary>
    Prefix = 26,

    /// <summary>For how many seconds what is no address holds. RFC 8415 §21.23.</summary>
    InformationRefreshTime = 32,

    /// <summary>Added by a relay. RFC 4649 §3.</summary>
    RemoteIdentifier = 37,

    /// <summary>The client's name in DNS. RFC 4704 §4.</summary>
    ClientFqdn = 39,

    /// <summary>NTP servers. RFC 5908 §4.</summary>
    NtpServer = 56,

    /// <summary>What to boot. RFC 5970 §3.1.</summary>
    BootFileUrl = 59,

    /// <summary>Added by a relay. RFC 6939 §4.</summary>
    ClientLinkLayerAddress = 79,

    /// <summary>SOL_MAX_RT, in seconds. RFC 8415 §21.24.</summary>
    SolicitMaxTimeout = 82,

    /// <summary>INF_MAX_RT, in seconds. RFC 8415 §21.25.</summary>
    InformationMaxTimeout = 83,

    /// <summary>The URI of a portal's API. RFC 8910 §2.2.</summary>
    CaptivePortal = 103,
}
