// Let the SYN,ACK carry back the options of the SYN: the client believes that its peer can do all that it offered itself. RFC 9293 §3.2.
// See it:  fluke6 lab -r examples/tcp-echo-syn-options.csx, on the right host `sysctl net.ipv4.tcp_sack=0`, then a transfer: `ss -tin`
//          on the left shows sack, on the right it does not

readonly uint[] numbers = new uint[1024];               // sequence number of the SYN whose options stand at the same place
readonly byte[][] options = [.. Enumerable.Range(0, 1024).Select(_ => new byte[40])];
readonly byte[] lengths = new byte[1024];

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetTcp(out var tcp) || !tcp.Syn)
        return Verdict.Continue;

    uint number = tcp.Ack ? tcp.AcknowledgmentNumber - 1 : tcp.SequenceNumber;
    uint place = (number * 2654435761) >> 22;
    if (!tcp.Ack)
    {
        tcp.Options.Octets.CopyTo(options[place]);
        (numbers[place], lengths[place]) = (number, (byte)tcp.Options.Octets.Length);
        return Verdict.Continue;
    }

    // Clocks cannot be echoed: those stay the server's own, if it has one. RFC 7323 §3.2.
    bool hasClock = tcp.Options.TryGet(TcpOptionKind.Timestamps, out var clock);
    Span<byte> ownClock = stackalloc byte[8];
    if (hasClock)
        clock.Data.CopyTo(ownClock);
    if (numbers[place] != number || lengths[place] == 0)
        return Verdict.Continue;

    frame.SetTcpOptions(options[place].AsSpan(0, lengths[place]));
    if (hasClock)
        frame.SetTcpOption(TcpOptionKind.Timestamps, ownClock);
    else
        frame.RemoveTcpOption(TcpOptionKind.Timestamps);
    return Verdict.Continue;
}
