using Fluke6.Dashboard.Model;
using Fluke6.Engine;
using Fluke6.Ports;

namespace Fluke6.Dashboard.Views;

/// <summary>Both ports with what comes in at each, and a line about the bridge as a whole.</summary>
internal sealed class TopPane : Pane
{
    /// <summary>How many lines it takes.</summary>
    public const int Lines = 4;

    // From here on there is room for what the ports counted, and for the flows beside the capture.
    private const int WideEnough = 120;

    // ... and from here on for what was lost coming and what was lost going.
    private const int WideEnoughForBoth = 150;

    private const int RateWidth = 10, LossWidth = 8, StateWidth = 5, OffloadWidth = 8, MinSparkline = 8, FramesWidth = 18, BytesWidth = 22;
    private readonly BridgeWatch _watch;
    private Snapshot _snapshot;

    public TopPane(ViewState state, BridgeWatch watch)
        : base(state)
    {
        CanFocus = false;
        _watch = watch;
        _snapshot = watch.Latest;
    }

    /// <inheritdoc/>
    protected override bool HasTitle => false;

    /// <summary>Shows the figures as they are now.</summary>
    public void Show(Snapshot snapshot)
    {
        _snapshot = snapshot;
        SetNeedsDraw();
    }

    /// <inheritdoc/>
    protected override void DrawLines(int top)
    {
        const int Fixed = StateWidth + OffloadWidth + (2 * RateWidth) + (2 * LossWidth) + 1;
        bool totals = Viewport.Width >= WideEnough, both = Viewport.Width >= WideEnoughForBoth;
        int flexible = Math.Max(0, Viewport.Width - Fixed - (totals ? FramesWidth + BytesWidth : 0) - (both ? LossWidth : 0));
        int name = Math.Clamp(flexible - MinSparkline, 8, 36), bars = Math.Clamp(flexible - name - 1, 0, Traffic.Seconds);
        string title = bars >= 20 ? $"last {Math.Min(Traffic.Seconds, Traffic.Seconds / bars * bars) / 60} min" : "";
        DrawLine(top, [new Piece(
            $"{"in at".PadRight(name)}{"state",-StateWidth} {"offload",-OffloadWidth}{"frames/s",RateWidth - 1} {"bit/s",RateWidth - 1} "
            + (totals ? $"{"frames",FramesWidth}{"bytes",BytesWidth}" : "") + title.PadLeft(bars)
            + (both ? $"{"rx drop",LossWidth}{"tx drop",LossWidth}" : $"{"dropped",LossWidth}") + $"{"errors",LossWidth}", Ink.Dim)]);
        Draw(top + 1, "→ ", _snapshot.Left, name, bars);
        Draw(top + 2, "← ", _snapshot.Right, name, bars);
        DrawLine(top + 3, Summary());
    }

    private void Draw(int row, string arrow, PortFigures port, int name, int bars) => DrawLine(row,
    [
        new Piece(arrow, Ink.Mark),
        new Piece(ScreenText.CutMiddle(State.Show(Name(port)), name - 3).PadRight(name - 2), Ink.Strong),
        new Piece($"{port.State}".ToLowerInvariant().PadRight(StateWidth + 1), port.State == PortState.Up ? Ink.Good : Ink.Bad),
        new Piece((port.Offload ? "on" : "off").PadRight(OffloadWidth)),
        new Piece($"{Figures.Short(port.FrameRate),RateWidth - 1} {Figures.Short(port.BitRate),RateWidth - 1} "
            + (Viewport.Width >= WideEnough ? $"{port.Frames,FramesWidth:N0}{port.Bytes,BytesWidth:N0}" : "")),
        new Piece(port.Sparkline(bars), Ink.Mark),
        .. Viewport.Width >= WideEnoughForBoth ? [Loss(port.RxDropped), Loss(port.TxDropped)] : (Piece[])[Loss(port.RxDropped + port.TxDropped)],
        Loss(port.Errors),
    ]);

    private List<Piece> Summary()
    {
        List<Piece> pieces =
        [
            new Piece(State.Frozen is null ? $"up {Figures.Clock(_snapshot.Uptime)}" : "PAUSED (p goes on)", State.Frozen is null ? Ink.Normal : Ink.Warning),
            new Piece(_watch.Options.OnFault == FaultPolicy.Pass ? "  on fault: pass" : "  on fault: drop"),
        ];
        if (_snapshot.LeftBehind is { Threads: var threads and > 0, Cores: var cores })
            pieces.Add(new Piece($"  {threads} {(threads == 1 ? "thread" : "threads")} left behind, {cores:0.0} CPU", Ink.Bad));
        // A small screen has room for this or the capture; the flows' pane says how many there are.
        if ((_snapshot.Capture is null && _snapshot.LeftBehind.Threads == 0) || Viewport.Width >= WideEnough)
        {
            pieces.Add(new Piece(_watch.Bridge.Flows is null ? "  flows are not kept"
                : $"  {_snapshot.FlowCount:N0} flows of {_watch.Options.FlowCapacity:N0}"));
        }

        if (_snapshot.KernelFrames is { } forwarded)
            pieces.Add(new Piece($"  kernel → {Figures.Short(forwarded.FromLeft)} ← {Figures.Short(forwarded.FromRight)}", Ink.Good));
        if (State.MaskAddresses)
            pieces.Add(new Piece("  masked", Ink.Warning));
        pieces.Add(_snapshot.Capture is { } capture
            ? new Piece(Capture(capture, State.Show(Path.GetFileName(capture.Path)), Viewport.Width - pieces.Sum(piece => piece.Text.Length)), Ink.Bad)
            : new Piece("  no capture", Ink.Dim));
        return pieces;
    }

    private static string Capture(CaptureFigures capture, string file, int room)
    {
        const string Mark = "  ● ";
        const int ShortestName = 8;
        string figures = $" {capture.In(room - Mark.Length - ShortestName - 1)}";
        int name = Math.Max(ShortestName, room - Mark.Length - figures.Length);
        return $"{Mark}{ScreenText.CutMiddle(file, name)}{figures}";
    }

    // Its kind stands before the name of a device that was made; what has no such prefix is an interface that was there, behind a packet socket.
    private static string Name(PortFigures port) => port.Name.Contains(':') || port.Name == "none" ? port.Name : $"{port.Name} (packet)";

    private static Piece Loss(long count) => new(Figures.Short(count).PadLeft(LossWidth), count == 0 ? Ink.Dim : Ink.Bad);
}
