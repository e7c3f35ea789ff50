// Let the SYN,ACK carry back the options of the SYN: the client believes that its peer can do all that it offered itself. RFC 9293 §3.2.
// See it:  ./run.sh lab -r examples/tcp-echo-syn-options.csx, on the right host `sysctl net.ipv4.tcp_sack=0`, then a transfer: `ss -tino`
//          on the left shows sack, on the right it does not

readonly uint[] numbers = new uint[1024];               // sequence number of the SYN whose options stand at the same place
readonly byte[][] headers = [.. Enumerable.Range(0, 1024).Select(_ => new byte[TcpHeader.MaxLength])];
When(Guard.TcpSyn);

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetTcp(out var tcp) || !tcp.Syn)
        return Verdict.Continue;

    uint number = tcp.Ack ? tcp.AcknowledgmentNumber - 1 : tcp.SequenceNumber;
    uint place = (number * 2654435761) >> 22;
    if (!tcp.Ack)
    {
        new TcpFields(0, 0).Write(headers[place], tcp.Options.Octets);
        numbers[place] = number;
    }
    else if (numbers[place] == number && TcpHeader.TryRead(headers[place], out var syn) && !syn.Options.Octets.IsEmpty)
    {
        // A clock cannot be echoed: that is the server's own or, if it has none, NOPs. RFC 7323 §3.2.
        bool hasClock = tcp.Options.TryGet(TcpOptionKind.Timestamps, out var clock) && clock.Data.Length == 8;
        if (!hasClock)
            syn.Options.Strip(TcpOptionKind.Timestamps);
        else if (syn.Options.TryGet(TcpOptionKind.Timestamps, out var echoed))
            echoed.Write(0, clock.Data);
        frame.SetTcpOptions(syn.Options.Octets);
    }

    return Verdict.Continue;
}
