// Remove SACK-Permitted from SYNs, octets and all. RFC 2018 §2.
// The header shrinks and its lengths follow: to the receiver, the option was never there. Compare tcp-strip-sack-permitted.csx.
// See it:  ./run.sh lab -r examples/tcp-remove-sack-permitted.csx, then a transfer, and `ss -tino` on both hosts: no sack

When(Guard.TcpSyn);

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetTcp(out var tcp) && tcp.Syn)
        frame.RemoveTcpOption(TcpOptionKind.SackPermitted);

    return Verdict.Continue;
}
