using System.Buffers;
using Fluke6.Concurrency;

namespace Fluke6.Flows;

internal sealed partial class FlowTable
{
    /// <summary>
    /// Copies the first flows by some order, the first at the start. From any thread, and while the bridge writes: each flow is whole in
    /// itself, though a later one may be newer, and may be newer than what it was ranked by. Looks at every flow, so its time grows with
    /// their number.
    /// </summary>
    /// <param name="destination">Where to; its length is the limit.</param>
    /// <param name="order">Which flows are first.</param>
    /// <param name="filter">Which flows are wanted; all if null.</param>
    /// <returns>How many were copied.</returns>
    public int Read(Span<FlowSnapshot> destination, FlowOrder order = FlowOrder.Recent, FlowFilter? filter = null)
    {
        Ranked[] rented = ArrayPool<Ranked>.Shared.Rent(Math.Min(destination.Length, Capacity));
        Span<Ranked> best = rented.AsSpan(0, Math.Min(destination.Length, Capacity));
        int chosen = Choose(best, order, filter);
        int copied = 0;
        foreach (Ranked ranked in best[..chosen])
        {
            if (TryCopy(ranked.Index, out FlowSnapshot flow) && (filter is null || filter(flow)))
                destination[copied++] = flow;
        }

        ArrayPool<Ranked>.Shared.Return(rented);
        return copied;
    }

    /// <summary>Copies one flow; false if it is not in the table any more. From any thread.</summary>
    /// <param name="flow">An earlier copy.</param>
    /// <param name="current">The flow as it is now.</param>
    public bool TryRefresh(in FlowSnapshot flow, out FlowSnapshot current) =>
        TryCopy(flow.Index, out current) && current.Key == flow.Key;

    /// <summary>Copies the flow at a place in the table; false if there is none. From any thread.</summary>
    public bool TryRead(int index, out FlowSnapshot flow)
    {
        flow = default;
        return index >= 0 && index < Count && TryCopy(index, out flow);
    }

    /// <summary>Copies a flow's ledger; false for a flow that has none, or not any more. From any thread.</summary>
    public bool TryGetLedger(in FlowSnapshot flow, out TcpLedger ledger)
    {
        ledger = default;
        if (!flow.HasLedger || flow.Index >= Capacity)
            return false;

        ref TcpLedgerTable.Slot slot = ref Ledgers.At(flow.Ledger);
        var reader = new SequenceLock.Reader(ref slot.Guard);
        while (reader.TryBegin())
        {
            ledger = slot.Ledger;
            int owner = slot.Owner;
            // The place may have gone to another flow, or the flow's place to another key.
            if (reader.IsWhole)
                return owner == flow.Index + 1 && TryRefresh(flow, out FlowSnapshot now) && now.Ledger == flow.Ledger;
        }

        return false;
    }

    private bool TryCopy(int index, out FlowSnapshot flow)
    {
        ref FlowEntry entry = ref _entries[index];
        var reader = new SequenceLock.Reader(ref entry.Guard);
        while (reader.TryBegin())
        {
            flow = new FlowSnapshot(entry, index, KernelFrames(index));
            if (reader.IsWhole)
                return flow.IsInUse;
        }

        flow = default;
        return false;
    }

    private int Choose(Span<Ranked> best, FlowOrder order, FlowFilter? filter)
    {
        int found = 0;
        int count = best.IsEmpty ? 0 : Count;
        for (int i = 0; i < count; i++)
        {
            if (filter is not null && (!TryCopy(i, out FlowSnapshot flow) || !filter(flow)))
                continue;

            var ranked = new Ranked(Rank(_entries[i], order), i);
            if (found < best.Length)
            {
                best[found++] = ranked;
                if (found == best.Length)
                    Heapify(best);
            }
            else if (ranked.Rank > best[0].Rank)
            {
                // The least of those kept stands at the root of a heap.
                best[0] = ranked;
                SiftDown(best);
            }
        }

        best[..found].Sort(static (a, b) => b.Rank.CompareTo(a.Rank));
        return found;
    }

    // Without looking at the version: a rank that is half an update old, or another flow's, is good enough to choose by.
    private static long Rank(in FlowEntry entry, FlowOrder order) => order switch
    {
        FlowOrder.Bytes => entry.BytesFromLeft + entry.BytesFromRight,
        FlowOrder.Frames => entry.FramesFromLeft + entry.FramesFromRight,
        FlowOrder.Begun => entry.FirstSeen,
        FlowOrder.Touched => entry.Rewritten + entry.Dropped,
        _ => entry.LastSeen,
    };

    private static void Heapify(Span<Ranked> heap)
    {
        for (int i = (heap.Length / 2) - 1; i >= 0; i--)
            SiftDown(heap, i);
    }

    private static void SiftDown(Span<Ranked> heap, int at = 0)
    {
        while ((2 * at) + 1 < heap.Length)
        {
            int child = (2 * at) + 1;
            if (child + 1 < heap.Length && heap[child + 1].Rank < heap[child].Rank)
                child++;
            if (heap[at].Rank <= heap[child].Rank)
                return;

            (heap[at], heap[child]) = (heap[child], heap[at]);
            at = child;
        }
    }

    private readonly record struct Ranked(long Rank, int Index);
}
