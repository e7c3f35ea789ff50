// End TCP connections whose data holds a word, at both ends at once. RFC 9293 §3.5.2, RFC 5961 §3.2.
// See it:  ./run.sh lab -r examples/tcp-reset.csx; on right `nc -l 9000`, on left `nc 192.0.2.2 9000` and type kill; `ss -tn` on both: it is gone

readonly ushort port = Param<ushort>("port", 9000, "only connections from or to this port", 1, 65_535);
readonly byte[] text = Encoding.UTF8.GetBytes(Param("text", "kill", "the word, within one segment"));
When(Guard.Tcp(port));

Verdict Apply(ref Frame frame) =>
    frame.TryGetTcp(out var tcp) && (tcp.SourcePort == port || tcp.DestinationPort == port) && frame.Payload.IndexOf(text) >= 0
        ? ResetBothEnds(ref frame) : Verdict.Continue;
