namespace Fluke6.Flows;

public sealed partial class FlowTable
{
    /// <summary>
    /// Copies the first flows by some order, the first at the start. From any thread, and while the bridge writes: each flow is whole in
    /// itself, though a later one may be newer. Allocates nothing; looks at every flow, so its time grows with their number.
    /// </summary>
    /// <param name="destination">Where to; its length is the limit.</param>
    /// <param name="order">Which flows are first.</param>
    /// <param name="filter">Which flows are wanted; all if null.</param>
    /// <returns>How many were copied.</returns>
    public int Read(Span<FlowSnapshot> destination, FlowOrder order = FlowOrder.Recent, FlowFilter? filter = null)
    {
        int found = 0;
        int count = destination.IsEmpty ? 0 : Count;
        for (int i = 0; i < count; i++)
        {
            if (!TryCopy(i, out FlowSnapshot flow) || (filter is not null && !filter(flow)))
                continue;

            if (found < destination.Length)
            {
                destination[found++] = flow;
                if (found == destination.Length)
                    Heapify(destination, order);
            }
            else if (Rank(flow, order) > Rank(destination[0], order))
            {
                // The least of those kept stands at the root of a heap.
                destination[0] = flow;
                SiftDown(destination, 0, order);
            }
        }

        Span<FlowSnapshot> heap = destination[..found];
        if (found < destination.Length)
            Heapify(heap, order);
        for (int last = found - 1; last > 0; last--)
        {
            (heap[0], heap[last]) = (heap[last], heap[0]);
            SiftDown(heap[..last], 0, order);
        }

        return found;
    }

    /// <summary>Copies one flow; false if it is not in the table any more. From any thread.</summary>
    /// <param name="flow">An earlier copy.</param>
    /// <param name="current">The flow as it is now.</param>
    public bool TryRefresh(in FlowSnapshot flow, out FlowSnapshot current) =>
        TryCopy(flow.Index, out current) && current.Key == flow.Key;

    /// <summary>Copies a flow's ledger; false for a flow that has none, or not any more. From any thread.</summary>
    public bool TryGetLedger(in FlowSnapshot flow, out TcpLedger ledger)
    {
        ledger = default;
        if (!flow.HasLedger || flow.Index >= Capacity)
            return false;

        ref TcpLedgerTable.Slot slot = ref Ledgers.At(flow.Ledger);
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            int version = Volatile.Read(ref slot.Version);
            if ((version & 1) == 0)
            {
                ledger = slot.Ledger;
                int owner = slot.Owner;
                Volatile.ReadBarrier();
                // The place may have gone to another flow, or the flow's place to another key.
                if (slot.Version == version)
                    return owner == flow.Index + 1 && TryRefresh(flow, out FlowSnapshot now) && now.Ledger == flow.Ledger;
            }

            Thread.SpinWait(1);
        }

        return false;
    }

    // The writer holds an entry for nanoseconds; only one that was stopped amid a write is odd for longer.
    private const int MaxAttempts = 1000;

    private bool TryCopy(int index, out FlowSnapshot flow)
    {
        ref FlowEntry entry = ref _entries[index];
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            int version = Volatile.Read(ref entry.Version);
            if ((version & 1) == 0)
            {
                flow = new FlowSnapshot(entry, index);
                Volatile.ReadBarrier();
                if (entry.Version == version)
                    return flow.IsInUse;
            }

            Thread.SpinWait(1);
        }

        flow = default;
        return false;
    }

    private static long Rank(in FlowSnapshot flow, FlowOrder order) => order switch
    {
        FlowOrder.Bytes => flow.Bytes,
        FlowOrder.Frames => flow.Frames,
        FlowOrder.Begun => flow.FirstSeen.Ticks,
        FlowOrder.Touched => flow.Rewritten + flow.Dropped,
        _ => flow.LastSeen.Ticks,
    };

    private static void Heapify(Span<FlowSnapshot> heap, FlowOrder order)
    {
        for (int i = (heap.Length / 2) - 1; i >= 0; i--)
            SiftDown(heap, i, order);
    }

    private static void SiftDown(Span<FlowSnapshot> heap, int at, FlowOrder order)
    {
        while ((2 * at) + 1 < heap.Length)
        {
            int child = (2 * at) + 1;
            if (child + 1 < heap.Length && Rank(heap[child + 1], order) < Rank(heap[child], order))
                child++;
            if (Rank(heap[at], order) <= Rank(heap[child], order))
                return;

            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
    }
}
