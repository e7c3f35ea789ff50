namespace Fluke6.Wire;

/// <summary>A CNAME record. RFC 1035 §3.3.1.</summary>
/// <param name="name">The name that owns it.</param>
/// <param name="target">The name that this one is an alias of.</param>
/// <param name="ttl">How long it may be kept, in seconds.</param>
public readonly struct CnameRecordFields(DnsName name, DnsName target, uint ttl)
{
    private readonly DnsRecordFields _record = new()
    {
        Name = name, Type = DnsType.Cname, Target = target, TimeToLive = ttl,
    };

    /// <summary>The record among others.</summary>
    public static implicit operator DnsRecordFields(CnameRecordFields fields) => fields._record;
}
