namespace Fluke6.Wire;

/// <summary>How a query went: 4 bits of the header, 8 more in EDNS. RFC 1035 §4.1.1, RFC 6891 §6.1.3; IANA "DNS RCODEs".</summary>
public enum DnsRcode : ushort
{
    /// <summary>No error; no answers then mean that the name has none of the type asked for. RFC 2308 §2.2.</summary>
    NoError = 0,

    /// <summary>The server could not interpret the query.</summary>
    FormatError = 1,

    /// <summary>The server could not process the query.</summary>
    ServerFailure = 2,

    /// <summary>NXDOMAIN: the name does not exist. RFC 2308 §2.1.</summary>
    NameError = 3,

    /// <summary>The server does not support this kind of query.</summary>
    NotImplemented = 4,

    /// <summary>The server refuses for reasons of policy.</summary>
    Refused = 5,

    /// <summary>An EDNS version that the server does not implement; fits only where EDNS is spoken. RFC 6891 §6.1.3.</summary>
    BadVersion = 16,
}
