using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.TcpServices;

/// <summary>
/// A connection of a client with a <see cref="TcpService"/>. Bridge's thread only. What is written, closed or reset outside of the
/// service's handler, from a timer or a posted action, is sent at the service's next look at its timers, within 25 ms.
/// </summary>
public sealed partial class TcpConnection
{
    private FlowKey _key;
    private bool _clientIsUpper;
    private int _bufferSize;
    private OctetRing? _unsent;     // written and not acknowledged, from sequence number _sendBase on
    private int _written;
    private bool _closing;
    private bool _aborting;
    private bool _pending;

    internal TcpConnection()
    {
    }

    /// <summary>Where the connection stands.</summary>
    public TcpConnectionState State { get; private set; }

    /// <summary>The client's address and port.</summary>
    public FlowEndpoint Client => _clientIsUpper ? _key.Upper : _key.Lower;

    /// <summary>The address and port that the client connected to.</summary>
    public FlowEndpoint Server => _clientIsUpper ? _key.Lower : _key.Upper;

    /// <summary>The port of the bridge that the client is behind.</summary>
    public Side From { get; private set; }

    /// <summary>Whether the client has closed its side and all that it sent was handed over.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>
    /// The script's own, for what it has to remember of the connection, such as a request that comes in pieces; null at first. Goes with the
    /// connection, however that ends: the handler is not told of a reset, a timeout, or that another took its place.
    /// </summary>
    /// <remarks>
    /// Survives reloads of the rule, as what <see cref="Rules.RuleContext.Keep"/> keeps. An object whose type the script itself declares does
    /// not survive: the new version's type is another. So keep lists, arrays or tuples of numbers, texts and the like.
    /// </remarks>
    public object? Kept { get; set; }

    /// <summary>
    /// How many octets may be written now: grows as the client acknowledges; 0 once <see cref="Close"/> or <see cref="Reset"/> was called.
    /// </summary>
    public int WriteRoom => CanWrite ? _bufferSize - _written : 0;

    /// <summary>Sends octets to the client, in order and until they are acknowledged.</summary>
    /// <returns>False, and nothing is sent, if they are more than <see cref="WriteRoom"/>.</returns>
    public bool Write(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > WriteRoom)
            return false;
        if (octets.IsEmpty)
            return true;

        _unsent ??= _pool!.Rent(_bufferSize);
        _unsent.Write(_written, octets);
        _written += octets.Length;
        _pending = true;
        return true;
    }

    /// <summary>
    /// Closes the connection once all that was written is sent. What the client sends from now on is acknowledged and thrown away.
    /// RFC 9293 §3.10.4.
    /// </summary>
    public void Close()
    {
        _closing = true;
        _pending = true;
    }

    /// <summary>Ends the connection at once: the client is sent a reset. RFC 9293 §3.10.5.</summary>
    public void Reset()
    {
        _aborting = true;
        _pending = true;
    }

    // The list that a service keeps its connections in.
    internal TcpConnection? Previous { get; set; }

    internal TcpConnection? Next { get; set; }

    internal TcpConnectionList? List { get; set; }

    internal ref readonly FlowKey Key => ref _key;

    /// <summary>Whether a script has seen it, and may hold on to it.</summary>
    internal bool WasShown { get; private set; }

    /// <summary>When the client was last heard of.</summary>
    internal TimeSpan Heard { get; private set; }

    private OctetRingPool? _pool;

    private bool CanWrite => !_closing && !_aborting && State is TcpConnectionState.Established or TcpConnectionState.CloseWait;

    /// <summary>Whether a segment comes from this connection's client, and from where that is.</summary>
    internal bool IsFromClient(bool sourceIsUpper, Side from) => sourceIsUpper == _clientIsUpper && from == From;

    /// <summary>Whether a SYN begins another connection in this one's place. RFC 9293 §3.10.7.4, RFC 6191.</summary>
    internal bool GivesWayTo(uint initialSequenceNumber) => State switch
    {
        TcpConnectionState.SynReceived => initialSequenceNumber != _initialReceived,
        TcpConnectionState.TimeWait => SequenceNumber.IsAfter(initialSequenceNumber, _receiveNext),
        _ => false,
    };

    /// <summary>Gives back what it holds; the connection is no more.</summary>
    internal void End()
    {
        State = TcpConnectionState.Closed;
        Kept = null;
        ReturnUnsent();
        _received.Clear(_pool!);
    }

    private void ReturnUnsent()
    {
        if (_unsent is not null)
            _pool!.Return(_unsent);
        (_unsent, _written) = (null, 0);
    }

    /// <summary>Calls the service's handler. If that throws, the client is not left waiting.</summary>
    private void Handle(TcpService service, ReadOnlySpan<byte> octets)
    {
        WasShown = true;
        bool completed = false;
        try
        {
            service.Handler(this, octets);
            completed = true;
        }
        finally
        {
            if (!completed)
                service.Abort(this);
        }
    }
}
