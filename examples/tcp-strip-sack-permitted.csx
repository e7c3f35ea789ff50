// Strip SACK-Permitted from SYNs. RFC 2018 §2: it may appear only there.
// NOPs take its place, as netfilter's TCPOPTSTRIP does it, so that no length changes.
// See it:  ./run.sh lab, then a transfer, and `ss -tino` on both hosts: no sack

When(Guard.TcpSyn);

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetTcp(out var tcp) && tcp.Syn)
        tcp.Options.Strip(TcpOptionKind.SackPermitted);

    return Verdict.Continue;
}
