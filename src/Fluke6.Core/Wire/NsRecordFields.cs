namespace Fluke6.Wire;

/// <summary>An NS record. RFC 1035 §3.3.11.</summary>
/// <param name="name">The name that owns it.</param>
/// <param name="target">A name server of the zone.</param>
/// <param name="ttl">How long it may be kept, in seconds.</param>
public readonly struct NsRecordFields(DnsName name, DnsName target, uint ttl)
{
    private readonly DnsRecordFields _record = new()
    {
        Name = name, Type = DnsType.Ns, Target = target, TimeToLive = ttl,
    };

    /// <summary>The record among others.</summary>
    public static implicit operator DnsRecordFields(NsRecordFields fields) => fields._record;
}
