using Fluke6.Frames;
using Fluke6.Streams;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Streams;

/// <summary>
/// The twelve properties of a stream that a rule rewrites, over a hostile network. What has to hold of every frame is asserted of every frame
/// that leaves the bridge, in all of these: each test here makes the network hostile in the way that its property minds.
/// </summary>
public sealed class StreamPropertyTests
{
    private const int Few = 60;
    private static readonly Hostility s_hostile = new() { LossBefore = 0.1, LossAfter = 0.1, Duplication = 0.1, Jitter = 3000 };
    private static readonly TcpStreamOptions s_patient = new() { MaxDelay = TimeSpan.FromHours(1) };

    // FLUKE6_STREAM_RUNS=100000 is what is claimed; the suite does with fewer.
    private static int Runs => int.Parse(Environment.GetEnvironmentVariable("FLUKE6_STREAM_RUNS") ?? "4000", null) / 8;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public void AllPropertiesHoldOverAHostileNetwork(int part) =>
        // The last part with what the option is for.
        Run(part * 1_000_000, Runs, s_hostile, options: s_patient with { TellsOfWaiting = part == 7 });

    [Theory]
    [InlineData(2, 0, false)]
    [InlineData(3, 0, false)]
    [InlineData(8, 0, false)]
    [InlineData(512, 0, false)]
    [InlineData(8, 0, true)]
    [InlineData(512, 0, true)]
    [InlineData(3, 1, false)]
    [InlineData(512, 1, false)]
    [InlineData(8, int.MaxValue, false)]
    public void Property01TheReceiverGetsWhatTheRuleMakesOfTheStream(int piece, int overlap, bool isReversed) => Run(
        10_000_000 + piece, Few, s_hostile, piece < 10 ? 300 : 4000, end => end.With(piece, overlap, isReversed));

    [Fact]
    public void Property02OctetsOnceSentForANumberNeverChange() =>
        // What the bridge saw first counts: before it nothing is lost, and a sender who sends again sends other octets.
        Run(11_000_000, Few, new Hostility { LossAfter = 0.3, Duplication = 0.1, Jitter = 0 }, change: end => end with { Lies = true, IsReversed = false });

    [Fact]
    public void Property03NothingIsAcknowledgedThatTheReceiverHasNotAcknowledged() =>
        Run(12_000_000, Few, s_hostile with { LossAfter = 0.4 });

    [Fact]
    public void Property04AcknowledgementsNeverGoBack() => Run(13_000_000, Few, s_hostile with { LossBefore = 0, Duplication = 0.5, Jitter = 20_000 });

    [Fact]
    public void Property05SackBlocksCoverNothingThatTheReceiverLacks() =>
        Run(14_000_000, Few, new Hostility { LossAfter = 0.3, Jitter = 2000 }, 4000, end => end with { HasSack = true, Congestion = 4000 });

    [Fact]
    public void Property06TheRightEdgeOfTheWindowNeverMovesLeft() =>
        Run(15_000_000, Few, s_hostile, change: end => end with { Buffer = 700, Shift = 4, IsSlow = true });

    [Fact]
    public void Property07TheFinStandsRightAfterTheLastOctet() => Run(16_000_000, 4 * Few, s_hostile, longest: 30);

    [Fact]
    public void Property08AResetIsAcceptableToTheReceiver()
    {
        for (int seed = 17_000_000; seed < 17_000_000 + Few; seed++)
        {
            var random = new Random(seed);
            var runs = new ReplacingRuns(s_patient);
            SimulatedNetwork network = runs.Network;
            (StreamCase what, _) = runs.Next(random, 3000, "aba"u8.ToArray());
            SimulatedTcp left = ReplacingRuns.End(what, random), right = ReplacingRuns.End(StreamCase.Of([], "aba"u8.ToArray(), []), random) with { IsSlow = random.Next(2) == 0 };
            network.Transfer(random, s_hostile, left, right, toTheEnd: false);
            network.RunUntil(() => left.IsEstablished && right.IsEstablished);
            bool isTime = false;
            network.At(network.Now + random.Next(200_000), () => isTime = true);
            network.RunUntil(() => isTime);
            network.Hostility = new Hostility();
            left.Abort();
            network.RunUntil(() => right.ResetWith is not null);

            // RFC 5961 §3.2: within the window it is answered with a challenge, whose answer has the very number.
            if (right.ResetWith != right.Expects)
            {
                Assert.True(SequenceNumber.IsAfter(right.ResetWith!.Value, right.Expects), $"run {seed}: a reset of octets that the receiver has");
                right.Challenge();
                network.RunUntil(() => right.ResetWith == right.Expects);
            }
        }
    }

    [Fact]
    public void Property09MemoryIsBounded()
    {
        var options = new TcpStreamOptions { MaxDelay = TimeSpan.FromHours(1), MaxInFlight = 65_536, MaxMemory = 1 << 20 };
        var runs = new ReplacingRuns(options);
        for (int seed = 18_000_000; seed < 18_000_000 + Few; seed++)
        {
            runs.RunOrTell(seed, s_hostile, 5000);
            Assert.InRange(runs.Network.Streams.Work!.Memory.Used, 0, options.MaxMemory);
        }

        // Every connection that is over keeps an octet of each direction at most; a minute later nothing.
        runs.Network.Host.PassUntil(runs.Network.Host.Now + (70L * 1_000_000_000));
        Assert.Equal(0, runs.Network.Streams.Work!.Memory.Used);
        Assert.Equal(0, runs.Network.Streams.Figures!.Open);
    }

    [Fact]
    public void Property10WhileNotEverythingIsLostEveryTransferEnds() =>
        Run(19_000_000, Few, new Hostility { LossBefore = 0.45, LossAfter = 0.45, Duplication = 0.2, Jitter = 5000 }, longest: 300);

    // With the oracle's sums over every frame that leaves, partial ones and super-segments among them.
    [Fact]
    public void Property11ChecksumsAreRight() => Run(20_000_000, Few, s_hostile, 6000, end => end with { SegmentSize = 536, Piece = 536 });

    [Fact]
    public void Property12ARuleThatPassesEverythingGivesTheSameFrames()
    {
        var network = new SimulatedNetwork(() => (_, data) => data.Pass(data.Length));
        for (int seed = 21_000_000; seed < 21_000_000 + Few; seed++)
        {
            var random = new Random(seed);
            byte[] arrived = [];
            network.OnArriving = (_, octets) => arrived = octets;
            network.OnDeparting = (_, octets) => Assert.Equal(Hex.Of(arrived), Hex.Of(octets));
            SimulatedTcp left = Plain(), right = Plain();
            // Lost after the bridge, and what is sent again for that, changes nothing; before it, it would have to wait.
            network.Transfer(random, new Hostility { LossAfter = 0.1, Duplication = 0.1 }, left, right);

            SimulatedTcp Plain() => ReplacingRuns.End(StreamCase.Of(StreamCase.Text(random, random.Next(2000)), "x"u8.ToArray(), []), random) with { Overlap = 0, IsReversed = false };
        }
    }

    private static void Run(
        int firstSeed, int count, Hostility hostility, int longest = 1000, Func<SimulatedTcp, SimulatedTcp>? change = null, TcpStreamOptions? options = null)
    {
        var runs = new ReplacingRuns(options ?? s_patient);
        for (int seed = firstSeed; seed < firstSeed + count; seed++)
            runs.RunOrTell(seed, hostility, longest, change);
    }
}
