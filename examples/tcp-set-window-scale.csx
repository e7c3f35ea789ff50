// Set the window scale that SYNs offer: both ends then take the other's window for 2^shift times what its header says. RFC 7323 §2.2.
// Set only in SYNs that offer one: who did not offer must not be answered with one (§2.5).
// See it:  ./run.sh lab -r examples/tcp-set-window-scale.csx --set shift=0, then a transfer, and `ss -tino` on both hosts: wscale:0

readonly byte shift = Param<byte>("shift", 2, "the shift count that SYNs offer: RFC 7323 §2.3", 0, 14);
When(Guard.TcpSyn);

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetTcp(out var tcp) && tcp.Syn && tcp.Options.Contains(TcpOptionKind.WindowScale))
        frame.SetWindowScale(shift);

    return Verdict.Continue;
}
