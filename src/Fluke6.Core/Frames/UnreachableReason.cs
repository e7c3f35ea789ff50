namespace Fluke6.Frames;

/// <summary>Why a packet is not delivered, in the words that ICMP has over IPv4 and IPv6 alike. RFC 792, RFC 1812 §5.2.7.1, RFC 4443 §3.1.</summary>
public enum UnreachableReason : byte
{
    /// <summary>No route leads there: code 0 of both.</summary>
    NoRoute,

    /// <summary>The host does not answer: host unreachable, code 1; over IPv6 address unreachable, code 3.</summary>
    Host,

    /// <summary>Nobody listens at the port: code 3; over IPv6 code 4.</summary>
    Port,

    /// <summary>A filter forbids it: communication administratively prohibited, code 13; over IPv6 code 1.</summary>
    Prohibited,
}
