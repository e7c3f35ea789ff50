using System.Diagnostics.CodeAnalysis;
using Fluke6.Flows;

namespace Fluke6.TcpServices;

/// <summary>
/// The connections of a service: found by their flow, limited in number. Kept across reloads, and so knows nothing of a rule's version.
/// Bridge's thread only.
/// </summary>
internal sealed class TcpConnectionTable
{
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(10);

    // A client that is there has answered the SYN,ACK by then, or its second.
    private static readonly TimeSpan s_answered = TimeSpan.FromSeconds(3);

    private readonly Dictionary<FlowKey, TcpConnection> _connections = [];
    private readonly Stack<TcpConnection> _spare = new();

    /// <summary>Those whose handshake is not complete.</summary>
    public TcpConnectionList HalfOpen { get; } = new();

    /// <summary>Those that data may flow on.</summary>
    public TcpConnectionList Open { get; } = new();

    /// <summary>Those in TIME-WAIT.</summary>
    public TcpConnectionList Waiting { get; } = new();

    /// <summary>The rings that they share.</summary>
    public OctetRingPool Pool { get; } = new();

    /// <summary>How initial sequence numbers are chosen; the same over reloads, so that they go on.</summary>
    public InitialSequenceNumbers InitialSequenceNumbers { get; } = new();

    /// <summary>How many there are.</summary>
    public int Count => _connections.Count;

    public bool TryGet(in FlowKey key, [NotNullWhen(true)] out TcpConnection? connection) => _connections.TryGetValue(key, out connection);

    /// <summary>The key of the cookies; the same over reloads, so that those which are under way hold.</summary>
    public SynCookies Cookies { get; } = new();

    /// <summary>
    /// Whether one more may begin with its SYN. Where connections are half-open whose clients may still answer, only with a cookie: so a
    /// flood of SYNs takes no place that another needs.
    /// </summary>
    public bool TakesSyns(int capacity, TimeSpan now) =>
        _connections.Count < capacity || HalfOpen.First is not { } oldest || now - oldest.Heard >= s_answered;

    /// <summary>A connection to begin, for which there is none yet; null if there are too many and none can go.</summary>
    public TcpConnection? Add(in FlowKey key, int capacity, TimeSpan now)
    {
        while (_connections.Count >= capacity)
        {
            TcpConnection? oldest = HalfOpen.First ?? Waiting.First;
            if (oldest is null && Open.First is { } open && now - open.Heard >= s_idle)
                oldest = open;
            if (oldest is null)
                return null;
            Remove(oldest);
        }

        if (!_spare.TryPop(out TcpConnection? connection))
            connection = new TcpConnection();
        _connections.Add(key, connection);
        HalfOpen.MoveToEnd(connection);
        return connection;
    }

    /// <summary>Takes a connection out and ends it.</summary>
    public void Remove(TcpConnection connection)
    {
        _connections.Remove(connection.Key);
        connection.List!.Remove(connection);
        connection.End();
        // A script may still hold one that it was shown, and must not write to another client by it.
        if (!connection.WasShown)
            _spare.Push(connection);
    }

    /// <summary>A version of the rule left: an object of a type that it declares would hold all of it.</summary>
    public void ForgetWhatScriptsDeclare()
    {
        foreach (TcpConnection connection in _connections.Values)
        {
            if (connection.Kept?.GetType().IsCollectible == true)
                connection.Kept = null;
        }
    }
}
