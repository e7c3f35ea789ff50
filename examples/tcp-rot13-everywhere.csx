// A TCP service on every address and port of a network that does not exist: what one says comes back in rot13. RFC 9293 §3.
// The SYN,ACK carries the SYN's options, as in the course notes, or a list of one's choice (--set options=020405b4).
// See it:  fluke6 bridge tap:fluke0 none -r examples/tcp-rot13-everywhere.csx -r examples/net-answer-everyone.csx
//          ip address add 10.5.0.1/24 dev fluke0; nc 10.5.0.77 1234; curl telnet://10.5.0.8:23

using static System.Buffers.Binary.BinaryPrimitives;

const int Room = 65535, MaxConnections = 500, Headers = 54, Fin = 1, Syn = 2, Ack = 16;
readonly Ipv4Prefix prefix = Param("prefix", Ipv4Prefix.Parse("10.5.0.0/24"));
readonly byte[] options = Convert.FromHexString(Param("options", ""));
readonly TimeSpan timeout = TimeSpan.FromMilliseconds(200), patience = TimeSpan.FromMinutes(2);
readonly Dictionary<(Ipv4Address, Ipv4Address, ushort, ushort), Connection> connections = [];
readonly Stack<Connection> spare = [];
readonly byte[] segment = new byte[1514];

Every(TimeSpan.FromMilliseconds(50), Retransmit);

Verdict Apply(ref Frame frame)
{
    if (!frame.TryGetTcp(out var tcp) || !frame.TryGetIpv4(out var ipv4) || !frame.TryGetEthernet(out _) || !prefix.ContainsHost(ipv4.Destination))
        return Verdict.Continue;

    var key = (ipv4.Source, ipv4.Destination, tcp.SourcePort, tcp.DestinationPort);
    bool isKnown = connections.TryGetValue(key, out Connection c);
    if (tcp.Rst)
    {
        if (isKnown)
            Forget(c);
        return Verdict.Drop;
    }

    if (tcp.Syn && !tcp.Ack && !tcp.Fin)
    {
        if (!isKnown && connections.Count >= MaxConnections)
            return Verdict.Drop;
        if (!isKnown)
            connections[key] = c = spare.TryPop(out var used) ? used : new Connection();
        if (!isKnown || c.TheirFirst != tcp.SequenceNumber)
            c.Begin(key, (uint)Random.Next(), tcp.SequenceNumber);
        return AnswerSyn(ref frame, c);
    }

    if (!isKnown)
        return frame.AnswerWithReset() ? Verdict.Reflect : Verdict.Drop;

    if (tcp.Ack)
        TakeAcknowledgment(c, tcp, isBare: frame.Payload.IsEmpty && !tcp.Fin);
    // What comes again, or asks whether the window is open, is answered, too. RFC 9293 §3.10.7.4, §3.8.6.1.
    bool isToAcknowledge = !frame.Payload.IsEmpty || tcp.Fin || tcp.SequenceNumber != c.Next;
    TakeData(c, tcp.SequenceNumber, frame.Payload, tcp.Fin);
    SendNew(c);
    if (c.IsDone)
        Forget(c);
    return isToAcknowledge && Acknowledge(ref frame, c) ? Verdict.Reflect : Verdict.Drop;
}

// The SYN becomes the SYN,ACK. RFC 9293 §3.5.
Verdict AnswerSyn(ref Frame frame, Connection c)
{
    frame.TryGetEthernet(out var ethernet);
    (c.Client, c.Own, c.From, c.Heard) = (ethernet.Source, ethernet.Destination, frame.From, Clock.GetTimestamp());
    frame.TryGetTcp(out var tcp);
    int? scale = tcp.Options.TryGet(TcpOptionKind.WindowScale, out var option) && option.Length == 3 ? Math.Min((int)option.Byte, 14) : null;
    bool hasSize = tcp.Options.TryGet(TcpOptionKind.MaximumSegmentSize, out option) && option.Length == 4;
    c.SegmentSize = hasSize ? Math.Clamp((int)option.UInt16, 64, 1460) : 536;    // RFC 9293 §3.7.1
    if (options.Length > 0)
        frame.SetTcpOptions(options);

    frame.ReplacePayload([]);
    frame.Mirror();
    frame.TryGetTcp(out tcp);
    // Windows are scaled only if both say how. RFC 7323 §2.2.
    bool isScaled = tcp.Options.TryGet(TcpOptionKind.WindowScale, out option) && option.Length == 3 && scale != null;
    (c.TheirScale, c.OwnScale) = isScaled ? (scale.Value, Math.Min((int)option.Byte, 14)) : (0, 0);
    (tcp.SequenceNumber, tcp.AcknowledgmentNumber, tcp.Flags, tcp.Window) = (c.OwnFirst, c.TheirFirst + 1, Syn | Ack, Room);
    return Verdict.Reflect;
}

