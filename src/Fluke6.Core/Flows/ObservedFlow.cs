using Fluke6.Engine;
using Fluke6.Frames;

namespace Fluke6.Flows;

/// <summary>The flow of the frame that arrived last, as rules see it. Worker's thread only.</summary>
/// <param name="table">The table that it is in.</param>
/// <param name="services">Tell which rule asks; null where no rule does.</param>
internal sealed class ObservedFlow(FlowTable table, RuleServices? services) : FlowAtHand
{
    /// <summary>Its place in the table; negative if it made room for another while the frame was held.</summary>
    public int Index { get; set; }

    /// <summary>When the frame before the one at hand arrived, in UTC ticks.</summary>
    public long SeenBefore { get; set; }

    /// <inheritdoc/>
    public override bool IsKnown => Index >= 0;

    /// <inheritdoc/>
    public override FlowEndpoint Source => !IsKnown ? default : UpperBegan ? Entry.Key.Upper : Entry.Key.Lower;

    /// <inheritdoc/>
    public override FlowEndpoint Destination => !IsKnown ? default : UpperBegan ? Entry.Key.Lower : Entry.Key.Upper;

    /// <inheritdoc/>
    public override FlowFigures Figures
    {
        get
        {
            if (!IsKnown)
                return default;

            ref FlowEntry entry = ref Entry;
            return new FlowFigures(
                entry.FramesFromLeft, entry.FramesFromRight, entry.BytesFromLeft, entry.BytesFromRight, entry.FirstSeen, SeenBefore, entry.LastSeen);
        }
    }

    private ref FlowEntry Entry => ref table.At(Index);

    private bool UpperBegan => (Entry.Marks & FlowMarks.UpperBegan) != 0;

    /// <inheritdoc/>
    public override FlowStates BeginState(out int index)
    {
        services!.BeginEngineCall("frame.Flow.State");
        RuleCall call = services.Call;
        RuleEntry rule = call.Chain.RuleAt(call.Position)!;
        index = Math.Max(Index, 0);
        return !IsKnown ? new FlowStates() : rule.FlowStates ??= table.StatesOf(rule.Name);
    }

    /// <inheritdoc/>
    public override void Release()
    {
        services!.BeginEngineCall("frame.Flow.Release");
        RuleCall call = services.Call;
        table.Releases.Add(Index, call.Chain.RuleAt(call.Position)!);
        services.EndEngineCall();
    }

    /// <inheritdoc/>
    public override void EndState() => services!.EndEngineCall();

    /// <inheritdoc/>
    public override void NoteEdits(in StreamEdits fromClient, in StreamEdits fromServer)
    {
        if (!IsKnown || Entry.Ledger == 0)
            return;

        ref TcpLedgerTable.Slot slot = ref table.Ledgers.At(Entry.Ledger);
        slot.Guard.BeginWrite();
        slot.Ledger.ClientEdits += fromClient;
        slot.Ledger.ServerEdits += fromServer;
        slot.Guard.EndWrite();
    }
}
