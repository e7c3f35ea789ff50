// Rewrite the addresses in answers that pass: who asks for a name is sent elsewhere. RFC 3596 §2.2; aliases, RFC 1034 §3.6.2; hints in
// HTTPS records, RFC 9460 §7.3; multicast DNS, RFC 6762. A rewritten answer has no valid signature: a validating client refuses it, RFC 4035.
// Over UDP and over TCP (RFC 7766), where an answer that UDP cuts off (TC, RFC 1035 §4.2.1) is asked for again; one that is cut off passes.
// See it:  ./run.sh lab -r examples/dns-rewrite-aaaa.csx --set name=www.example.net, then on the right host
//          dnsmasq --no-resolv --address=/www.example.net/2001:db8::1 and on the left `dig @192.0.2.2 aaaa www.example.net`

readonly DnsName name = Param("name", DnsName.Parse("www.example.net"), "the name that is asked for");
readonly Ipv6Address to = Param("to", Ipv6Address.Parse("2001:db8:bad::c0de"), "the address that it gets");
readonly byte[] copy = new byte[2 + 65_535];

readonly TcpStreams streams = RewriteTcp(new() { Port = 53, MaxHold = 1 << 17, TellsOfWaiting = true }, (stream, data) =>
{
    // RFC 1035 §4.2.2: two bytes before each message say how long it is.
    int length = data.Length < 2 ? 2 : 2 + (data[0] << 8 | data[1]);
    if (stream.IsFromClient)
        stream.PassRest();
    if (stream.IsFromClient || data.Length < length)
        return;

    Span<byte> message = copy.AsSpan(0, length);
    data.Bytes[..length].CopyTo(message);
    if (DnsMessage.TryRead(message[2..], out var answer) && Rewrite(answer))
        data.Replace(length, message);
    else
        data.Pass(length);
});
When(Guard.Udp(53, 5353) | Guard.Tcp(53));

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetTcp(out _))
        return streams.Rewrite(ref frame);
    if (frame.TryGetDns(out var message) || frame.TryGetDns(5353, out message))
        Rewrite(message);
    return Verdict.Continue;
}

// Whether there is an address in it that is another now.
bool Rewrite(DnsMessage message)
{
    if (!message.IsResponse || message.Truncated || message.IsMalformed)
        return false;

    bool isAnswer = IsAnswer(message), isChanged = false;
    foreach (var found in message.Records)
    {
        var record = found;
        if (!record.Name.Equals(name) && !(isAnswer && IsAnswered(message, record)))
            continue;

        if (record.HasIpv6Address)
        {
            record.Ipv6Address = to;
            isChanged = true;
        }
        else if (record.TryGetService(out var service) && service.TryGetIpv6Hints(out var hints))
        {
            for (int i = 0; i < hints.Count; i++)
                hints[i] = to;
            isChanged = true;
        }
    }

    return isChanged;
}

// The name was asked for, or is an alias that leads on: all addresses are then its own, whatever names they stand under. Multicast DNS
// repeats no question (RFC 6762 §6) and tells of several hosts at once.
bool IsAnswer(DnsMessage message)
{
    if (!message.TryGetQuestion(out var question))
        return false;

    bool leadsOn = question.Name.Equals(name);
    foreach (var record in message.Records)
        leadsOn |= record.Section == DnsSection.Answer && record.Name.Equals(name);
    return leadsOn;
}

// What comes along in the additional section is the name's as well, such as the address of an HTTPS record's target, unless it is a name
// server's: glue, RFC 1034 §4.2.1.
bool IsAnswered(DnsMessage message, DnsRecord record)
{
    if (record.Section != DnsSection.Additional || record.Type != DnsType.Aaaa)
        return record.Section == DnsSection.Answer;

    foreach (var other in message.Records)
        if (other.Type == DnsType.Ns && other.TryGetTarget(out var server) && server.Equals(record.Name))
            return false;
    return true;
}
