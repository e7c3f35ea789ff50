// Log the options that each SYN offers. RFC 9293 §3.2.
// What is not known is skipped by its length, as every stack does, and shown by its number.
// See it:  ./run.sh lab -r examples/tcp-log-options.csx, then on the right host `nc -l 8080`, on the left `nc 192.0.2.2 8080`

When(Guard.TcpSyn);

void Apply(ref Frame frame)
{
    if (!frame.TryGetTcp(out var tcp) || !tcp.Syn)
        return;

    Log($"{tcp.SourcePort} > {tcp.DestinationPort} {(tcp.Ack ? "SYN,ACK" : "SYN")}: {tcp.Options}");
    frame.Hit();
}
