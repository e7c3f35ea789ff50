namespace Fluke6.Wire;

/// <summary>What kind of query a message is, 4 bits. RFC 1035 §4.1.1; IANA "DNS OpCodes".</summary>
public enum DnsOpcode : byte
{
    /// <summary>A standard query.</summary>
    Query = 0,

    /// <summary>A server status request.</summary>
    Status = 2,

    /// <summary>A zone has changed. RFC 1996.</summary>
    Notify = 4,

    /// <summary>A dynamic update. RFC 2136.</summary>
    Update = 5,
}
