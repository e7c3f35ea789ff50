namespace Fluke6.Wire;

/// <summary>An A record. RFC 1035 §3.4.1.</summary>
/// <param name="name">The name that owns it.</param>
/// <param name="address">The name's address.</param>
/// <param name="ttl">How long it may be kept, in seconds.</param>
public readonly struct ARecordFields(DnsName name, Ipv4Address address, uint ttl)
{
    private readonly DnsRecordFields _record = new()
    {
        Name = name, Type = DnsType.A, Address = new Ipv6Address(0, address.Value), TimeToLive = ttl,
    };

    /// <summary>The record among others.</summary>
    public static implicit operator DnsRecordFields(ARecordFields fields) => fields._record;
}
