namespace Fluke6.Wire;

/// <summary>The part of a message that a record stands in, in the order of the message. RFC 1035 §4.1.</summary>
public enum DnsSection : byte
{
    /// <summary>Records that answer the question.</summary>
    Answer,

    /// <summary>Records that point towards an authority.</summary>
    Authority,

    /// <summary>Records that may help, such as addresses of name servers; EDNS too.</summary>
    Additional,
}
