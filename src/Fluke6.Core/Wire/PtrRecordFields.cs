namespace Fluke6.Wire;

/// <summary>A PTR record. RFC 1035 §3.3.12.</summary>
/// <param name="name">The name that owns it.</param>
/// <param name="target">The name pointed to; for an address, its host's. <see cref="DnsName.Reverse(Ipv6Address)"/> makes the owner's.</param>
/// <param name="ttl">How long it may be kept, in seconds.</param>
public readonly struct PtrRecordFields(DnsName name, DnsName target, uint ttl)
{
    private readonly DnsRecordFields _record = new()
    {
        Name = name, Type = DnsType.Ptr, Target = target, TimeToLive = ttl,
    };

    /// <summary>The record among others.</summary>
    public static implicit operator DnsRecordFields(PtrRecordFields fields) => fields._record;
}
