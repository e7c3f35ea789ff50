namespace Fluke6.Wire;

/// <summary>What a PPP frame carries. IANA "PPP Numbers".</summary>
public enum PppProtocol : ushort
{
    /// <summary>An IPv4 packet. RFC 1332 §2.</summary>
    Ipv4 = 0x0021,

    /// <summary>An IPv6 packet. RFC 5072 §2.</summary>
    Ipv6 = 0x0057,

    /// <summary>IPCP, which sets IPv4 up. RFC 1332.</summary>
    Ipv4Control = 0x8021,

    /// <summary>IPV6CP, which sets IPv6 up. RFC 5072.</summary>
    Ipv6Control = 0x8057,

    /// <summary>LCP, which sets the link up. RFC 1661.</summary>
    LinkControl = 0xC021,

    /// <summary>PAP: a name and a password. RFC 1334.</summary>
    PasswordAuthentication = 0xC023,

    /// <summary>CHAP: a challenge and its answer. RFC 1994.</summary>
    ChallengeHandshake = 0xC223,
}
