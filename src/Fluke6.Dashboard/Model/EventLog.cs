using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Ports;

namespace Fluke6.Dashboard.Model;

/// <summary>The events, a line or more each; the last few thousand lines.</summary>
internal sealed class EventLog
{
    private const int Capacity = 5000;
    private const string TimesBlanks = "         ";
    private readonly List<StyledLine> _lines = [];

    /// <summary>A log that begins with warnings.</summary>
    public EventLog(IEnumerable<string> notices) => _lines.AddRange(notices.Select(line => Wrapped(new Piece(Printable(line), Ink.Warning))));

    /// <summary>The lines, the last one last.</summary>
    public IReadOnlyList<StyledLine> Lines => _lines;

    /// <summary>Lines that were there and are not kept any more.</summary>
    public long Forgotten { get; private set; }

    /// <summary>Lines that there were so far.</summary>
    public long Count => Forgotten + _lines.Count;

    /// <summary>Adds what the bridge noted.</summary>
    public void Add(JournalNote note)
    {
        switch (note)
        {
            case LogNote log:
                Add(note.Time, new Piece($"{log.Rule}: ", Ink.Strong), new Piece(log.Message));
                break;

            case FaultNote { Fault: var fault }:
                Add(note.Time, new Piece($"fault {fault.Rule}{(fault.At is null ? "" : $" at {fault.At}")}: {fault.Message}"
                    + (fault.Bypassed ? "; bypassed until its file is saved again" : ""), Ink.Bad));
                break;

            case ReloadNote { Ok: true } reload:
                Add(note.Time, new Piece($"{(reload.HadVersion ? "reloaded" : "loaded")} {reload.Rule} in {reload.Milliseconds:0} ms", Ink.Good));
                break;

            case ReloadNote reload:
                Add(note.Time, new Piece($"{reload.Rule} cannot be loaded; {(reload.HadVersion ? "its last good version runs on" : "no version of it runs")}", Ink.Bad));
                foreach (string diagnostic in reload.Diagnostics)
                    Add(Wrapped(new Piece(TimesBlanks), new Piece(Printable(diagnostic), Ink.Bad)));
                break;

            case PortNote port:
                Add(note.Time, new Piece(Describe(port), port.State == PortState.Up ? Ink.Good : Ink.Warning));
                break;

            case CaptureNote or LoopNote:
                Add(note.Time, new Piece($"{note}", Ink.Bad));
                break;

            case LossNote or SkippedNote:
                Add(note.Time, new Piece($"{note}", Ink.Warning));
                break;

            case RestartNote restart:
                Add(note.Time, new Piece($"{restart}", Ink.Bad));
                break;

            // Every connection is in the flows' pane; a line for each would bury what matters here.
            case HandshakeNote:
                break;
        }
    }

    /// <summary>Adds what the user did here.</summary>
    public void Add(string text) => Add(DateTimeOffset.UtcNow, new Piece(text, Ink.Mark));

    private static string Describe(PortNote port)
    {
        string side = port.Side == Side.Left ? "left" : "right";
        return port.State switch
        {
            PortState.Up => $"{side} port {port.Name} is up",
            PortState.Down => $"{side} port {port.Name} is down; frames pass again once it is set up",
            _ => $"{side} port {port.Name} is gone; frames pass again once it is back",
        };
    }

    private static string Printable(string text) => ScreenText.Printable(text);

    private void Add(DateTimeOffset time, params Piece[] pieces) => Add(Wrapped(
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
