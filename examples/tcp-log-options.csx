// Log the options that each SYN offers. RFC 9293 §3.2.
// What we do not know we skip by its length, as every stack does; it is shown by its number.
// See it:  ./run.sh lab -r examples/tcp-log-options.csx, then on the right host `nc -l 8080`, on the left `nc 192.0.2.2 8080`

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetTcp(out var tcp) || !tcp.Syn)
        return Verdict.Continue;

    Span<char> line = stackalloc char[400];
    int length = 0;
    foreach (var option in tcp.Options)
    {
        Span<char> rest = line[length..];
        int written = 0;
        _ = option.Kind switch
        {
            TcpOptionKind.MaximumSegmentSize => rest.TryWrite($" mss {option.UInt16}", out written),
            TcpOptionKind.WindowScale => rest.TryWrite($" wscale {option.Byte}", out written),
            TcpOptionKind.Timestamps => rest.TryWrite($" timestamps {option.UInt32}", out written),
            TcpOptionKind.NoOperation => rest.TryWrite($" nop", out written),
            _ => rest.TryWrite($" {option.Kind}({option.Length})", out written),
        };
        length += written;
    }

    Log($"{tcp.SourcePort} > {tcp.DestinationPort} {(tcp.Ack ? "SYN,ACK" : "SYN")}:{line[..length]}");
    frame.Hit();
    return Verdict.Continue;
}
