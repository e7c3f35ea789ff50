using System.Diagnostics.CodeAnalysis;
using Fluke6.Concurrency;
using Fluke6.Journal;

namespace Fluke6.Flows;

/// <summary>
/// Handshakes from the worker's thread to one reader, in memory that is there from the start: a flood of connections allocates nothing.
/// </summary>
internal sealed class HandshakeRing : IJournalSource
{
    private const int Slots = 1024;
    private readonly RingPositions _positions = new(Slots);
    private readonly (FlowSnapshot Flow, TcpLedger Ledger)[] _handshakes = new (FlowSnapshot, TcpLedger)[Slots];

    /// <inheritdoc/>
    public long Dropped => _positions.Dropped;

    /// <summary>Adds a handshake. Worker's thread.</summary>
    public void Write(in FlowSnapshot flow, in TcpLedger ledger)
    {
        if (!_positions.HasRoom(1))
        {
            _positions.Drop();
            return;
        }

        long position = _positions.Next;
        _handshakes[position % Slots] = (flow, ledger);
        _positions.Publish(position + 1);
    }

    /// <inheritdoc/>
    public bool TryRead([NotNullWhen(true)] out JournalNote? note)
    {
        note = null;
        if (!_positions.TryPeek(out long position))
            return false;

        (FlowSnapshot flow, TcpLedger ledger) = _handshakes[position % Slots];
        note = new HandshakeNote(flow, ledger) { Time = new DateTimeOffset(flow.LastSeen.Ticks, TimeSpan.Zero) };
        _positions.Release(position + 1);
        return true;
    }
}
