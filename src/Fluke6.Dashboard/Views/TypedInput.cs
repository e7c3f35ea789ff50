using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Views;

/// <summary>
/// Keys from the terminal, on their way to the library. Esc is the same character as the beginning of a longer sequence; the library takes an
/// Esc and whatever is typed soon after it for one sequence, and forgets it. Here an Esc that begins no sequence of a terminal's is a key,
/// and so is each key after it, also where the terminal sends a key with Alt that way.
/// </summary>
internal sealed class TypedInput
{
    /// <summary>The piece that stands for the key Esc.</summary>
    public const string EscapeKey = "\e";

    private const string PasteBegins = "\e[200~", PasteEnds = "\e[201~";

    // A terminal sends a sequence at once; a slow line may split it.
    private static readonly TimeSpan s_keyPatience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_sequencePatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pastePatience = TimeSpan.FromSeconds(5);

    private string _rest = "";
    private TimeSpan _restSince;
    private bool _isPaste;

    /// <summary>The kind of a text that begins with Esc.</summary>
    private enum Kind
    {
        Key,
        Sequence,
        PerhapsKey,
        PerhapsSequence,
    }

    /// <summary>Puts itself between a terminal and the library's application on it.</summary>
    public static void Attach(IApplication application)
    {
        var processor = (InputProcessorImpl<char>)application.Driver!.GetInputProcessor();
        var input = new TypedInput();
        var typed = new ConcurrentQueue<char>();
        long start = Stopwatch.GetTimestamp();
        // The thread that reads the terminal writes to this queue from now on; the application empties its own right after this event.
        processor.InputImpl!.Initialize(typed);
        application.Iteration += (_, _) =>
        {
            var text = new StringBuilder();
            while (typed.TryDequeue(out char character))
                text.Append(character);
            foreach (string piece in input.Add(text.ToString(), Stopwatch.GetElapsedTime(start)))
            {
                if (piece == EscapeKey)
                {
                    processor.ProcessQueue();
                    processor.RaiseKeyDownEvent(new Key(Key.Esc));
                    continue;
                }

                foreach (char character in piece)
                    processor.InputQueue.Enqueue(character);
            }
        };
    }

    /// <summary>Takes what was typed, and gives what is certain of all that was.</summary>
    /// <param name="typed">May be empty.</param>
    /// <param name="now">From any moment on.</param>
    /// <returns>Pieces to pass on: <see cref="EscapeKey"/>, whole sequences, and everything else.</returns>
    public IReadOnlyList<string> Add(string typed, TimeSpan now)
    {
        if (typed.Length > 0)
            _restSince = now;
        string text = _rest + typed;
        List<string> pieces = [];
        int at = 0;
        while (at < text.Length)
        {
            string? piece = _isPaste ? PasteAt(text, at) : PieceAt(text, at, waited: now - _restSince);
            if (piece is null)
                break;

            _isPaste = _isPaste ? piece != PasteEnds : piece == PasteBegins;
            pieces.Add(piece);
            at += piece.Length;
        }

        _rest = text[at..];
        // The library gives up on the end of a paste after as long.
        _isPaste &= now - _restSince < s_pastePatience;
        return pieces;
    }

    /// <returns>Null if it is not certain yet.</returns>
    private static string? PieceAt(string text, int at, TimeSpan waited)
    {
        int escape = text.IndexOf('\e', at);
        if (escape != at)
            return escape < 0 ? text[at..] : text[at..escape];

        Kind kind = KindOf(text.AsSpan(at), out int length);
        if ((kind == Kind.PerhapsKey && waited < s_keyPatience) || (kind == Kind.PerhapsSequence && waited < s_sequencePatience))
            return null;

        return kind is Kind.Key or Kind.PerhapsKey ? EscapeKey : text.Substring(at, length);
    }

    /// <returns>Null if it may be the beginning of the paste's end.</returns>
    private static string? PasteAt(string text, int at)
    {
        int end = text.IndexOf(PasteEnds, at, StringComparison.Ordinal);
        if (end == at)
            return PasteEnds;

        for (int start = end < 0 ? Math.Max(at, text.Length - PasteEnds.Length) : end; end < 0; start++)
            end = PasteEnds.StartsWith(text[start..], StringComparison.Ordinal) ? start : end;
        return end == at ? null : text[at..end];
    }

    // ECMA-48: control sequences §5.4, control strings §5.6. Function keys: xterm's ctlseqs.
    private static Kind KindOf(ReadOnlySpan<char> text, out int length)
    {
        length = text.Length;
        switch (text)
        {
            case [_] or [_, '[' or 'O' or ']' or 'P' or '_']:
                return Kind.PerhapsKey;
            case [_, 'O', 'A' or 'B' or 'C' or 'D' or 'E' or 'F' or 'H' or 'M' or (>= 'P' and <= 'S') or (>= 'j' and <= 'y'), ..]:
                length = 3;
                return Kind.Sequence;
            case [_, '[', >= ' ' and <= '~', ..]:
                int final = text[2..].IndexOfAnyInRange('@', '~');
                if (final < 0)
                    return Kind.PerhapsSequence;
                length = final + 3;
                return Kind.Sequence;
            case [_, ']' or 'P', (>= '0' and <= '?') or '!' or '$' or '+', ..] or [_, '_', 'G', ..]:
                int bell = text.IndexOf('\a'), end = text.IndexOf("\e\\");
                if (bell < 0 && end < 0)
                    return Kind.PerhapsSequence;
                length = end < 0 || (bell >= 0 && bell < end) ? bell + 1 : end + 2;
                return Kind.Sequence;
            default:
                return Kind.Key;
        }
    }
}
