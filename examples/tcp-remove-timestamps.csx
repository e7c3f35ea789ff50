// Remove Timestamps from SYNs: neither end may then use them, and segments carry 12 octets more of data. RFC 7323 §3.2.
// See it:  ./run.sh lab -r examples/tcp-remove-timestamps.csx, then a transfer, and `ss -tino` on both hosts: no more ts

When(Guard.TcpSyn);

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetTcp(out var tcp) && tcp.Syn)
        frame.RemoveTcpOption(TcpOptionKind.Timestamps);

    return Verdict.Continue;
}
