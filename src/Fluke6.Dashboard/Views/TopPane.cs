using Fluke6.Dashboard.Model;
using Fluke6.Snapshots;

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

    // As many as a bridge keeps.
    private const int Seconds = 240;

    private const int RateWidth = 10, LossWidth = 8, StateWidth = 5, OffloadWidth = 8, MinSparkline = 8, FramesWidth = 18, BytesWidth = 22;
    private readonly BridgeWatch _watch;
    private BridgeSnapshot _snapshot;
    private double _cores;

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
    public void Show(BridgeSnapshot snapshot)
    {
        // A thread that ended takes its time with it.
        double seconds = (snapshot.Time - _snapshot.Time).TotalSeconds, spent = snapshot.SecondsLeftBehind - _snapshot.SecondsLeftBehind;
        if (seconds > 0)
            _cores = Math.Max(0, spent / seconds);
        _snapshot = snapshot;
        SetNeedsDraw();
    }

    /// <inheritdoc/>
    protected override void DrawLines(int top)
    {
        const int Fixed = StateWidth + OffloadWidth + (2 * RateWidth) + (2 * LossWidth) + 1;
        bool totals = Viewport.Width >= WideEnough, both = Viewport.Width >= WideEnoughForBoth;
        int flexible = Math.Max(0, Viewport.Width - Fixed - (totals ? FramesWidth + BytesWidth : 0) - (both ? LossWidth : 0));
        int name = Math.Clamp(flexible - MinSparkline, 8, 36), bars = Math.Clamp(flexible - name - 1, 0, Seconds);
        string title = bars >= 20 ? $"last {Math.Min(Seconds, Seconds / bars * bars) / 60} min" : "";
        DrawLine(top, [new Piece(
            $"{"in at".PadRight(name)}{"state",-StateWidth} {"offload",-OffloadWidth}{"frames/s",RateWidth - 1} {"bit/s",RateWidth - 1} "
            + (totals ? $"{"frames",FramesWidth}{"bytes",BytesWidth}" : "") + title.PadLeft(bars)
            + (both ? $"{"rx drop",LossWidth}{"tx drop",LossWidth}" : $"{"dropped",LossWidth}") + $"{"errors",LossWidth}", Ink.Dim)]);
        Draw(top + 1, "→ ", _snapshot.Ports.Left, _snapshot.Zero?.Ports.Left, name, bars);
        Draw(top + 2, "← ", _snapshot.Ports.Right, _snapshot.Zero?.Ports.Right, name, bars);
        DrawLine(top + 3, Summary());
    }

    private void Draw(int row, string arrow, PortRecord port, PortRecord? zero, int name, int bars) => DrawLine(row,
    [
        new Piece(arrow, Ink.Mark),
        new Piece(ScreenText.CutMiddle(State.Show(Name(port)), name - 3).PadRight(name - 2), Ink.Strong),
        new Piece(port.State.PadRight(StateWidth + 1), port.State == PortRecord.Up ? Ink.Good : Ink.Bad),
        new Piece((port.Offload ? "on" : "off").PadRight(OffloadWidth)),
        new Piece($"{Figures.Short(port.FramesPerSecond),RateWidth - 1} {Figures.Short(port.BitsPerSecond),RateWidth - 1} "
            + (Viewport.Width >= WideEnough ? $"{port.RxFrames,FramesWidth:N0}{port.RxBytes,BytesWidth:N0}" : "")),
        new Piece(Sparkline.Of(port.History ?? [], bars), Ink.Mark),
        .. Viewport.Width >= WideEnoughForBoth ? [Loss(port.RxDropped - (zero?.RxDropped ?? 0)), Loss(port.TxDropped - (zero?.TxDropped ?? 0))]
            : (Piece[])[Loss(port.RxDropped + port.TxDropped - (zero?.RxDropped ?? 0) - (zero?.TxDropped ?? 0))],
        Loss(port.Errors - (zero?.Errors ?? 0)),
    ]);

    /// <summary>What the kernel forwarded of that which came in at each port.</summary>
    /// <param name="ports">The ports.</param>
    /// <param name="withBytes">Whether there is room for the bytes.</param>
    public static string Kernel(PortsRecord ports, bool withBytes)
    {
        return $"kernel → {Of(ports.Left)} ← {Of(ports.Right)}";

        string Of(PortRecord port) => Figures.Short(port.KernelFrames) + (withBytes ? $" ({Figures.Short(port.KernelBytes)} bytes)" : "");
    }

    private List<Piece> Summary()
    {
        CaptureFigures? capture = CaptureFigures.Of(_snapshot);
        List<Piece> pieces = [];
        if (_watch.Bridge.Trouble is not null)
            pieces.Add(new Piece("NOT CONNECTED  ", Ink.Bad));
        pieces.Add(State.Frozen is null
            ? new Piece($"up {Figures.Clock(TimeSpan.FromSeconds(_snapshot.Uptime))}")
            : new Piece("PAUSED (p goes on)", Ink.Warning));
        pieces.Add(new Piece($"  on fault: {_watch.Bridge.Ready.OnFault}"));
        if (_snapshot.ThreadsLeftBehind is > 0 and int threads)
            pieces.Add(new Piece($"  {threads} {(threads == 1 ? "thread" : "threads")} left behind, {_cores:0.0} CPU", Ink.Bad));
        // A small screen has room for this or the capture; the flows' pane says how many there are.
        if ((capture is null && _snapshot.ThreadsLeftBehind == 0) || Viewport.Width >= WideEnough)
        {
            pieces.Add(new Piece(!_watch.KeepsFlows ? "  flows are not kept"
                : $"  {_snapshot.Flows:N0} flows of {_watch.Bridge.Ready.FlowCapacity:N0}"));
        }

        if (_snapshot.FastPath == true)
            pieces.Add(new Piece($"  {Kernel(_snapshot.Ports, Viewport.Width >= WideEnough)}", Ink.Good));
        if (State.MaskAddresses)
            pieces.Add(new Piece("  masked", Ink.Warning));
        pieces.Add(capture is not null
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
    private static string Name(PortRecord port) =>
        port.Specification.Contains(':') || port.Specification == "none" ? port.Specification : $"{port.Specification} (packet)";

    private static Piece Loss(long count) => new(Figures.Short(count).PadLeft(LossWidth), count == 0 ? Ink.Dim : Ink.Bad);
}
