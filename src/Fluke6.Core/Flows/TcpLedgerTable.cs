using System.Runtime.CompilerServices;
using Fluke6.Concurrency;

namespace Fluke6.Flows;

/// <summary>
/// Ledgers of the flows whose SYN was seen. Bounded; where it is full, a connection that never got past its SYN, or is over, makes room
/// before one that lives. Written by the bridge's thread alone.
/// </summary>
internal sealed class TcpLedgerTable
{
    private const int MaxCapacity = 16_384;

    // How far a new ledger looks for one that nobody will miss: a flood of SYNs then uses its own places again.
    private const int Reach = 16;

    private readonly Slot[] _slots;
    private int _next;

    public TcpLedgerTable(int flows) => _slots = new Slot[Math.Min(flows, MaxCapacity) + 1];

    /// <summary>A ledger by its number, 1 and up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Slot At(int number) => ref _slots[number];

    /// <summary>An empty ledger for a flow; takes another flow's if there is no free one.</summary>
    public ushort Take(int flow, FlowTable flows)
    {
        int number = Choose(flows);
        ref Slot slot = ref _slots[number];
        if (slot.Owner != 0)
        {
            ref FlowEntry loser = ref flows.At(slot.Owner - 1);
            loser.Guard.BeginWrite();
            loser.Ledger = 0;
            loser.Guard.EndWrite();
        }

        slot.Guard.BeginWrite();
        slot.Ledger = default;
        slot.Owner = flow + 1;
        slot.Guard.EndWrite();
        return (ushort)number;
    }

    /// <summary>Gives a ledger back.</summary>
    public void Release(int number)
    {
        ref Slot slot = ref _slots[number];
        slot.Guard.BeginWrite();
        slot.Owner = 0;
        slot.Guard.EndWrite();
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        for (int i = 1; i < _slots.Length; i++)
            Release(i);
    }

    private int Choose(FlowTable flows)
    {
        int number = _next;
        for (int i = 0; i < Reach; i++)
        {
            number = number + 1 < _slots.Length ? number + 1 : 1;
            int owner = _slots[number].Owner;
            if (owner == 0 || flows.At(owner - 1).State is not (TcpState.Established or TcpState.Closing))
                break;
        }

        return _next = number;
    }

    /// <summary>A place for one ledger.</summary>
    public struct Slot
    {
        public TcpLedger Ledger;

        /// <summary>The flow's index and one; 0 if the place is free.</summary>
        public int Owner;

        public SequenceLock Guard;
    }
}
