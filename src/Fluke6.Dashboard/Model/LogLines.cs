using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Model;

/// <summary>The events, a line or more each; the last few thousand lines.</summary>
internal sealed class LogLines
{
    private const int Capacity = 5000;
    private const string TimesBlanks = "         ";
    private readonly List<StyledLine> _lines = [];

    /// <summary>A log that begins with warnings.</summary>
    public LogLines(IEnumerable<string> notices) => _lines.AddRange(notices.Select(line => Wrapped(new Piece(Printable(line), Ink.Warning))));

    /// <summary>The lines, the last one last.</summary>
    public IReadOnlyList<StyledLine> Lines => _lines;

    /// <summary>Lines that were there and are not kept any more.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Lines that there were so far.</summary>
    public long Count => Forgotten + _lines.Count;

    /// <summary>Events that this screen missed, since it was too slow or not connected.</summary>
    public long Missing { get; private set; }

    /// <summary>Counts events that were missed.</summary>
    public void Miss(long events) => Missing += events;

    /// <summary>Adds what happened on the bridge.</summary>
    public void Add(BridgeEvent note)
    {
        switch (note)
        {
            case LogEvent log:
                Add(note.Time, new Piece($"{log.Rule}: ", Ink.Strong), new Piece(log.Message));
                break;

            case FaultEvent fault:
                Add(note.Time, new Piece($"fault {fault.Rule}{(fault.At is null ? "" : $" at {fault.At}")}: {fault.Message}"
                    + (fault.Bypassed ? "; bypassed until its file is saved again" : ""), Ink.Bad));
                break;

            case ReloadEvent { Ok: true } reload:
                Add(note.Time, new Piece($"{(reload.HadVersion ? "reloaded" : "loaded")} {reload.Rule} in {reload.Milliseconds:0} ms", Ink.Good));
                break;

            case ReloadEvent reload:
                Add(note.Time, new Piece($"{reload.Rule} cannot be loaded; {(reload.HadVersion ? "its last good version runs on" : "no version of it runs")}", Ink.Bad));
                foreach (string diagnostic in reload.Diagnostics ?? [])
                    Add(Wrapped(new Piece(TimesBlanks), new Piece(Printable(diagnostic), Ink.Bad)));
                break;

            case PortEvent port:
                Add(note.Time, new Piece(port.Message, port.State == PortRecord.Up ? Ink.Good : Ink.Warning));
                break;

            case CaptureEvent capture:
                Add(note.Time, new Piece(capture.Message, capture.Ok ? Ink.Good : Ink.Bad));
                break;

            case LoopEvent loop:
                Add(note.Time, new Piece(loop.Message, Ink.Bad));
                break;

            case LossEvent loss:
                Add(note.Time, new Piece(loss.Message, Ink.Warning));
                break;

            case SkippedEvent skipped:
                Add(note.Time, new Piece(skipped.Message, Ink.Warning));
                break;

            case RestartEvent restart:
                Add(note.Time, new Piece(restart.Message, Ink.Bad));
                break;
        }
    }

    /// <summary>Adds what the user did here.</summary>
    public void Add(string text) => Add(DateTime.UtcNow, new Piece(text, Ink.Mark));

    private static string Printable(string text) => ScreenText.Printable(text);

    private void Add(DateTime time, params Piece[] pieces) => Add(Wrapped(
        [new Piece($"{time.ToLocalTime():HH:mm:ss} ", Ink.Dim), .. pieces.Select(piece => piece with { Text = Printable(piece.Text) })]));

    // Further lines begin under the text, not under the time.
    private static StyledLine Wrapped(params Piece[] pieces) => StyledLine.Prose(pieces, TimesBlanks.Length);

    private void Add(StyledLine line)
    {
        if (_lines.Count == Capacity)
        {
            // Many at once: a list's head is dear to remove.
            _lines.RemoveRange(0, Capacity / 10);
            Forgotten += Capacity / 10;
        }

        _lines.Add(line);
    }
}
