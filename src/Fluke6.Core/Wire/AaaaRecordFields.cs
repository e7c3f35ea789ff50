namespace Fluke6.Wire;

/// <summary>An AAAA record. RFC 3596 §2.1.</summary>
/// <param name="name">The name that owns it.</param>
/// <param name="address">The name's address.</param>
/// <param name="ttl">How long it may be kept, in seconds.</param>
public readonly struct AaaaRecordFields(DnsName name, Ipv6Address address, uint ttl)
{
    private readonly DnsRecordFields _record = new()
    {
        Name = name, Type = DnsType.Aaaa, Address = address, TimeToLive = ttl,
    };

    /// <summary>The record among others.</summary>
    public static implicit operator DnsRecordFields(AaaaRecordFields fields) => fields._record;
}
