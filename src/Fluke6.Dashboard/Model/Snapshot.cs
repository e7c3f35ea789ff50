using Fluke6.Flows;
using Fluke6.Ports;
using Fluke6.Rules;

namespace Fluke6.Dashboard.Model;

/// <summary>All that is on the screen, as it was at one moment.</summary>
/// <param name="Time">When.</param>
/// <param name="Uptime">Since the screen opened.</param>
/// <param name="Left">The left port.</param>
/// <param name="Right">The right port.</param>
/// <param name="Rules">In the chain's order.</param>
/// <param name="Flows">Those that are wanted, in the order that is wanted.</param>
/// <param name="FlowCount">How many there are altogether.</param>
/// <param name="CaptureText">What the capture does; null if there is none.</param>
/// <param name="LostNotes">Lines that nobody read in time.</param>
internal sealed record Snapshot(
    DateTime Time,
    TimeSpan Uptime,
    PortFigures Left,
    PortFigures Right,
    IReadOnlyList<RuleFigures> Rules,
    IReadOnlyList<FlowSnapshot> Flows,
    int FlowCount,
    string? CaptureText,
    long LostNotes);

/// <summary>A port's figures.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="State">Whether frames pass.</param>
/// <param name="Offload">Whether it takes super-segments.</param>
/// <param name="FrameRate">Frames a second that arrive.</param>
/// <param name="BitRate">Bits a second that arrive.</param>
/// <param name="Sparkline">Makes so many bars of the last minutes.</param>
/// <param name="Dropped">Frames lost at this port, coming and going.</param>
/// <param name="Errors">System calls that failed.</param>
internal sealed record PortFigures(
    string Name, PortState State, bool Offload, double FrameRate, double BitRate, Func<int, string> Sparkline, long Dropped, long Errors);

/// <summary>A rule's figures.</summary>
internal sealed record RuleFigures(
    int Order, string Name, RuleState State, RuleTotals Totals, TimeSpan? SinceHit, RuleEntry Entry);

/// <summary>What a rule did, counted from some moment on.</summary>
internal readonly record struct RuleTotals(long Seen, long Hits, long Rewritten, long Dropped, long Sent, long Faults)
{
    public static RuleTotals Of(RuleCounters counters) =>
        new(counters.Seen, counters.Hits, counters.Rewritten, counters.Dropped, counters.Sent, counters.Faults);

    public static RuleTotals operator -(RuleTotals a, RuleTotals b) =>
        new(a.Seen - b.Seen, a.Hits - b.Hits, a.Rewritten - b.Rewritten, a.Dropped - b.Dropped, a.Sent - b.Sent, a.Faults - b.Faults);
}