// RFC 9293 §3.10.7.4; a third duplicate asks for what is missing, and so does each new one until all of it came: RFC 5681 §3.2, RFC 6582.
void TakeAcknowledgment(Connection c, TcpHeader tcp, bool isBare)
{
    int acknowledged = (int)(tcp.AcknowledgmentNumber - c.Unacknowledged);
    int window = tcp.Window << c.TheirScale;
    if (acknowledged == 0 && isBare && c.Sent > 0 && window == c.Window && ++c.Duplicates == 3)
    {
        c.Recover = c.Unacknowledged + (uint)c.Sent;
        SendSegment(c, 0);
    }

    c.Window = window;
    if (acknowledged <= 0 || acknowledged > c.Length + (c.FinSent ? 1 : 0))
        return;

    bool hadNoRoom = c.Length > Room / 2;
    int data = Math.Min(acknowledged, c.Length);
    c.Data.AsSpan(data, c.Length - data).CopyTo(c.Data);
    (c.Length, c.Sent, c.Unacknowledged) = (c.Length - data, Math.Max(c.Sent - data, 0), c.Unacknowledged + (uint)data);
    (c.Duplicates, c.Heard, c.IsDone) = (0, Clock.GetTimestamp(), acknowledged > data);
    if (c.Sent > 0 && (int)(c.Recover - c.Unacknowledged) > 0)
        SendSegment(c, 0);
    else if (hadNoRoom && c.Length <= Room / 2 && c.Sent == c.Length)
        Build(c, c.Length, 0, Ack);
}

// In order, and no more than there is room for: the rest comes again.
void TakeData(Connection c, uint number, ReadOnlySpan<byte> data, bool isFin)
{
    long known = (int)(c.Next - number);
    if (known < 0 || known > data.Length || c.FinReceived)
        return;

    data = data[(int)known..];
    ReadOnlySpan<byte> taken = data[..Math.Min(data.Length, Room - c.Length)];
    for (int i = 0; i < taken.Length; i++)
        c.Data[c.Length + i] = Rot13(taken[i]);
    (c.Length, c.Next) = (c.Length + taken.Length, c.Next + (uint)taken.Length);
    if (isFin && taken.Length == data.Length)
        (c.FinReceived, c.Next) = (true, c.Next + 1);
}

byte Rot13(byte octet) => char.IsAsciiLetter((char)octet) ? (byte)((octet & 0x20) + 'A' + (((octet & 0x1F) - 1 + 13) % 26)) : octet;

// The segment becomes its acknowledgment.
bool Acknowledge(ref Frame frame, Connection c)
{
    if (frame.ReplacePayload([]) == EditResult.Refused || frame.SetTcpOptions([]) == EditResult.Refused || frame.Mirror() == EditResult.Refused
        || !frame.TryGetTcp(out var tcp) || !frame.TryGetIpv4(out var ipv4))
        return false;

    uint number = c.Unacknowledged + (uint)c.Sent + (c.FinSent ? 1u : 0);
    (tcp.SequenceNumber, tcp.AcknowledgmentNumber, tcp.Flags, tcp.Window) = (number, c.Next, Ack, c.OwnWindow);
    ipv4.TimeToLive = 64;
    return true;
}

