using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>
/// One direction of a connection whose data a rule may rewrite. "Sent" and "the sender's" speak of the end that sends the data, "the
/// receiver's" of the other one; acknowledgments come from the receiver. Worker's thread only.
/// </summary>
/// <remarks>
/// The sender is told nothing that the receiver did not say: an acknowledgment from the receiver becomes the greatest of the sender's
/// numbers that it
/// covers. So whatever was not acknowledged the sender sends again, and that is answered with the octets which <see cref="_kept"/> holds.
/// </remarks>
internal sealed partial class StreamDirection
{
    private readonly StreamFlow _flow;
    private readonly StreamMap _map = new();
    private readonly KeptOctets _kept;
    private readonly WaitingOctets _waiting;
    private uint _sentEnd;          // the receiver's: how far it was sent
    private uint _acknowledged;     // the receiver's: how far it said that it has all
    private uint _told;             // the sender's: how far it was told so
    private uint _windowEdge;       // the receiver's: the right edge of its window
    private uint _promised;         // the sender's: the right edge that it was told
    private bool _promisedMore;     // than the receiver did
    private byte _shift;            // of windows that the receiver says
    private int _lead;              // octets that were inserted before any that they could belong to
    private bool _isAltered;        // some octets are not the sender's
    private bool _isInCall;         // the rule has it
    private bool _waits;
    private uint _waitsFrom;        // the sender's: the first of what waited last
    private bool _tellsOfWaiting;   // next time
    private uint _cameLast;         // the sender's: what came before its turn
    private bool _hasFin;
    private uint _finAt;            // the sender's
    private bool _finIsDecided;
    private bool _finIsSent;
    private uint _finReceiver;      // the receiver's

    public StreamDirection(StreamFlow flow, bool isFromClient, StreamMemory memory)
    {
        _flow = flow;
        _kept = new KeptOctets(memory);
        _waiting = new WaitingOctets(memory);
        IsFromClient = isFromClient;
        Stream = new TcpStream(this);
    }

    /// <summary>Whether the end that opened the connection sends.</summary>
    public bool IsFromClient { get; }

    /// <summary>The connection.</summary>
    public StreamFlow Flow => _flow;

    /// <summary>The direction, as rules see it.</summary>
    public TcpStream Stream { get; private set; }

    /// <summary>The headers of what the sender sends.</summary>
    public StreamTemplate Template { get; } = new();

    /// <summary>How many octets were changed.</summary>
    public StreamEdits Edits;

    /// <summary>How much more the receiver is sent than the sender sent, octets.</summary>
    public int Delta => _map.Delta;

    /// <summary>Whether no rule is asked any more: all that follows passes.</summary>
    public bool IsPassing { get; private set; }

    /// <summary>Whether the two ends know the same numbers and the same octets.</summary>
    public bool IsAlike => _map.IsIdentity && !_isAltered && !_promisedMore;

    /// <summary>Whether the sender has ended, and the receiver acknowledged that.</summary>
    public bool IsOver => _finIsSent && SequenceNumber.IsAfter(_acknowledged, _finReceiver);

    /// <summary>Whether octets wait for the rule, or for more of what it waits for.</summary>
    public bool IsWaiting => _waiting.Start != _waiting.End;

    /// <summary>Whether both ends use SACK. RFC 2018 §2.</summary>
    public bool HasSack { get; set; }

    /// <summary>Whether octets wait for some before them.</summary>
    public bool HasGap => _waiting.HasGap;

    /// <summary>When octets began to wait, by <see cref="Moment.Monotonic"/>.</summary>
    public long WaitsSince { get; private set; }

    /// <summary>Its place among those that wait; −1 if it is not among them.</summary>
    public int WaitingPlace { get; set; } = -1;

    /// <summary>How far the sender is told that its octets arrived, and what window it has.</summary>
    public (uint Acknowledgment, ushort Window) Tell() => (_told, WindowField(_told));

    /// <summary>What to send to the receiver after what it has been sent.</summary>
    public uint SentEnd => _sentEnd;

    // Without a FIN and what was inserted before octets that are yet to come.
    private uint DataEnd => _finIsDecided ? _finReceiver : _map.ReceiverEnd;

    /// <summary>The handshake is complete.</summary>
    /// <param name="first">The number of the first octet.</param>
    /// <param name="window">The receiver's window, in octets.</param>
    /// <param name="shift">How windows are scaled that it says later.</param>
    /// <param name="segmentSize">The largest segment that it takes.</param>
    public void Begin(uint first, uint window, byte shift, ushort segmentSize)
    {
        _map.Begin(first);
        _kept.Begin(first);
        _waiting.Begin(first);
        _sentEnd = _acknowledged = _told = first;
        _windowEdge = _promised = first + window;
        _shift = shift;
        _lead = 0;
        _isAltered = _promisedMore = _waits = _tellsOfWaiting = _isInCall = _hasFin = _finIsDecided = _finIsSent = IsPassing = false;
        Template.MaximumSegmentSize = segmentSize;
        Edits = default;
        Stream = new TcpStream(this);
    }

    /// <summary>The connection is over or forgotten: gives all memory back.</summary>
    public void End()
    {
        _kept.Clear();
        _waiting.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"sender {_map.SenderStart} to {_map.SenderEnd} is receiver {_map.ReceiverStart} to {_map.ReceiverEnd}; sent to {_sentEnd}, acknowledged {_acknowledged}, "
        + $"told {_told}, window to {_windowEdge}, promised {_promised}; waits {_waiting.Start} to {_waiting.End}{(_waiting.HasGap ? ", more after a gap" : "")}; "
        + $"kept {_kept.Start} to {_kept.End}{(IsPassing ? ", passing" : "")}{(_finIsDecided ? $", FIN {_finReceiver}" : "")}";

    /// <summary>Reads what was sent to the receiver.</summary>
    public void CopySent(uint number, Span<byte> destination) => _kept.CopyTo(number, destination);

    /// <summary>What the sender knows a number as that the receiver was sent.</summary>
    public uint ToSender(uint receiver) => _map.Acknowledged(receiver);
}
