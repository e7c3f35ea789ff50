namespace Fluke6.Wire;

/// <summary>What a resource record holds, or a question asks for. RFC 1035 §3.2.2; IANA "Resource Record (RR) TYPEs".</summary>
public enum DnsType : ushort
{
    /// <summary>An IPv4 address. RFC 1035 §3.4.1.</summary>
    A = 1,

    /// <summary>A name server of the zone. RFC 1035 §3.3.11.</summary>
    Ns = 2,

    /// <summary>The canonical name of an alias. RFC 1035 §3.3.1.</summary>
    Cname = 5,

    /// <summary>The start of a zone of authority. RFC 1035 §3.3.13.</summary>
    Soa = 6,

    /// <summary>A pointer to another name, as in reverse look-ups. RFC 1035 §3.3.12.</summary>
    Ptr = 12,

    /// <summary>A mail exchange. RFC 1035 §3.3.9.</summary>
    Mx = 15,

    /// <summary>Text strings. RFC 1035 §3.3.14.</summary>
    Txt = 16,

    /// <summary>An IPv6 address. RFC 3596 §2.1.</summary>
    Aaaa = 28,

    /// <summary>The location of a service. RFC 2782.</summary>
    Srv = 33,

    /// <summary>The name that all below another one are aliases under. RFC 6672.</summary>
    Dname = 39,

    /// <summary>Not a record: what EDNS adds to the header. RFC 6891 §6.1.</summary>
    Opt = 41,

    /// <summary>How to reach a service. RFC 9460.</summary>
    Svcb = 64,

    /// <summary>How to reach a service over HTTP. RFC 9460.</summary>
    Https = 65,

    /// <summary>Asks for all records; in questions only. RFC 1035 §3.2.3.</summary>
    Any = 255,
}
