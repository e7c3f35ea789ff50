using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>DNS messages in UDP. RFC 1035 §4. (A query is answered by <c>frame.Answer</c>.)</summary>
public static class PacketDnsExtensions
{
    /// <summary>The longest message that is made, in octets.</summary>
    private const int MaxMessage = 4096;

    /// <summary>A query with one question in class Internet.</summary>
    /// <param name="packet">A packet that ends in a UDP header.</param>
    /// <param name="name">The name asked for.</param>
    /// <param name="type">The type of records asked for.</param>
    /// <param name="id">What the response repeats; 0 in multicast DNS. RFC 6762 §18.1.</param>
    /// <param name="recursionDesired">RD: the server is to ask others.</param>
    public static Packet DnsQuery(this Packet<UdpFields> packet, DnsName name, DnsType type, ushort id = 0, bool recursionDesired = true)
    {
        Span<byte> octets = stackalloc byte[DnsMessage.HeaderLength + DnsName.MaxLength + DnsQuestion.FieldsLength];
        var writer = new DnsWriter(octets);
        writer.WriteHeader(id, DnsRcode.NoError);
        writer.TryWrite(name, type);
        DnsMessage.TryRead(octets[..writer.Length], out DnsMessage message);
        message.RecursionDesired = recursionDesired;
        return packet.Payload(message.Octets);
    }

    /// <summary>A response that nobody asked for, without a question: what multicast DNS announces. RFC 6762 §6, §8.3.</summary>
    /// <param name="packet">A packet that ends in a UDP header.</param>
    /// <param name="answers">The records.</param>
    /// <exception cref="InvalidOperationException">They do not fit 4,096 octets.</exception>
    public static Packet DnsAnnouncement(this Packet<UdpFields> packet, params ReadOnlySpan<DnsRecordFields> answers)
    {
        Span<byte> octets = stackalloc byte[MaxMessage];
        var writer = new DnsWriter(octets);
        writer.WriteHeader(id: 0, DnsRcode.NoError);
        foreach (ref readonly DnsRecordFields record in answers)
        {
            if (!writer.TryWrite(record, DnsSection.Answer))
                throw new InvalidOperationException($"The records do not fit {MaxMessage} bytes.");
        }

        DnsMessage.TryRead(octets[..writer.Length], out DnsMessage message);
        (message.IsResponse, message.AuthoritativeAnswer) = (true, true);
        return packet.Payload(message.Octets);
    }
}
