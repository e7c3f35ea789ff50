using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Watching;

namespace Fluke6.Dashboard.Tests;

/// <summary>Numbers, addresses and bars as they stand on the screen.</summary>
public sealed class TextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(9_999, "9999")]
    [InlineData(12_345, "12.3k")]
    [InlineData(999_949, "1000k")]
    [InlineData(99_960_000, "100M")]
    [InlineData(1_234_567_890, "1.23G")]
    [InlineData(17_200_000_000, "17.2G")]
    public void FigureFitsFiveCharacters(double value, string expected)
    {
        Assert.Equal(expected, Figures.Short(value));
        Assert.InRange(expected.Length, 1, 5);
    }

    [Theory]
    [InlineData(0, "<1", "less than 1 ns")]
    [InlineData(0.6, "<1", "less than 1 ns")]
    [InlineData(1.2, "1", "1 ns")]
    [InlineData(12_345, "12.3k", "12,345 ns")]
    public void TimeThatWasMeasuredIsNotNothing(double mean, string expected, string inWords) =>
        Assert.Equal((expected, inWords), (Figures.Nanoseconds(mean), Figures.NanosecondsInWords(mean)));

    [Theory]
    [InlineData("192.0.2.7:80", "·.·.·.7:80")]
    [InlineData("[2001:db8::1]:80", "[…:1]:80")]
    [InlineData("ff02::1:ff00:6", "…:6")]
    [InlineData("02:00:00:00:00:06", "··:··:··:··:··:06")]
    [InlineData("12:34:56 up", "12:34:56 up")]
    [InlineData("10-x.csx(3,9): error", "10-x.csx(3,9): error")]
    public void MaskHidesAddressesAndNothingElse(string text, string expected) => Assert.Equal(expected, AddressMask.Hide(text));

    [Fact]
    public void LogLineCannotMoveTheCursor() => Assert.Equal(@"a\e[2Jb    c\n\x07", ScreenText.Printable("a\e[2Jb\tc\n\a"));

    [Fact]
    public void WideAndStrangeCharactersKeepTheColumns()
    {
        Assert.Equal(@"日本é\u{301}", ScreenText.Printable("日本é\u0301"));
        Assert.Equal(@"a\u{202e}b", ScreenText.Printable("a\u202eb"));
        Assert.Equal(6, ScreenText.Columns("ab日本"));
        Assert.Equal("ab日", ScreenText.Start("ab日本", 5));
        Assert.Equal(" 本", ScreenText.Skip("日本", 1));
        Assert.Equal("日… 本", ScreenText.CutMiddle("日本日本", 6));
        Assert.Equal("😀", ScreenText.Printable("😀"));
        Assert.Equal("�", ScreenText.Printable("\ud83d"));
    }

    [Fact]
    public void LongNameKeepsBothEnds()
    {
        Assert.Equal("tcp-s…itted", ScreenText.CutMiddle("tcp-strip-sack-permitted", 11));
        Assert.Equal("short", ScreenText.CutMiddle("short", 11));
    }

    [Fact]
    public void SparklineGrowsToTheRight()
    {
        var traffic = new TrafficMeter();
        for (int second = 0; second <= 4; second++)
            traffic.Add(TimeSpan.FromSeconds(second), second * second * 100, second * second * 125_000);
        Assert.Equal(700, traffic.Latest.FramesPerSecond);
        Assert.Equal(7_000_000, traffic.Latest.BitsPerSecond);
        Assert.Equal("▂▄▆█", Sparkline.Of(traffic.Latest.History, TrafficMeter.Seconds)[^4..]);
        Assert.Equal(80, Sparkline.Of(traffic.Latest.History, 80).Length);
    }

    [Fact]
    public void FrameASecondIsTrafficAllTheTime()
    {
        var traffic = new TrafficMeter();
        // What passed before the first look is of an unknown time.
        traffic.Add(TimeSpan.Zero, 7, 700);
        Assert.False(traffic.Latest.IsFlowing);
        for (int quarter = 1; quarter <= 40; quarter++)
        {
            // Two frames of a second each, one of them late.
            int frames = 8 + (quarter / 8 * 2) + (quarter % 8 >= 5 ? 1 : 0);
            traffic.Add(TimeSpan.FromSeconds(quarter / 4.0), frames, frames * 98);
            Assert.True(traffic.Latest.IsFlowing);
        }

        traffic.Add(TimeSpan.FromSeconds(12.75), 18, 18 * 98);
        Assert.True(traffic.Latest.IsFlowing);
        traffic.Add(TimeSpan.FromSeconds(13), 18, 18 * 98);
        Assert.False(traffic.Latest.IsFlowing);
    }

    [Fact]
    public void SourceShowsWhatIsWrongUnderItsLineOrAtTheEnd()
    {
        (int Line, string Text)[] wrong = [(2, "CS1002: ; expected"), (9, "past the end")];
        ILookup<int, string> remarks = wrong.ToLookup(remark => remark.Line, remark => remark.Text);
        string[] lines = [.. ScriptSource.Lines("var a = 1;\nvar b // no", remarks).Select(line => line.Text)];
        Assert.Equal(["    1 var a = 1;", "►   2 var b // no", "      ^ CS1002: ; expected", "      ^ past the end"], lines.Select(line => line.TrimEnd()));
    }
}
