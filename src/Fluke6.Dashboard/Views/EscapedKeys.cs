using System.Text;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Views;

/// <summary>
/// Terminals send Esc and then a key in the same way as that key with Alt, and the library takes several keys after an Esc for a sequence
/// that it does not know. Here each of them is what it means to somebody who types fast: Esc, and the keys.
/// </summary>
internal static class EscapedKeys
{
    private const char Escape = '\e';

    /// <summary>The keys that a key with Alt stands for.</summary>
    public static IEnumerable<Key> Of(Key key) => [Key.Esc, Plain(key.NoAlt)];

    /// <summary>The keys of a sequence that the library gave up on; none if the terminal itself sent it, such as a late answer.</summary>
    public static IEnumerable<Key> Of(string sequence)
    {
        if (sequence.Length < 2 || sequence[0] != Escape || IsTerminals(sequence.AsSpan(1)))
            return [];

        return [Key.Esc, .. sequence[1..].EnumerateRunes().Select(rune => Plain(Of(rune)))];
    }

    // Control sequences, operating system commands, device control strings and their end: ECMA-48 §5.4, §5.6. A key that begins like one
    // does nothing here.
    private static bool IsTerminals(ReadOnlySpan<char> text) => text switch
    {
        ['[', _, ..] => true,
        [']' or 'P', >= '0' and <= '?' or '!' or '$' or '+', ..] => true,
        ['\\'] => true,
        _ => false,
    };

    private static Key Of(Rune rune) => rune.Value switch
    {
        0x7f => Key.Backspace,
        >= 1 and <= 26 => new Key((char)('a' + rune.Value - 1)).WithCtrl,
        _ => new Key(rune.Value),
    };

    // What a terminal sends for these keys are control characters: ASCII.
    private static Key Plain(Key key) => key.KeyCode switch
    {
        KeyCode.I | KeyCode.CtrlMask => Key.Tab,
        KeyCode.M | KeyCode.CtrlMask or KeyCode.J | KeyCode.CtrlMask => Key.Enter,
        KeyCode.H | KeyCode.CtrlMask => Key.Backspace,
        _ => key,
    };
}
