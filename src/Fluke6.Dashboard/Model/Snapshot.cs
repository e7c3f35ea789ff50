using Fluke6.Captures;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Ports;

namespace Fluke6.Dashboard.Model;

/// <summary>All that is on the screen, as it was at one moment.</summary>
/// <param name="Time">When.</param>
/// <param name="Uptime">Since the screen opened.</param>
/// <param name="Left">The left port.</param>
/// <param name="Right">The right port.</param>
/// <param name="Rules">In the chain's order.</param>
/// <param name="Flows">Those that are wanted, in the order that is wanted.</param>
/// <param name="FlowCount">How many there are altogether.</param>
/// <param name="Capture">The capture's figures so far; null if there is none.</param>
/// <param name="LostNotes">Lines that nobody read in time.</param>
/// <param name="LeftBehind">Threads that rules did not give back.</param>
internal sealed record Snapshot(
    DateTime Time,
    TimeSpan Uptime,
    PortFigures Left,
    PortFigures Right,
    IReadOnlyList<RuleFigures> Rules,
    IReadOnlyList<FlowSnapshot> Flows,
    int FlowCount,
    CaptureFigures? Capture,
    long LostNotes,
    LeftBehindFigures LeftBehind)
{
    /// <summary>Frames that the kernel forwarded by itself; null where it does not.</summary>
    public (long FromLeft, long FromRight)? KernelFrames { get; init; }
}

/// <summary>Threads that rules did not give back and that were left where they are.</summary>
/// <param name="Threads">How many of them there are.</param>
/// <param name="Cores">How much processor time they use, in cores.</param>
internal readonly record struct LeftBehindFigures(int Threads, double Cores);

/// <summary>A port's figures.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="State">Whether frames pass.</param>
/// <param name="Offload">Whether it takes super-segments.</param>
/// <param name="Frames">Frames that arrived, since the bridge began.</param>
/// <param name="Bytes">Octets that arrived, since the bridge began.</param>
/// <param name="FrameRate">Frames a second that arrive.</param>
/// <param name="BitRate">Bits a second that arrive.</param>
/// <param name="Sparkline">Makes so many bars of the last minutes.</param>
/// <param name="RxDropped">Frames that arrived and were lost before the bridge saw them.</param>
/// <param name="TxDropped">Frames that could not be sent.</param>
/// <param name="Errors">System calls that failed.</param>
internal sealed record PortFigures(
    string Name, PortState State, bool Offload, long Frames, long Bytes, double FrameRate, double BitRate,
    Func<int, string> Sparkline, long RxDropped, long TxDropped, long Errors);

/// <summary>A capture's figures.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Time">Since it began.</param>
/// <param name="Packets">In the file.</param>
/// <param name="Bytes">The file's length, in octets.</param>
/// <param name="Lost">Packets that are not in the file.</param>
/// <param name="Failure">Why nothing more is written; null while all is well.</param>
internal sealed record CaptureFigures(string Path, TimeSpan Time, long Packets, long Bytes, long Lost, string? Failure)
{
    public static CaptureFigures Of(CaptureFile capture) =>
        new(capture.Path, DateTime.UtcNow - capture.Started, capture.Written, capture.Bytes, capture.Lost, capture.Failure);

    /// <summary>All but the file.</summary>
    public override string ToString() => $"{Figures.Clock(Time)}, {Packets:N0} {Unit}, {Figures.Short(Bytes)}B, {Losses}";

    /// <summary>As much of it as some columns hold. What is lost comes first: it cannot be looked up in the file.</summary>
    public string In(int columns)
    {
        string packets = $"{Figures.Short(Packets)} {Unit}";
        string[] texts =
        [
            $"{this}", $"{Figures.Clock(Time)}, {packets}, {Figures.Short(Bytes)}B, {Losses}", $"{Figures.Clock(Time)}, {packets}, {Losses}",
            $"{packets}, {Losses}", Losses,
        ];
        return texts.FirstOrDefault(text => text.Length <= columns, Losses);
    }

    private string Unit => Packets == 1 ? "packet" : "packets";

    private string Losses => $"{Lost:N0} lost" + (Failure is null ? "" : $", FAILED: {Failure}");
}

/// <summary>A rule's figures.</summary>
internal sealed record RuleFigures(
    int Order, string Name, RuleState State, RuleTotals Totals, TimeSpan? SinceHit, RuleEntry Entry)
{
    /// <summary>The colour of its state.</summary>
    public Ink StateInk => State switch
    {
        RuleState.Live => Ink.Good,
        RuleState.Disabled => Ink.Dim,
        RuleState.Stale => Ink.Warning,
        _ => Ink.Bad,
    };
}

/// <summary>A rule's deeds, counted from some moment on. As in <see cref="RuleCounters"/>.</summary>
internal readonly record struct RuleTotals(
    long Seen, long GuardMatched, long Hits, long Rewritten, long Dropped, long Sent, long Faults, long Timed, long TimedTicks)
{
    /// <summary>How long the rule takes for a frame, of those that were measured; 0 if none was.</summary>
    public double MeanNanoseconds => RuleTiming.Nanoseconds(TimedTicks, Timed);

    public static RuleTotals Of(RuleCounters counters) => new(
        counters.Seen, counters.GuardMatched, counters.Hits, counters.Rewritten, counters.Dropped, counters.Sent, counters.Faults, counters.Timed, counters.TimedTicks);

    public static RuleTotals operator -(RuleTotals a, RuleTotals b) => new(
        a.Seen - b.Seen, a.GuardMatched - b.GuardMatched, a.Hits - b.Hits, a.Rewritten - b.Rewritten, a.Dropped - b.Dropped, a.Sent - b.Sent, a.Faults - b.Faults,
        a.Timed - b.Timed, a.TimedTicks - b.TimedTicks);
}
