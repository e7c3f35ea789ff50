namespace Fluke6.Wire;

/// <summary>How a request went. RFC 8415 §21.13.</summary>
public enum Dhcpv6StatusCode : ushort
{
    /// <summary>Well; also where there is no such option.</summary>
    Success = 0,

    /// <summary>Not, for another reason.</summary>
    UnspecifiedFailure = 1,

    /// <summary>There is no address to give.</summary>
    NoAddressesAvailable = 2,

    /// <summary>The server knows of no such lease.</summary>
    NoBinding = 3,

    /// <summary>The address does not fit the link.</summary>
    NotOnLink = 4,

    /// <summary>The client must not ask directly.</summary>
    UseMulticast = 5,

    /// <summary>There is no prefix to give.</summary>
    NoPrefixAvailable = 6,
}
