using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>The longest response that is made, in octets: what servers commonly sent at most. RFC 6891 §6.2.5.</summary>
    private const int MaxDnsResponse = 4096;

    /// <summary>The longest response where EDNS does not say more, in octets. RFC 1035 §4.2.1.</summary>
    private const int MinDnsLimit = 512;

    /// <summary>Turns a DNS query to port 53 into an authoritative response with these answers. RFC 1035 §4.1.</summary>
    /// <param name="answers">Records for the answer section.</param>
    /// <returns><see cref="Verdict.Continue"/>, the frame untouched, if this is no well-formed query, with one question, from one host to one host.</returns>
    public readonly Verdict Answer(params ReadOnlySpan<DnsRecordFields> answers) => Answer(new DnsAnswer { Answers = answers });

    /// <summary>
    /// Turns a DNS query into its response. Identifier, question, opcode, RD and CD are repeated (RFC 1035 §4.1.1, RFC 4035 §3.2.2). What
    /// does not fit the querier's UDP size or the MTU is left out, and TC set if that is more than additional records (RFC 2181 §9). Hop
    /// limit and time to live are 64, traffic class and flow label 0, IPv6 extension headers go; a UDP checksum that was wrong stays as
    /// wrong.
    /// </summary>
    /// <returns><see cref="Verdict.Continue"/>, the frame untouched, if this is no well-formed query, with one question, from one host to one host.</returns>
    public readonly Verdict Answer(scoped in DnsAnswer answer)
    {
        if (!TryGetDns(answer.Port, out DnsMessage query)
            || query.IsResponse || query.Opcode != DnsOpcode.Query || query.IsMalformed
            || !query.TryGetQuestion(out DnsQuestion question)
            || !TryGetUdp(out UdpHeader udp) || udp.DestinationPort != answer.Port
            || HasFixedLength || Layers.HasOtherAddresses || !SourceIsOneHost() || !DestinationIsOneHost())
        {
            return Verdict.Continue;
        }

        bool speaksEdns = query.TryGetEdns(out DnsEdns edns) && answer.SpeaksEdns;
        int limit = speaksEdns ? Math.Max((int)edns.UdpPayloadSize, MinDnsLimit) : MinDnsLimit;
        limit = Math.Min(Math.Min(limit, MaxDnsResponse), Mtu - (Layers.PayloadOffset - Layers.NetworkOffset));
        if (limit < query.Octets.Length)
            limit = Math.Min(query.Octets.Length, MaxDnsResponse);

        Span<byte> response = stackalloc byte[MaxDnsResponse];
        int length = WriteResponse(response[..limit], query, question, speaksEdns, edns, answer);
        if (length == 0)
            return Verdict.Continue;

        TurnQueryAround(response[..length]);
        return Verdict.Reflect;
    }

    private static int WriteResponse(
        Span<byte> response, DnsMessage query, DnsQuestion question, bool speaksEdns, DnsEdns edns, scoped in DnsAnswer answer)
    {
        Span<byte> options = stackalloc byte[4 + 4 + Ipv6Address.Length];
        options = options[..(speaksEdns ? WriteSubnet(options, edns, answer.ClientSubnetScope) : 0)];
        bool isBadVersion = speaksEdns && edns.Version != 0;
        DnsRcode rcode = isBadVersion ? DnsRcode.BadVersion : answer.Rcode;

        // OPT comes last and must have its place whatever is left out.
        int reserved = speaksEdns ? DnsWriter.EdnsLength + options.Length : 0;
        var writer = new DnsWriter(response);
        if (!writer.TryWrite(question) || writer.Length + reserved > response.Length)
            return 0;

        writer.Reserve(reserved);
        bool isTruncated = !isBadVersion && !(
            TryWriteAll(ref writer, answer.Answers, DnsSection.Answer)
            && TryWriteAll(ref writer, answer.Authorities, DnsSection.Authority));
        if (!isTruncated && !isBadVersion)
            TryWriteAll(ref writer, answer.Additionals, DnsSection.Additional);

        writer.Reserve(0);
        if (speaksEdns)
            writer.TryWriteEdns(answer.UdpPayloadSize, rcode, edns.DnssecOk, options);

        writer.WriteHeader(query.Id, rcode);
        DnsMessage.TryRead(response[..writer.Length], out DnsMessage message);
        message.IsResponse = true;
        message.AuthoritativeAnswer = answer.AuthoritativeAnswer && !isBadVersion;
        message.Truncated = isTruncated;
        message.RecursionDesired = query.RecursionDesired;
        message.RecursionAvailable = answer.RecursionAvailable;
        message.CheckingDisabled = query.CheckingDisabled;
        return writer.Length;
    }

    private static bool TryWriteAll(ref DnsWriter writer, ReadOnlySpan<DnsRecordFields> records, DnsSection section)
    {
        foreach (ref readonly DnsRecordFields record in records)
        {
            if (!writer.TryWrite(record, section))
                return false;
        }

        return true;
    }

    /// <summary>Repeats the client's subnet as an option with a scope. RFC 7871 §7.2.1.</summary>
    private static int WriteSubnet(Span<byte> option, DnsEdns edns, byte? scope)
    {
        if (scope is not { } bits || !edns.TryGetClientSubnet(out DnsClientSubnet subnet))
            return 0;

        return subnet.WriteAnswer(option, bits);
    }

    private readonly void TurnQueryAround(scoped ReadOnlySpan<byte> response)
    {
        _buffer.BeforeWholeEdit();
        Mirror();
        if (TryGetIpv4(out Ipv4Header ipv4))
        {
            ipv4.TimeToLive = DefaultHopLimit;
        }
        else if (TryGetIpv6(out Ipv6Header ipv6))
        {
            ipv6.TrafficClass = 0;
            ipv6.FlowLabel = 0;
            ipv6.HopLimit = DefaultHopLimit;
            RemoveExtensionHeaders(Layers.TransportOffset, IpProtocol.Udp, nameof(Answer));
        }

        ReplacePayload(response, nameof(Answer));
    }
}
