using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>A TCP connection that a rule may rewrite: both directions, and how far the handshake has come. Worker's thread only.</summary>
internal sealed class StreamFlow
{
    private SynOffer _offer;
    private uint _clientFirst;
    private uint _serverFirst;
    private StreamEdits _clientNoted;
    private StreamEdits _serverNoted;

    public StreamFlow(StreamMemory memory, byte[] scratch)
    {
        Scratch = scratch;
        FromClient = new StreamDirection(this, isFromClient: true, memory);
        FromServer = new StreamDirection(this, isFromClient: false, memory);
    }

    /// <summary>Room for one frame's data, for whoever needs it for a moment.</summary>
    public byte[] Scratch { get; }

    /// <summary>The flow's key.</summary>
    public FlowKey Key { get; private set; }

    /// <summary>Which of the rule's rewriters has it.</summary>
    public int Number { get; private set; }

    /// <summary>The data that the end sends which opened the connection.</summary>
    public StreamDirection FromClient { get; }

    /// <summary>The data that the other end sends.</summary>
    public StreamDirection FromServer { get; }

    /// <summary>Whether both SYNs were seen.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>Whether a reset passed.</summary>
    public bool IsReset { get; set; }

    /// <summary>Whether neither end has more to send.</summary>
    public bool IsOver => IsReset || (FromClient.IsOver && FromServer.IsOver);

    /// <summary>Whether nothing was changed, and nothing will be.</summary>
    public bool IsIdle => FromClient is { IsPassing: true, IsAlike: true } && FromServer is { IsPassing: true, IsAlike: true };

    /// <summary>Whether the frames of one end need other numbers than they arrive with.</summary>
    public bool HasDelta => FromClient.Delta != 0 || FromServer.Delta != 0;

    /// <summary>When a frame of it was seen last, by <see cref="Moment.Monotonic"/>.</summary>
    public long Seen { get; set; }

    /// <summary>The one seen before it, and after it, of the same list.</summary>
    public StreamFlow? Older { get; set; }

    /// <inheritdoc cref="Older"/>
    public StreamFlow? Newer { get; set; }

    /// <summary>The list that it is in.</summary>
    public StreamFlowList? List { get; set; }

    /// <summary>The side that the client's frames arrive on.</summary>
    public Side ClientSide => _offer.From;

    /// <summary>Whether the client is the key's upper end.</summary>
    public bool ClientIsUpper => _offer.IsUpper;

    /// <summary>The end that opened the connection.</summary>
    public FlowEndpoint Client => ClientIsUpper ? Key.Upper : Key.Lower;

    /// <summary>The other end.</summary>
    public FlowEndpoint Server => ClientIsUpper ? Key.Lower : Key.Upper;

    /// <summary>Whether data was changed since this was asked last, and by how much.</summary>
    public bool HasNewEdits(out StreamEdits fromClient, out StreamEdits fromServer)
    {
        (fromClient, fromServer) = (default, default);
        if (FromClient.Edits.Changes == _clientNoted.Changes && FromServer.Edits.Changes == _serverNoted.Changes)
            return false;

        (fromClient, fromServer) = (FromClient.Edits - _clientNoted, FromServer.Edits - _serverNoted);
        (_clientNoted, _serverNoted) = (FromClient.Edits, FromServer.Edits);
        return true;
    }

    /// <summary>The direction that is not this one.</summary>
    public StreamDirection Other(StreamDirection direction) => direction == FromClient ? FromServer : FromClient;

    /// <summary>Takes the place of another connection.</summary>
    public void Begin(in FlowKey key, int number)
    {
        End();
        (Key, Number) = (key, number);
        _offer = default;
        IsEstablished = IsReset = false;
    }

    /// <summary>Gives all memory back.</summary>
    public void End()
    {
        FromClient.End();
        FromServer.End();
    }

