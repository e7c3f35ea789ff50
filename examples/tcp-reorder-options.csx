// Put the options of SYNs into another order, which a stack must take in any. RFC 9293 §3.2. Fingerprints of stacks go by it.
// See it:  ./run.sh lab -r examples/tcp-reorder-options.csx, then `tcpdump -ni eth0 tcp` on both hosts; `ss -tino` shows all options in use

readonly TcpOptionKind[] order =
    [TcpOptionKind.WindowScale, TcpOptionKind.Timestamps, TcpOptionKind.SackPermitted, TcpOptionKind.MaximumSegmentSize];
When(Guard.TcpSyn);

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetTcp(out var tcp) && tcp.Syn)
        frame.ReorderTcpOptions(order);

    return Verdict.Continue;
}
