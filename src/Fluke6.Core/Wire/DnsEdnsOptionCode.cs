namespace Fluke6.Wire;

/// <summary>What an EDNS option is. IANA "DNS EDNS0 Option Codes (OPT)".</summary>
public enum DnsEdnsOptionCode : ushort
{
    /// <summary>Which server answered. RFC 5001.</summary>
    NameServerIdentifier = 3,

    /// <summary>The network that the client is in. RFC 7871.</summary>
    ClientSubnet = 8,

    /// <summary>Protects against off-path attackers. RFC 7873.</summary>
    Cookie = 10,

    /// <summary>How long a TCP connection may stay idle. RFC 7828.</summary>
    TcpKeepalive = 11,

    /// <summary>Hides the message's length. RFC 7830.</summary>
    Padding = 12,

    /// <summary>Says more about an error. RFC 8914.</summary>
    ExtendedDnsError = 15,
}
