namespace Fluke6.Wire;

/// <summary>A TXT record. RFC 1035 §3.3.14.</summary>
/// <param name="name">The name that owns it.</param>
/// <param name="text">What it says; in UTF-8, and cut into strings of 255 octets where it is longer.</param>
/// <param name="ttl">How long it may be kept, in seconds.</param>
public readonly struct TxtRecordFields(DnsName name, string text, uint ttl)
{
    private readonly DnsRecordFields _record = new()
    {
        Name = name, Type = DnsType.Txt, Text = text, TimeToLive = ttl,
    };

    /// <summary>The record among others.</summary>
    public static implicit operator DnsRecordFields(TxtRecordFields fields) => fields._record;
}
