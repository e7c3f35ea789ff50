using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// Turns a DNS query to port 53 into a response that another server gave. The identifier becomes the query's, all else stays as that
    /// server wrote it. What the MTU has no room for is cut off behind the question, and TC set, so that the client asks over TCP. RFC 1035
    /// §4.1.1, RFC 2181 §9.
    /// </summary>
    /// <param name="response">The whole message, from its header on.</param>
    /// <returns>
    /// <see cref="Verdict.Continue"/>, the frame untouched, if this is no query from one host to one host, or the other no response that can be read.
    /// </returns>
    public readonly Verdict AnswerDns(scoped ReadOnlySpan<byte> response)
    {
        if (!TryGetDns(out DnsMessage query) || query.IsResponse
            || !TryGetUdp(out UdpHeader udp) || udp.DestinationPort != DnsPort
            || Layers.IsFragment || Layers.HasOtherAddresses || !SourceIsOneHost() || !DestinationIsOneHost())
        {
            return Verdict.Continue;
        }

        int limit = Math.Min(Mtu - (Layers.PayloadOffset - Layers.NetworkOffset), MaxDnsResponse);
        Span<byte> copy = stackalloc byte[MaxDnsResponse];
        int length = Math.Min(response.Length, limit);
        response[..length].CopyTo(copy);
        if (!DnsMessage.TryRead(copy[..length], out DnsMessage message) || !message.IsResponse)
            return Verdict.Continue;

        message.Id = query.Id;
        if (response.Length > limit)
        {
            DnsQuestions.Enumerator questions = message.Questions.GetEnumerator();
            while (questions.MoveNext())
            {
            }

            if (questions.IsMalformed)
                return Verdict.Continue;

            length = questions.End;
            message.Truncated = true;
            // No records: ANCOUNT, NSCOUNT, ARCOUNT.
            copy[6..DnsMessage.HeaderLength].Clear();
        }

        TurnQueryAround(copy[..length]);
        return Verdict.Reflect;
    }
}
