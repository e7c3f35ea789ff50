namespace Fluke6.Wire;

/// <summary>What a DHCP message for IPv4 says. RFC 2132 §9.6.</summary>
public enum Dhcpv4MessageType : byte
{
    /// <summary>No DHCP message, but one of BOOTP: there is no such option.</summary>
    None = 0,

    /// <summary>A client looks for servers. RFC 2131 §3.1.</summary>
    Discover = 1,

    /// <summary>A server offers an address.</summary>
    Offer = 2,

    /// <summary>A client takes an offer, or asks whether it may keep its address.</summary>
    Request = 3,

    /// <summary>A client found out that another host has the address.</summary>
    Decline = 4,

    /// <summary>A server gives the address.</summary>
    Ack = 5,

    /// <summary>A server says no.</summary>
    Nak = 6,

    /// <summary>A client gives its address back.</summary>
    Release = 7,

    /// <summary>A client that has an address asks for all else.</summary>
    Inform = 8,

    /// <summary>A server wants a client to renew. RFC 3203 §2.</summary>
    ForceRenew = 9,
}
