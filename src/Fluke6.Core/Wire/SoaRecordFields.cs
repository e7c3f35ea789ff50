namespace Fluke6.Wire;

/// <summary>An SOA record; among the authorities of an answer it says how long an absence may be remembered. RFC 1035 §3.3.13, RFC 2308.</summary>
/// <param name="name">The zone.</param>
/// <param name="primaryServer">Its primary server.</param>
/// <param name="mailbox">The mailbox of whoever is responsible, its first label before the @.</param>
/// <param name="serial">The zone's version.</param>
/// <param name="minimum">How long an absence may be remembered, in seconds.</param>
/// <param name="ttl">How long the record may be kept, in seconds.</param>
public readonly struct SoaRecordFields(DnsName name, DnsName primaryServer, DnsName mailbox, uint serial, uint minimum, uint ttl)
{
    private readonly DnsRecordFields _record = new()
    {
        Name = name,
        Type = DnsType.Soa,
        Target = primaryServer,
        Mailbox = mailbox,
        Timers = new SoaTimers(serial, Refresh: 3600, Retry: 900, Expire: 604800, minimum),
        TimeToLive = ttl,
    };

    /// <summary>The record among others.</summary>
    public static implicit operator DnsRecordFields(SoaRecordFields fields) => fields._record;
}

/// <summary>The numbers of an SOA record, in the order of the wire.</summary>
internal readonly record struct SoaTimers(uint Serial, uint Refresh, uint Retry, uint Expire, uint Minimum);
