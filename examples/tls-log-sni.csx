// Log which server and which protocols TLS clients ask for: their first message says it in clear, also where it goes on in further segments,
// as with keys against quantum computers. RFC 6066 §3, RFC 7301 §3.1, RFC 8446 §4.1.2.
// See it:  ./run.sh lab -r examples/tls-log-sni.csx; on right `openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out c -subj /CN=x;
//          openssl s_server -key k -cert c -port 443`; on left `curl -k --connect-to ::192.0.2.2 https://www.example.net/`

readonly ushort port = Param<ushort>("port", 443, "the servers' TCP port", 1, 65_535);
const int Longest = 65_536;
When(Guard.Tcp(port));

void Apply(ref Frame frame)
{
    if (!frame.TryGetTcp(out var tcp) || tcp.DestinationPort != port || frame.Payload.IsEmpty)
        return;
    if (frame.TryGetTlsClientHello(out var hello))
    {
        Tell(ref frame, hello);
        return;
    }

    // A message that goes on in the next segment is gathered. One that arrives out of order is left out, and with it the message.
    ref var part = ref frame.Flow.State<(byte[] Octets, int Length, uint Next)>();
    if (part.Octets is null && TlsClientHello.IsBeginning(frame.Payload))
        part = (new byte[Longest], 0, tcp.SequenceNumber);
    if (part.Octets is null || tcp.SequenceNumber != part.Next)
        return;

    if (frame.Payload.Length <= Longest - part.Length)
    {
        frame.Payload.CopyTo(part.Octets.AsSpan(part.Length));
        part.Length += frame.Payload.Length;
        part.Next += (uint)frame.Payload.Length;
        Span<byte> stream = part.Octets.AsSpan(0, part.Length);
        if (TlsClientHello.IsBeginning(stream))
            return;
        if (TlsClientHello.TryRead(stream, out var whole))
            Tell(ref frame, whole);
    }

    part = default;
}

void Tell(ref Frame frame, TlsClientHello hello)
{
    Log($"{frame.Flow.Source} > {frame.Flow.Destination}: name {hello.ServerName}, protocols {hello.ApplicationProtocols}, versions {hello.SupportedVersions}");
    frame.Hit();
}
