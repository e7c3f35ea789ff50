// Log the first line that each end of a connection sends, such as an HTTP request or an SSH version, and let go of the connection then:
// the rule is not asked about what follows, and between two interfaces the kernel forwards it. RFC 9293 §3.1.
// See it:  ./run.sh lab -r examples/tcp-log-first-line.csx, then on the right host `nc -l 8080`, on the left `nc 192.0.2.2 8080`, and type at both

When(Guard.Tcp());

void Apply(ref Frame frame)
{
    if (!frame.TryGetTcp(out var tcp))
        return;

    ref var seen = ref frame.Flow.State<(bool Left, bool Right)>();
    if (tcp.Syn)
        seen = default;
    var data = frame.Payload;
    if (data.IsEmpty)
        return;

    ref bool hasSent = ref (frame.From == Side.Left ? ref seen.Left : ref seen.Right);
    if (!hasSent)
    {
        hasSent = true;
        int end = data.IndexOfAny((byte)'\r', (byte)'\n');
        Log($"{tcp.SourcePort} > {tcp.DestinationPort}: {Encoding.ASCII.GetString(data[..Math.Min(end < 0 ? data.Length : end, 80)])}");
        frame.Hit();
    }

    if (seen.Left && seen.Right)
        frame.Flow.Release();
}
