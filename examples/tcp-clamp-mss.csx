// Clamp the MSS that SYNs offer. RFC 9293 §3.7.1. Never raises it.
// See it:  ./run.sh lab -r examples/tcp-clamp-mss.csx --set mss=900, then a transfer, and `ss -tino` on both hosts

// 1220 is IPv6's minimum link MTU, 1280 − 40 − 20.
readonly ushort mss = Param<ushort>("mss", 1220, "the largest MSS that SYNs may offer, in bytes", 1, 65535);
When(Guard.TcpSyn);

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetTcp(out var tcp) || !tcp.Syn)
        return Verdict.Continue;

    foreach (var option in tcp.Options)
        if (option.Kind == TcpOptionKind.MaximumSegmentSize && option.UInt16 > mss)
            option.UInt16 = mss;

    return Verdict.Continue;
}
