using Fluke6.Dashboard.Details;
using Fluke6.Snapshots;

namespace Fluke6.Dashboard.Tests;

public sealed class RuleDetailTests
{
    [Fact]
    public void StreamsOfTheRuleAreShown()
    {
        var rule = new RuleRecord { Name = "cat", Hits = 1, Seen = 1, Streams = new StreamsRecord { Open = 1, Followed = 12_345, OwnFrames = 7, PassedForRoom = 3 } };
        string[] lines = [.. new RuleDetail("cat", keepsFlows: true).Lines(new BridgeSnapshot { Rules = [rule] }).Select(line => line.Text)];
        Assert.Contains(" streams: 12,345 connections followed, 1 of them now; 7 frames sent for them", lines);
        Assert.Contains(" streams: 0 bytes passed unchanged for want of time, 3 for want of room", lines);
    }
}
