namespace Fluke6.Wire;

/// <summary>
/// A record of any type, to put into an answer in class Internet. RFC 1035 §3.2.1. Each of the types that have fields of their own, such
/// as <see cref="AaaaRecordFields"/>, becomes one by itself.
/// </summary>
public readonly record struct DnsRecordFields
{
    /// <summary>A record whose data is given as it stands on the wire.</summary>
    /// <param name="name">The name that owns it.</param>
    /// <param name="type">Its type.</param>
    /// <param name="data">Its data, uncompressed, up to 65,535 octets; it is not looked at.</param>
    /// <param name="ttl">How long it may be kept, in seconds.</param>
    public DnsRecordFields(DnsName name, DnsType type, ReadOnlyMemory<byte> data, uint ttl)
    {
        Name = name;
        Type = type;
        Data = data;
        TimeToLive = ttl;
    }

    /// <summary>The name that owns the record.</summary>
    public DnsName Name { get; internal init; }

    /// <summary>What the data is.</summary>
    public DnsType Type { get; internal init; }

    /// <summary>How long the record may be kept, in seconds.</summary>
    public uint TimeToLive { get; internal init; }

    internal ReadOnlyMemory<byte> Data { get; init; }

    /// <summary>AAAA's address; A's is in its last octets.</summary>
    internal Ipv6Address Address { get; init; }

    /// <summary>NS, CNAME, PTR; SOA's primary server.</summary>
    internal DnsName Target { get; init; }

    internal DnsName Mailbox { get; init; }

    internal SoaTimers Timers { get; init; }

    internal string? Text { get; init; }
}