    /// <summary>A SYN passes: what it offers counts if it is answered.</summary>
    public void Offered(ref readonly Frame frame, TcpHeader tcp, bool isUpper)
    {
        if (IsEstablished && !IsOver && (isUpper != ClientIsUpper || frame.From != ClientSide))
            return;

        if (IsEstablished && tcp.SequenceNumber == _clientFirst - 1)
            return;

        // An end that forgot the connection may open another with the same ports; until it is answered, the old one is in force.
        _offer = new SynOffer(in frame, tcp, isUpper);
        if (!IsEstablished)
            FromClient.Template.Learn(in frame, tcp);
    }

    /// <summary>A SYN,ACK passes: the connection begins, if it answers the SYN.</summary>
    public void Answered(ref readonly Frame frame, TcpHeader tcp, bool isUpper)
    {
        if (tcp.AcknowledgmentNumber != _offer.Number + 1 || isUpper == _offer.IsUpper || frame.From == _offer.From)
            return;

        uint clientFirst = _offer.Number + 1, serverFirst = tcp.SequenceNumber + 1;
        if (IsEstablished && clientFirst == _clientFirst && serverFirst == _serverFirst)
            return;

        var answer = new SynOffer(in frame, tcp, isUpper);
        bool isScaled = _offer.Shift >= 0 && answer.Shift >= 0;
        (_clientFirst, _serverFirst) = (clientFirst, serverFirst);
        FromClient.Begin(clientFirst, answer.Window, isScaled ? (byte)answer.Shift : (byte)0, answer.SegmentSize);
        FromServer.Begin(serverFirst, _offer.Window, isScaled ? (byte)_offer.Shift : (byte)0, _offer.SegmentSize);
        FromClient.HasSack = FromServer.HasSack = _offer.HasSack && answer.HasSack;
        FromServer.Template.Learn(in frame, tcp);
        IsEstablished = true;
        IsReset = false;
        (_clientNoted, _serverNoted) = (default, default);
    }

    /// <summary>The offers of a SYN, or of a SYN,ACK.</summary>
    private readonly struct SynOffer
    {
        public readonly uint Number;
        public readonly ushort Window;
        public readonly ushort SegmentSize;
        public readonly sbyte Shift;    // −1 if none is offered
        public readonly bool HasSack;
        public readonly Side From;
        public readonly bool IsUpper;

        public SynOffer(ref readonly Frame frame, TcpHeader tcp, bool isUpper)
        {
            (Number, Window, From, IsUpper) = (tcp.SequenceNumber, tcp.Window, frame.From, isUpper);
            SegmentSize = tcp.Options.TryGet(TcpOptionKind.MaximumSegmentSize, out TcpOption size) && size.UInt16 > 0
                ? size.UInt16
                : frame.Layers.Network == EtherType.Ipv6 ? (ushort)1220 : (ushort)536;
            HasSack = tcp.Options.Contains(TcpOptionKind.SackPermitted);
            // RFC 7323 §2.3: more than 14 is 14.
            Shift = tcp.Options.TryGet(TcpOptionKind.WindowScale, out TcpOption scale) ? (sbyte)Math.Min(scale.Byte, (byte)14) : (sbyte)-1;
        }
    }
}

/// <summary>Connections in the order in which they were seen last.</summary>
internal sealed class StreamFlowList
{
    /// <summary>The one seen longest ago.</summary>
    public StreamFlow? Oldest { get; private set; }

    /// <summary>The one seen last.</summary>
    public StreamFlow? Newest { get; private set; }

    /// <summary>Puts a connection at the end, from whatever list it is in.</summary>
    public void Add(StreamFlow flow)
    {
        if (Newest == flow)
            return;

        flow.List?.Remove(flow);
        flow.List = this;
        (flow.Older, flow.Newer) = (Newest, null);
        if (Newest is { } newest)
            newest.Newer = flow;
        else
            Oldest = flow;
        Newest = flow;
    }

    /// <summary>Takes a connection out.</summary>
    public void Remove(StreamFlow flow)
    {
        if (flow.Older is { } older)
            older.Newer = flow.Newer;
        else
            Oldest = flow.Newer;
        if (flow.Newer is { } newer)
            newer.Older = flow.Older;
        else
            Newest = flow.Older;
        (flow.Older, flow.Newer, flow.List) = (null, null, null);
    }
}
