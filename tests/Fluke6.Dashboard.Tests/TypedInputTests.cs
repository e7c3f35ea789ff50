using Fluke6.Dashboard.Views;

namespace Fluke6.Dashboard.Tests;

/// <summary>An Esc that begins no sequence of a terminal's is a key, and so is all that comes after it, however it is split.</summary>
public sealed class TypedInputTests
{
    private static readonly TimeSpan s_later = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("icmp", "icmp")]
    [InlineData("\e", "ESC")]
    [InlineData("\e/icmp\r", "ESC /icmp\r")]
    [InlineData("\e?", "ESC ?")]
    [InlineData("\e+\e ", "ESC + ESC  ")]
    [InlineData("\e\t", "ESC \t")]
    [InlineData("\e\u007f\u0003é日", "ESC \u007f\u0003é日")]
    [InlineData("\e\e", "ESC ESC")]
    [InlineData("\eOk", "\eOk")]
    [InlineData("\eOpen", "\eOp en")]
    [InlineData("\eO!", "ESC O!")]
    [InlineData("\e[A\e[1;3B\eOP", "\e[A \e[1;3B \eOP")]
    [InlineData("\e\e[A", "ESC \e[A")]
    [InlineData("\e[<0;10;12Mx", "\e[<0;10;12M x")]
    [InlineData("\e[", "ESC [")]
    [InlineData("\e[é", "ESC [é")]
    [InlineData("\e[<0;1", "\e[<0;1")]
    [InlineData("\e]11;rgb:0000/0000/0000\e\\q", "\e]11;rgb:0000/0000/0000\e\\ q")]
    [InlineData("\e]11;rgb:0000\ae", "\e]11;rgb:0000\a e")]
    [InlineData("\eP>|tmux 3.4\e\\", "\eP>|tmux 3.4\e\\")]
    [InlineData("\e_Gi=31;OK\e\\m", "\e_Gi=31;OK\e\\ m")]
    [InlineData("\ePause", "ESC Pause")]
    [InlineData("\e[200~a\e/q\e[201~\e/", "\e[200~ a\e/q \e[201~ ESC /")]
    public void WhatWasTyped(string typed, string expected)
    {
        var whole = new TypedInput();
        Assert.Equal(expected, Read([.. whole.Add(typed, TimeSpan.Zero), .. whole.Add("", s_later)]));

        // A character at a time, each at once after the one before.
        var slow = new TypedInput();
        string[] pieces = [.. typed.SelectMany(character => slow.Add($"{character}", TimeSpan.Zero)), .. slow.Add("", s_later)];
        Assert.Equal(expected.Replace(" ", "", StringComparison.Ordinal), Read(pieces).Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public void PasteThatNeverEndsIsOverAfterAWhile()
    {
        var input = new TypedInput();
        Assert.Equal(["\e[200~", "a"], input.Add("\e[200~a", TimeSpan.Zero));
        Assert.Empty(input.Add("", s_later));
        Assert.Equal([TypedInput.EscapeKey, "/"], input.Add("\e/", s_later));
    }

    [Fact]
    public void EscAloneIsAKeyAfterAMoment()
    {
        var input = new TypedInput();
        Assert.Empty(input.Add("\e", TimeSpan.FromMilliseconds(100)));
        Assert.Empty(input.Add("", TimeSpan.FromMilliseconds(149)));
        Assert.Equal([TypedInput.EscapeKey], input.Add("", TimeSpan.FromMilliseconds(150)));
        Assert.Equal(["/"], input.Add("/", TimeSpan.FromMilliseconds(150)));
    }

    [Fact]
    public void SequenceThatASlowLineSplitsIsOne()
    {
        var input = new TypedInput();
        Assert.Empty(input.Add("\e[<0;1", TimeSpan.Zero));
        Assert.Empty(input.Add("", TimeSpan.FromMilliseconds(400)));
        Assert.Equal(["\e[<0;10;3m"], input.Add("0;3m", TimeSpan.FromMilliseconds(500)));
    }

    private static string Read(IEnumerable<string> pieces) => string.Join(' ', pieces.Select(piece => piece == TypedInput.EscapeKey ? "ESC" : piece));
}
