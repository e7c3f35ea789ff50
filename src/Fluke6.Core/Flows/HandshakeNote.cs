using Fluke6.Journal;

namespace Fluke6.Flows;

/// <summary>A TCP handshake was completed: SYN, SYN-ACK, and the client's acknowledgment.</summary>
/// <param name="Flow">The connection; its source is the client.</param>
/// <param name="Ledger">What both ends offered and were given.</param>
internal sealed record HandshakeNote(FlowSnapshot Flow, TcpLedger Ledger) : JournalNote;
