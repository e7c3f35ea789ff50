namespace Fluke6.Wire;

/// <summary>What a response says, apart from what it repeats of its query. RFC 1035 §4.1.</summary>
public readonly ref struct DnsAnswer
{
    /// <summary>An authoritative answer without records.</summary>
    public DnsAnswer()
    {
    }

    /// <summary>How the query went.</summary>
    public DnsRcode Rcode { get; init; }

    /// <summary>AA: the server is an authority for the name.</summary>
    public bool AuthoritativeAnswer { get; init; } = true;

    /// <summary>RA: the server asks others on request.</summary>
    public bool RecursionAvailable { get; init; }

    /// <summary>The answer section.</summary>
    public ReadOnlySpan<DnsRecordFields> Answers { get; init; }

    /// <summary>The authority section: an SOA where there is no answer (RFC 2308 §2), name servers in a referral.</summary>
    public ReadOnlySpan<DnsRecordFields> Authorities { get; init; }

    /// <summary>The additional section: addresses of name servers. Those that do not fit are left out. RFC 2181 §9.</summary>
    public ReadOnlySpan<DnsRecordFields> Additionals { get; init; }

    /// <summary>Whether a query that speaks EDNS gets EDNS back, as RFC 6891 §6.1.1 has it; false is a server that never heard of it.</summary>
    public bool SpeaksEdns { get; init; } = true;

    /// <summary>The largest query that the server can take over UDP, in octets, told in EDNS. RFC 9715 §3.</summary>
    public ushort UdpPayloadSize { get; init; } = 1232;

    /// <summary>
    /// For how many bits of the client's subnet the answer holds: repeats the subnet of a query that tells one. Null leaves it out.
    /// RFC 7871 §7.2.1.
    /// </summary>
    public byte? ClientSubnetScope { get; init; }

    /// <summary>The port that queries are sent to.</summary>
    public ushort Port { get; init; } = 53;
}
