// Log which server and which protocols TLS clients ask for: their first message says it in clear, also where it goes on in further segments,
// as with keys against quantum computers, in whatever order they come. RFC 6066 §3, RFC 7301 §3.1, RFC 8446 §4.1.2.
// See it:  ./run.sh lab -r examples/tls-log-sni.csx; on right `openssl req -x509 -newkey rsa:2048 -nodes -keyout k -out c -subj /CN=x;
//          openssl s_server -key k -cert c -port 443`; on left `curl -k --connect-to ::192.0.2.2 https://www.example.net/`

readonly ushort port = Param<ushort>("port", 443, "the servers' TCP port", 1, 65_535);
readonly byte[] copy = new byte[1 << 17];
int told = 0;

// A client says nothing more before it has an answer, so what it has said so far may wait for the rest of the message.
readonly TcpStreams streams = RewriteTcp(new() { Port = port, MaxHold = 1 << 16, MaxDelay = TimeSpan.FromSeconds(10), TellsOfWaiting = true }, (stream, data) =>
{
    if (stream.IsFromClient && TlsClientHello.IsBeginning(data.Bytes) && !data.IsEnd)
        return;

    Span<byte> begun = copy.AsSpan(0, Math.Min(data.Length, copy.Length));
    data.Bytes[..begun.Length].CopyTo(begun);
    if (stream.IsFromClient && TlsClientHello.TryRead(begun, out var hello))
    {
        Log($"{stream.Source} > {stream.Destination}: name {hello.ServerName}, protocols {hello.ApplicationProtocols}, versions {hello.SupportedVersions}");
        told++;
    }

    stream.PassRest();
});
When(Guard.Tcp(port));

Verdict Apply(ref Frame frame)
{
    int before = told;
    Verdict verdict = streams.Rewrite(ref frame);
    if (told != before)
        frame.Hit();
    return verdict;
}
