using System.Diagnostics.CodeAnalysis;
using Fluke6.Journal;

namespace Fluke6.Flows;

/// <summary>A TCP handshake was completed: SYN, SYN-ACK, and the client's acknowledgment.</summary>
/// <param name="Flow">The connection; its source is the client.</param>
/// <param name="Ledger">What both ends offered and were given.</param>
public sealed record HandshakeNote(FlowSnapshot Flow, TcpLedger Ledger) : JournalNote;

/// <summary>
/// Handshakes from the worker's thread to one reader, in memory that is there from the start: a flood of connections allocates nothing.
/// </summary>
internal sealed class HandshakeRing : IJournalSource
{
    private const int Slots = 1024;
    private readonly (FlowSnapshot Flow, TcpLedger Ledger, long Ticks)[] _handshakes = new (FlowSnapshot, TcpLedger, long)[Slots];
    private long _written;
    private long _read;
    private long _dropped;

    /// <inheritdoc/>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Adds a handshake. Worker's thread.</summary>
    public void Write(in FlowSnapshot flow, in TcpLedger ledger)
    {
        long written = _written;
        if (written - Volatile.Read(ref _read) == Slots)
        {
            Volatile.Write(ref _dropped, _dropped + 1);
            return;
        }

        _handshakes[written % Slots] = (flow, ledger, flow.LastSeen.Ticks);
        Volatile.Write(ref _written, written + 1);
    }

    /// <inheritdoc/>
    public bool TryRead([NotNullWhen(true)] out JournalNote? note)
    {
        note = null;
        long read = _read;
        if (read == Volatile.Read(ref _written))
            return false;

        (FlowSnapshot flow, TcpLedger ledger, long ticks) = _handshakes[read % Slots];
        note = new HandshakeNote(flow, ledger) { Time = new DateTimeOffset(ticks, TimeSpan.Zero) };
        Volatile.Write(ref _read, read + 1);
        return true;
    }
}
