namespace Fluke6.Wire;

/// <summary>What a parameter of an SVCB or HTTPS record says. IANA "Service Parameter Keys (SvcParamKeys)".</summary>
public enum DnsServiceParameterKey : ushort
{
    /// <summary>Keys without which a client must not use the record. RFC 9460 §8.</summary>
    Mandatory = 0,

    /// <summary>Protocols on top of TLS or QUIC. RFC 9460 §7.1.</summary>
    Alpn = 1,

    /// <summary>The scheme's own protocol is not served. RFC 9460 §7.1.</summary>
    NoDefaultAlpn = 2,

    /// <summary>Another port than the scheme's. RFC 9460 §7.2.</summary>
    Port = 3,

    /// <summary>Addresses of IPv4. RFC 9460 §7.3.</summary>
    Ipv4Hint = 4,

    /// <summary>Encrypted ClientHello. RFC 9848.</summary>
    EncryptedClientHello = 5,

    /// <summary>Addresses of IPv6. RFC 9460 §7.3.</summary>
    Ipv6Hint = 6,

    /// <summary>The path of DNS over HTTPS. RFC 9461 §5.</summary>
    DohPath = 7,
}
