using Fluke6.Streams;

namespace Fluke6.Core.Tests.Streams;

/// <summary>A stream that a rule rewrites, over a hostile network. What holds of every frame is asserted where the frames leave the bridge.</summary>
public sealed class StreamPropertyTests
{
    private static readonly Hostility s_hostile = new() { LossBefore = 0.1, LossAfter = 0.1, Duplication = 0.1, Jitter = 3000 };

    // FLUKE6_STREAM_RUNS=100000 is what the properties are claimed for.
    private static int Runs => int.Parse(Environment.GetEnvironmentVariable("FLUKE6_STREAM_RUNS") ?? "8000") / 8;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void AllPropertiesHoldOverAHostileNetwork(int part)
    {
        // The last part with what the option is for.
        var runs = new ReplacingRuns(new TcpStreamOptions { MaxDelay = TimeSpan.FromHours(1), TellsOfWaiting = part == 7 });
        for (int i = 0; i < Runs; i++)
            runs.RunOrTell((part * 1_000_000) + i, s_hostile);
    }
}
