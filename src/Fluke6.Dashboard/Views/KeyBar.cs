using System.Text;
using Fluke6.Dashboard.Model;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Views;

/// <summary>
/// The last line: which keys there are; for a while, what became of the last one, in more lines if it needs them; or a question, which
/// then has the keyboard.
/// </summary>
internal sealed class KeyBar : Pane
{
    private const int MostLines = 4;
    private static readonly TimeSpan s_messageTime = TimeSpan.FromSeconds(6);
    private DateTime _messageUntil;
    private string? _message;
    private string? _question;
    private string _input = "";
    private bool _wantsText;
    private Action<string>? _answer;
    private Action? _otherwise;

    public KeyBar(ViewState state)
        : base(state) => CanFocus = false;

    /// <summary>Whether a question waits for its answer.</summary>
    public bool Asks => _question is not null;

    /// <summary>The keys, in the words of the moment.</summary>
    public string Keys { get; set; } = "";

    /// <inheritdoc/>
    protected override bool HasTitle => false;

    /// <summary>How many lines it needs.</summary>
    /// <param name="columns">How wide the screen is.</param>
    public int LinesAt(int columns) => _question is null ? Math.Min(Message(columns).Count, MostLines) : 1;

    /// <summary>Says something for some seconds.</summary>
    public void Say(string message)
    {
        _message = message;
        _messageUntil = DateTime.UtcNow + s_messageTime;
        Changed();
    }

    /// <summary>Takes back what has been said for long enough.</summary>
    public void Forget()
    {
        if (_message is null || DateTime.UtcNow < _messageUntil)
            return;

        _message = null;
        Changed();
    }

    /// <summary>Asks whether to do something; y does it.</summary>
    public void Confirm(string question, Action act) => Ask(question, "", wantsText: false, _ => act(), null);

    /// <summary>Asks for a line of text.</summary>
    /// <param name="question">The text before it.</param>
    /// <param name="text">The text that it begins with.</param>
    /// <param name="answer">Takes it.</param>
    /// <param name="otherwise">Called at Esc.</param>
    public void Ask(string question, string text, Action<string> answer, Action otherwise) =>
        Ask(question, text, wantsText: true, answer, otherwise);

    /// <summary>Takes a key while there is a question.</summary>
    public void Answer(Key key)
    {
        SetNeedsDraw();
        if (key.KeyCode == KeyCode.Esc || (!_wantsText && key.KeyCode is not (KeyCode.Y or (KeyCode.Y | KeyCode.ShiftMask))))
        {
            _question = null;
            Changed();
            _otherwise?.Invoke();
        }
        else if (!_wantsText || key.KeyCode == KeyCode.Enter)
        {
            _question = null;
            Changed();
            _answer!(_input);
        }
        else if (key.KeyCode == KeyCode.Backspace)
        {
            _input = _input.Length == 0 ? "" : _input[..^(char.IsLowSurrogate(_input[^1]) ? 2 : 1)];
        }
        else if (key.KeyCode == (KeyCode.U | KeyCode.CtrlMask))
        {
            _input = "";
        }
        else if (key.AsRune is { Value: >= ' ' } character && !Rune.IsControl(character))
        {
            _input += character.ToString();
        }
    }

    /// <summary>Takes a pasted text while there is a question; its line breaks become blanks.</summary>
    /// <returns>False if nothing asks for text.</returns>
    public bool Insert(string text)
    {
        if (!Asks || !_wantsText)
            return false;

        _input += string.Concat(text.ReplaceLineEndings(" ").EnumerateRunes().Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()));
        SetNeedsDraw();
        return true;
    }

    /// <inheritdoc/>
    protected override void DrawLines(int top)
    {
        if (_question is not null)
            DrawLine(top, [new Piece(_question, Ink.Strong), new Piece(_input), new Piece(_wantsText ? "▏" : "")], selected: false);
        else if (_message is null)
            DrawLine(top, [new Piece(Keys)], selected: true);
        else
            DrawMessage(top);
    }

    private void DrawMessage(int top)
    {
        List<StyledLine> lines = Message(Viewport.Width);
        for (int i = 0; i < Rows; i++)
            DrawLine(top + i, i < lines.Count ? lines[i].Pieces : [], selected: true);
    }

    private List<StyledLine> Message(int columns) => [.. LineBreaks.Of(State.Show(StyledLine.Prose($" {_message}", Ink.Strong, indent: 1)), columns)];

    private void Changed()
    {
        if (LinesAt(Viewport.Width) != Viewport.Height)
        {
            SuperView?.SetNeedsLayout();
            SuperView?.SetNeedsDraw();
        }

        SetNeedsDraw();
    }

    private void Ask(string question, string text, bool wantsText, Action<string> answer, Action? otherwise)
    {
        // An earlier message, such as the error in the last filter, is not about the next input.
        _message = null;
        _question = question;
        _input = text;
        _wantsText = wantsText;
        _answer = answer;
        _otherwise = otherwise;
        Changed();
    }
}