void SendNew(Connection c)
{
    while (c.Sent < c.Length && c.Sent + Math.Min(c.SegmentSize, c.Length - c.Sent) <= c.Window)
        c.Sent += SendSegment(c, c.Sent);
    if (c.FinReceived && !c.FinSent && c.Sent == c.Length)
    {
        c.FinSent = true;
        Build(c, c.Length, 0, Fin | Ack);
    }
}

int SendSegment(Connection c, int offset)
{
    int length = Math.Min(c.SegmentSize, c.Length - offset);
    Build(c, offset, length, Ack);
    return length;
}

void Build(Connection c, int offset, int length, byte flags)
{
    Span<byte> frame = segment.AsSpan(0, Headers + length), packet = frame[14..], tcp = packet[20..];
    frame[..Headers].Clear();
    c.Client.WriteTo(frame);
    c.Own.WriteTo(frame[6..]);
    WriteUInt16BigEndian(frame[12..], (ushort)EtherType.Ipv4);
    (packet[0], packet[6], packet[8], packet[9]) = (0x45, 0x40, 64, (byte)IpProtocol.Tcp);
    WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
    (Ipv4Address client, Ipv4Address server, ushort clientPort, ushort serverPort) = c.Key;
    server.WriteTo(packet[12..]);
    client.WriteTo(packet[16..]);
    WriteUInt16BigEndian(packet[10..], InternetChecksum.Compute(packet[..20]));

    WriteUInt16BigEndian(tcp, serverPort);
    WriteUInt16BigEndian(tcp[2..], clientPort);
    WriteUInt32BigEndian(tcp[4..], c.Unacknowledged + (uint)offset);
    WriteUInt32BigEndian(tcp[8..], c.Next);
    (tcp[12], tcp[13]) = (5 << 4, flags);
    WriteUInt16BigEndian(tcp[14..], c.OwnWindow);
    c.Data.AsSpan(offset, length).CopyTo(tcp[20..]);
    ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(packet.Slice(12, 8), (byte)IpProtocol.Tcp, tcp.Length);
    WriteUInt16BigEndian(tcp[16..], InternetChecksum.Compute(tcp, pseudoHeader));
    Send(c.From, frame);
    c.SentAt = Clock.GetTimestamp();
}

// What nobody acknowledged in time goes again, all of it; who is silent for long is forgotten. RFC 6298 §5.
void Retransmit()
{
    foreach (Connection c in connections.Values)
    {
        if (Clock.GetElapsedTime(c.Heard) > patience)
            Forget(c);
        else if ((c.Sent > 0 || c.FinSent || c.Sent < c.Length) && Clock.GetElapsedTime(c.SentAt) > timeout)
        {
            (c.Sent, c.FinSent, c.Duplicates, c.Recover) = (0, false, 0, c.Unacknowledged);
            if (c.Window < c.SegmentSize && c.Length > 0)
                Build(c, 0, Math.Min(1, c.Length), Ack);    // asks whether the window is open again: RFC 9293 §3.8.6.1
            SendNew(c);
        }
    }
}

void Forget(Connection c)
{
    connections.Remove(c.Key);
    spare.Push(c);
}

class Connection
{
    public (Ipv4Address Client, Ipv4Address Server, ushort ClientPort, ushort ServerPort) Key;
    public MacAddress Client, Own;
    public Side From;
    public readonly byte[] Data = new byte[Room];    // what the client has not acknowledged, from sequence number Unacknowledged on
    public int Length, Sent, SegmentSize, Window, TheirScale, OwnScale, Duplicates;
    public uint OwnFirst, TheirFirst, Unacknowledged, Next, Recover;
    public bool FinReceived, FinSent, IsDone;
    public long Heard, SentAt;

    public void Begin((Ipv4Address, Ipv4Address, ushort, ushort) key, uint ownFirst, uint theirFirst)
    {
        (Key, OwnFirst, Unacknowledged, Recover, TheirFirst, Next) = (key, ownFirst, ownFirst + 1, ownFirst + 1, theirFirst, theirFirst + 1);
        (Length, Sent, Window, Duplicates) = (0, 0, 0, 0);
        (FinReceived, FinSent, IsDone) = (false, false, false);
    }

    public ushort OwnWindow => (ushort)((Room - Length) >> OwnScale);
}
