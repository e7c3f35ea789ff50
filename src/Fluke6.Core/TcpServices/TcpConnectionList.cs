namespace Fluke6.TcpServices;

/// <summary>Connections, the one that was heard of longest ago first. Each is in one list at the most.</summary>
internal sealed class TcpConnectionList
{
    private TcpConnection? _last;

    /// <summary>The one that was heard of longest ago.</summary>
    public TcpConnection? First { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Puts a connection at the end, from wherever it was.</summary>
    public void MoveToEnd(TcpConnection connection)
    {
        if (connection == _last)
            return;

        connection.List?.Remove(connection);
        connection.List = this;
        connection.Previous = _last;
        if (_last is null)
            First = connection;
        else
            _last.Next = connection;
        _last = connection;
        Count++;
    }

    public void Remove(TcpConnection connection)
    {
        if (connection.Previous is null)
            First = connection.Next;
        else
            connection.Previous.Next = connection.Next;
        if (connection.Next is null)
            _last = connection.Previous;
        else
            connection.Next.Previous = connection.Previous;
        (connection.Previous, connection.Next, connection.List) = (null, null, null);
        Count--;
    }
}
