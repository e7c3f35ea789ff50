using Fluke6.Dashboard.Details;
using Fluke6.Dashboard.Model;
using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Snapshots;
using Fluke6.Watching;
using Fluke6.Wire;

namespace Fluke6.Dashboard.Tests;

/// <summary>Nothing is lost at the edge of a small screen.</summary>
public sealed class NarrowTests
{
    private const int Columns = 80;

    [Theory]
    [InlineData("it fits", "it fits")]
    [InlineData("a line that is longer than the pane is", "a line that is longer|    than the pane is")]
    [InlineData("  and-a-word-that-is-longer-than-it", "  and-a-word-that-is-|    longer-than-it")]
    [InlineData("name日本語の長い行です and so on", "name日本語の長い行で|    す and so on")]
    [InlineData("log: a-word-that-is-longer-than-a-line and more", "log: a-word-that-is-l|    onger-than-a-line|    and more")]
    public void WordsGoOnInTheNextLine(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', LineBreaks.Of(StyledLine.Prose(text, indent: 4), 21).Select(line => line.Text)));

    [Fact]
    public void PiecesKeepTheirInkAcrossTheBreak()
    {
        StyledLine line = StyledLine.Prose([new(" hit by "), new("one, two, three", Ink.Mark), new("; four")], indent: 1);
        Assert.Equal(
            [[new(" hit by "), new("one, two,", Ink.Mark)], [new(" "), new("three", Ink.Mark), new("; four")]],
            LineBreaks.Of(line, 20).Select(part => part.Pieces));
    }

    [Fact]
    public void ColumnsAreNotBroken()
    {
        StyledLine line = new("column column column column column");
        Assert.Equal([line], LineBreaks.Of(line, 21));
    }

    [Fact]
    public void HelpIsNoWiderThanASmallScreen() =>
        Assert.All(new HelpDetail([], _ => true).Lines(BridgeSnapshot.Empty), line => Assert.InRange(ScreenText.Columns(line.Text), 0, Columns));

    [Theory]
    [InlineData(44, 19_040, 0, null, "0:00:18, 19,040 packets, 685MB, 0 lost")]
    [InlineData(41, 1_234_567, 2_687, null, "0:00:18, 1.2M packets, 685MB, 2,687 lost")]
    [InlineData(36, 1_234_567, 2_687, null, "0:00:18, 1.2M packets, 2,687 lost")]
    [InlineData(30, 1_234_567, 2_687, null, "1.2M packets, 2,687 lost")]
    [InlineData(20, 1_234_567, 2_687, null, "2,687 lost")]
    [InlineData(41, 19_040, 2_687, "No space left on device", "2,687 lost, FAILED: No space left on device")]
    public void CapturesLossIsNeverCut(int columns, long packets, long lost, string? failure, string expected) =>
        Assert.Equal(expected, new CaptureFigures("", TimeSpan.FromSeconds(18), packets, 685_000_000, lost, failure).In(columns));

    [Fact]
    public void NeighboursFitOrGoOnInTheNextLine()
    {
        const string Router = "fe80::211:22ff:fe33:4455", Longest = "2001:db8:1111:2222:3333:4444:5555:6666";
        using var test = new TestBridge(null, ("keep", (ref frame) => Verdict.Continue));
        test.Pass(
            Side.Right,
            Segment.Ipv6(Router, "ff02::1").RouterAdvertisement(new RouterAdvertisementFields { Managed = true, OtherConfiguration = true })
                .SourceLinkLayer(MacAddress.Parse("02:00:00:00:00:01")).Mtu(1480).ToArray(),
            Advertisement("fe80::1"));
        Assert.Matches(@"fe80::1 +0 +1 +1 +0 02:00:00:00:00:07$", Assert.Single(OnTheScreen(), line => line.StartsWith(" fe80::1 ", StringComparison.Ordinal)));

        test.Pass(Side.Right, Advertisement(Longest));
        List<string> lines = OnTheScreen();
        int at = lines.FindIndex(line => line.Contains(Longest, StringComparison.Ordinal));
        Assert.Contains("02:00:00:00:00:07", $"{lines[at]}{lines[at + 1]}", StringComparison.Ordinal);
        const string Fields = "lifetime 1800 s, hop limit 64, M, O, MTU 1480";
        Assert.Contains(
            $" {Router} on the right, 02:00:00:00:00:01; offered {Fields}; delivered {Fields} ",
            System.Text.RegularExpressions.Regex.Replace(string.Join(' ', lines), " +", " "), StringComparison.Ordinal);

        List<string> OnTheScreen()
        {
            List<string> screen = [.. new NeighborDetail().Lines(new BridgePublisher(test.Bridge).Take(new SnapshotRequest { Neighbors = 9 })).SelectMany(line => LineBreaks.Of(line, Columns)).Select(line => line.Text)];
            Assert.All(screen, line => Assert.InRange(line.Length, 0, Columns));
            return screen;
        }
    }

    private static byte[] Advertisement(string target) => Segment.Ipv6(target, "ff02::1")
        .NeighborAdvertisement(Ipv6Address.Parse(target)).TargetLinkLayer(MacAddress.Parse("02:00:00:00:00:07")).ToArray();
}
