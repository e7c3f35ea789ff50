// Let the SYN,ACK carry back the options of the SYN: the client believes that its peer can do all that it offered itself. RFC 9293 §3.2.
// See it:  ./run.sh lab -r examples/tcp-echo-syn-options.csx, on the right host `sysctl net.ipv4.tcp_sack=0`, then a transfer: `ss -tino`
//          on the left shows sack, on the right it does not

const byte Nop = (byte)TcpOptionKind.NoOperation;
readonly uint[] numbers = new uint[1024];               // sequence number of the SYN whose options stand at the same place
readonly byte[][] options = [.. Enumerable.Range(0, 1024).Select(_ => new byte[40])];
readonly byte[] lengths = new byte[1024];
When(Guard.TcpSyn);

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
    }
    else if (numbers[place] == number && lengths[place] > 0)
    {
        // A clock cannot be echoed: that is the server's own or, if it has none, NOPs. RFC 7323 §3.2.
        Span<byte> echo = options[place].AsSpan(0, lengths[place]);
        bool hasClock = tcp.Options.TryGet(TcpOptionKind.Timestamps, out var clock) && clock.Length == 10;
        for (int at = 0; at + 1 < echo.Length && echo[at] != 0; at += echo[at] == Nop ? 1 : Math.Max((int)echo[at + 1], 2))
        {
            if (echo[at] != (byte)TcpOptionKind.Timestamps || echo[at + 1] != 10 || at + 10 > echo.Length)
                continue;
            if (hasClock)
                clock.Data.CopyTo(echo[(at + 2)..]);
            else
                echo.Slice(at, 10).Fill(Nop);
        }

        frame.SetTcpOptions(echo);
    }

    return Verdict.Continue;
}
