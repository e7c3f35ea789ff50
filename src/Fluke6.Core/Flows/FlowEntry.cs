using System.Runtime.InteropServices;
using Fluke6.Concurrency;

namespace Fluke6.Flows;

/// <summary>A flow as the table holds it: two cache lines. Written and copied under its <see cref="Guard"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FlowEntry
{
    public FlowKey Key;
    public long FramesFromLeft, FramesFromRight;
    public long BytesFromLeft, BytesFromRight;
    public long FirstSeen, LastSeen;        // UTC ticks
    public ulong Rules;                     // by RuleNames' numbers
    public long Rewritten, Dropped;
    public SequenceLock Guard;
    public ushort Ledger;                   // slot in the ledger table; 0 is none
    public TcpState State;
    public FlowMarks Marks;
}

/// <summary>Single bits of a flow.</summary>
[Flags]
internal enum FlowMarks : byte
{
    None = 0,

    /// <summary>The upper end sent the first frame, or the SYN.</summary>
    UpperBegan = 1,

    /// <summary>The lower end sent FIN.</summary>
    LowerFinished = 2,

    /// <summary>The upper end sent FIN.</summary>
    UpperFinished = 4,

    /// <summary>The entry holds a flow.</summary>
    InUse = 8,
}
