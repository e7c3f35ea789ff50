using System.Text;
using Fluke6.Journal;

namespace Fluke6.Core.Tests.Journal;

public sealed class PrintableTextTests
{
    [Theory]
    [InlineData("plain ~text", "plain ~text")]
    [InlineData("a\e[2Jb\tc\r\n\a", @"a\e[2Jb    c\r\n\x07")]
    [InlineData("\0\u007f\u0080\u009b\u0085", @"\x00\x7f\x80\x9b\x85")]
    [InlineData("a\u202eb\u2066c\u200f\u200d\ufeff\u00ad", @"a\u{202e}b\u{2066}c\u{200f}\u{200d}\u{feff}\u{ad}")]
    [InlineData("\u2028\u2029", @"\u{2028}\u{2029}")]
    [InlineData("Grüße, 日本, \u0e17\u0e35\u0e48, 😀", "Grüße, 日本, \u0e17\u0e35\u0e48, 😀")]
    [InlineData("\ue000\U000E0041", @"\u{e000}\u{e0041}")]
    public void WhatCouldActIsWrittenOut(string text, string expected) => Assert.Equal(expected, PrintableText.Of(text));

    [Fact]
    public void HalfAPairIsReplaced() => Assert.Equal("a\ufffdb", PrintableText.Of("a\ud83db"));

    [Fact]
    public void NoCharacterGetsThroughThatATerminalActsOn()
    {
        for (int value = 0; value <= 0x10ffff; value++)
        {
            if (Rune.IsValid(value))
                Assert.DoesNotContain(PrintableText.Of(new Rune(value).ToString()), character => char.IsControl(character));
        }
    }
}
