using Fluke6.Dashboard.Views;
using Terminal.Gui.Input;

namespace Fluke6.Dashboard.Tests;

/// <summary>Esc and keys right after it are Esc and those keys, however the library reads them.</summary>
public sealed class EscapedKeysTests
{
    [Theory]
    [InlineData("\e/icmp", "Esc / i c m p")]
    [InlineData("\e?", "Esc ?")]
    [InlineData("\e ", "Esc Space")]
    [InlineData("\e[", "Esc [")]
    [InlineData("\eé日", "Esc é 日")]
    [InlineData("\ex\r\t\u007f\u0003", "Esc x Enter Tab Backspace Ctrl+C")]
    [InlineData("\ePause", "Esc P a u s e")]
    [InlineData("\e[?62;22c", "")]
    [InlineData("\e]11;rgb:0000/0000/0000", "")]
    [InlineData("\eP>|tmux 3.4", "")]
    [InlineData("\e\\", "")]
    public void SequenceIsWhatWasTyped(string sequence, string keys) =>
        Assert.Equal(keys, string.Join(' ', EscapedKeys.Of(sequence).Select(key => key == Key.Space ? "Space" : $"{key}")));

    [Fact]
    public void AltIsEscBefore()
    {
        Assert.Equal([Key.Esc, (Key)'x'], EscapedKeys.Of(((Key)'x').WithAlt));
        Assert.Equal([Key.Esc, (Key)'S'], EscapedKeys.Of(((Key)'S').WithAlt));
        Assert.Equal([Key.Esc, Key.CursorUp], EscapedKeys.Of(Key.CursorUp.WithAlt));
        Assert.Equal([Key.Esc, Key.Tab], EscapedKeys.Of(Key.I.WithCtrl.WithAlt));
        Assert.Equal([Key.Esc, Key.Enter], EscapedKeys.Of(Key.M.WithCtrl.WithAlt));
        Assert.Equal([Key.Esc, Key.C.WithCtrl], EscapedKeys.Of(Key.C.WithCtrl.WithAlt));
    }
}
