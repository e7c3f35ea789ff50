using Fluke6.Command.Reports;
using Fluke6.Snapshots;

namespace Fluke6.Command.Tests.Reports;

public sealed class SnapshotTextTests
{
    [Fact]
    public void StreamsOfARuleHaveTheirLinesAfterTheRules()
    {
        var snapshot = new BridgeSnapshot
        {
            Rules =
            [
                new RuleRecord
                {
                    Name = "cat", Streams = new StreamsRecord { Open = 1, Followed = 12_345, OwnFrames = 7, Forgotten = 2, PassedForTime = 3, Refused = 4 },
                },
                new RuleRecord { Name = "other" },
            ],
        };
        Assert.Equal(
            [
                "cat  streams: 12,345 connections followed, 1 of them now; 7 frames sent for them; 2 forgotten before their end",
                "cat  streams: 3 bytes passed unchanged for want of time, 0 for want of room; 4 segments dropped for want of room",
            ],
            SnapshotText.Lines(snapshot).SkipWhile(line => !line.StartsWith("other", StringComparison.Ordinal)).Skip(1).Take(2));
    }
}
