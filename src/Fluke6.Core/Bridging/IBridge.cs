using Fluke6.Captures;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Bridging;

/// <summary>Two sides with a chain of rules between them, as reports see it: a bridge, or captures that are replayed. Any thread.</summary>
internal interface IBridge : IRuleHost
{
    /// <summary>The left port.</summary>
    IPort Left { get; }

    /// <summary>The right port.</summary>
    IPort Right { get; }

    /// <summary>The chain that runs.</summary>
    RuleChain Chain { get; }

    /// <summary>Notes of events that nobody read yet.</summary>
    BridgeJournal Journal { get; }

    /// <summary>The flows; null if none are kept.</summary>
    FlowTable? Flows { get; }

    /// <summary>The ledger of neighbour discovery; null if no flows are kept.</summary>
    NeighborLedger? Neighbors { get; }

    /// <summary>The last frames that rules changed; null if no flows are kept.</summary>
    ChangeLog? Changes { get; }

    /// <summary>The captures that are being written.</summary>
    IReadOnlyList<CaptureFile> Captures { get; }

    /// <summary>Of the captures that are being written, the one that began last; where none is, the one that ended last; null if there never was one.</summary>
    CaptureFile? LastCapture { get; }

    /// <summary>Frames that the kernel forwards by itself; null where there are no ports.</summary>
    FastPathSwitch? FastPath => null;

    /// <summary>The time, as the rules see it.</summary>
    DateTimeOffset Now { get; }
}
