namespace Fluke6.Wire;

/// <summary>What a DHCP message for IPv6 says. RFC 8415 §7.3.</summary>
public enum Dhcpv6MessageType : byte
{
    /// <summary>No message.</summary>
    None = 0,

    /// <summary>A client looks for servers.</summary>
    Solicit = 1,

    /// <summary>A server offers.</summary>
    Advertise = 2,

    /// <summary>A client takes an offer.</summary>
    Request = 3,

    /// <summary>A client asks whether its addresses still fit the link.</summary>
    Confirm = 4,

    /// <summary>A client asks its server to extend lifetimes.</summary>
    Renew = 5,

    /// <summary>A client asks any server to.</summary>
    Rebind = 6,

    /// <summary>A server answers.</summary>
    Reply = 7,

    /// <summary>A client gives addresses back.</summary>
    Release = 8,

    /// <summary>A client found out that another host has an address.</summary>
    Decline = 9,

    /// <summary>A server wants a client to ask again.</summary>
    Reconfigure = 10,

    /// <summary>A client that needs no address asks for all else.</summary>
    InformationRequest = 11,

    /// <summary>A relay hands a message on to servers.</summary>
    RelayForward = 12,

    /// <summary>A server hands a relay the message for a client.</summary>
    RelayReply = 13,
}
