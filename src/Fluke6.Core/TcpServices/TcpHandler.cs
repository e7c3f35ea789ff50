namespace Fluke6.TcpServices;

/// <summary>
/// Serves a client of a TCP service: reads <paramref name="received"/>, the octets of the stream in their order, each once,
/// and answers with <see cref="TcpConnection.Write"/>. On the bridge's thread.
/// </summary>
/// <remarks>
/// It is also called with no octets: once when the connection is established, for services that speak first, and once when the client has
/// closed its side and all that it sent was handed over (<see cref="TcpConnection.IsAtEnd"/>). After that last call the service closes, too.
/// At most as many octets are handed over as can be written in reply, so who writes no more than it reads is never refused. What cuts the
/// stream into calls is the network's business: a line may come in pieces. If the handler throws, the client is sent a reset.
/// </remarks>
/// <param name="connection">The connection, the same object in all its calls, and never used for another one.</param>
/// <param name="received">Valid during the call only.</param>
public delegate void TcpHandler(TcpConnection connection, ReadOnlySpan<byte> received);
