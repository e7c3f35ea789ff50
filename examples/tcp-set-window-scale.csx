// Set the window scale that SYNs offer: both ends then take the other's window for 2^shift times what its header says. RFC 7323 §2.2.
// Set only in SYNs that offer one: who did not offer must not be answered with one (§2.5).
// See it:  fluke6 lab -r examples/tcp-set-window-scale.csx --set shift=0, then a transfer, and `ss -tin` on both hosts: no more wscale:7,7

readonly byte shift = Param("shift", (byte)2);

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetTcp(out var tcp) && tcp.Syn && tcp.Options.Contains(TcpOptionKind.WindowScale))
        frame.SetWindowScale(shift);

    return Verdict.Continue;
}
