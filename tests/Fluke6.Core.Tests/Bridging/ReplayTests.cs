using Fluke6.Bridging;
using Fluke6.Captures;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Impairments;
using Fluke6.Journal;
using Fluke6.Rules;

namespace Fluke6.Core.Tests.Bridging;

/// <summary>Captures run through a chain by their own time, whatever the machine does meanwhile.</summary>
public sealed class ReplayTests : IDisposable
{
    private static readonly byte[] s_frame = Segment.Udp("192.0.2.1", 9, "192.0.2.2", 7);
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"fluke6-{Guid.NewGuid():N}.pcapng");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void FramesOfOneMomentAndSideAreOneBatchAsFromAPort()
    {
        CaptureBytes capture = new CaptureBytes().Section().Interface().Interface()
            .Enhanced(0, 5, s_frame).Enhanced(0, 5, s_frame).Enhanced(1, 5, s_frame).Enhanced(0, 6, s_frame);

        ReadCapture file = Run(capture, rule => (ref frame) =>
        {
            rule.Send(frame.From, new byte[60]);
            return Verdict.Continue;
        });

        // What a rule sends comes after the frames that arrived together.
        Assert.Equal(
            [(0, true), (0, true), (0, false), (0, false), (1, true), (1, false), (0, true), (0, false)],
            file.Packets.Select(packet => (packet.Interface, packet.Inbound)));
        Assert.Equal([5, 5, 5, 5, 5, 5, 6, 6], file.Packets.Select(packet => packet.Nanoseconds / 1000));
    }

    [Fact]
    public void TimersAreDoneWhenTheyAreDueAndTimeGoesOnlyForward()
    {
        // The third frame's clock had been set back; the time of day follows it, timers do not.
        var seen = new List<string>();
        Run(Frames(1, 3, 2, 4), rule =>
        {
            rule.Every(TimeSpan.FromMilliseconds(750), () => seen.Add($"tick {Now(rule)}"));
            return (ref _) =>
            {
                seen.Add($"frame {Now(rule)} {rule.Clock.GetTimestamp() / 1_000_000}");
                return Verdict.Continue;
            };
        });

        Assert.Equal(
            ["frame 1000 1000", "tick 1750", "tick 2500", "frame 3000 3000", "frame 2000 3000", "tick 3250", "tick 4000", "frame 4000 4000", "tick 4750"], seen);

        static long Now(RuleInstance rule) => rule.Clock.GetUtcNow().ToUnixTimeMilliseconds();
    }

    [Fact]
    public void YearsBetweenTwoFramesPassInOneGo()
    {
        int ticks = 0;
        Run(Frames(1, 3_000_000_000), rule =>
        {
            rule.Every(TimeSpan.FromSeconds(1), () => ticks++);
            return (ref _) => Verdict.Continue;
        });

        Assert.InRange(ticks, 1_000_000, 1_000_010);
    }

    [Fact]
    public void FrameThatWasHeldDepartsAtItsTimeAndSaysForHowLong()
    {
        ReadCapture file = Run(Frames(1, 2), rule => (ref frame) => frame.Hold(TimeSpan.FromMilliseconds(40)));
        Assert.Equal(
            [(1_000_000_000L, true, ""), (1_040_000_000, false, "rule: held for 40 ms"), (2_000_000_000, true, ""), (2_040_000_000, false, "rule: held for 40 ms")],
            file.Packets.Select(packet => (packet.Nanoseconds, packet.Inbound, packet.Comment)));
    }

    [Fact]
    public void ImpairmentDoesTheSameToTheSamePacketsEachTime()
    {
        byte[] first = Bytes(), second = Bytes();
        Assert.Equal(first, second);

        byte[] Bytes()
        {
            ReadCapture file = Run(Frames([.. Enumerable.Range(1, 200).Select(i => (uint)i)]), rule =>
            {
                Impairment link = new Impairment(rule, Side.Left, 7)
                    .Loss(0.1).Corrupt(0.1).Duplicate(0.1).Reorder(0.1).Delay(ImpairmentModels.Normal(ImpairmentModels.Ms(40), ImpairmentModels.Ms(9)));
                return (ref frame) => link.Apply(ref frame);
            });
            Assert.InRange(file.Packets.Count(packet => !packet.Inbound), 150, 250);
            return [.. file.Packets.SelectMany(packet => (byte[])[.. BitConverter.GetBytes(packet.Nanoseconds), .. packet.Octets])];
        }
    }

    [Fact]
    public void WhatRulesOfABridgeDidIsNoInput()
    {
        CaptureBytes capture = new CaptureBytes().Section("fluke6").Interface().Interface()
            .Enhanced(0, 1, s_frame, flags: PcapngBlocks.Inbound).Enhanced(1, 1, s_frame, flags: PcapngBlocks.Outbound).Enhanced(1, 2, s_frame, flags: PcapngBlocks.Inbound);
        using Replay replay = Of(capture);

        Assert.Null(replay.Run(TimeSpan.Zero, _ => { }, CancellationToken.None));

        Assert.Equal((2, 1), (replay.Frames, replay.Departures));
        Assert.Equal((1, 1), (replay.Bridge.Left.Counters.RxFrames, replay.Bridge.Right.Counters.RxFrames));
    }

    [Fact]
    public void PacketLongerThanAnyFrameIsCountedAndToldOnce()
    {
        var notes = new List<JournalNote>();
        using Replay replay = Of(new CaptureBytes().PcapHeader().PcapPacket(1, 0, new byte[100_000]).PcapPacket(2, 0, s_frame).PcapPacket(3, 0, new byte[100_000]));

        Assert.Null(replay.Run(TimeSpan.Zero, notes.Add, CancellationToken.None));

        Assert.Equal((1, 2), (replay.Bridge.Left.Counters.RxFrames, replay.Bridge.Left.Counters.RxDropped));
        Assert.Equal("frames from left are lost: the capture has packets that are longer than any frame, 65,565 bytes", $"{Assert.IsType<LossNote>(Assert.Single(notes))}");
    }

    [Fact]
    public void OutputLosesNothingHoweverMuchThereIs()
    {
        CaptureBytes capture = new CaptureBytes().PcapHeader();
        for (uint i = 0; i < 30_000; i++)
            capture.PcapPacket(i, i, [.. s_frame, (byte)i, (byte)(i >> 8)]);

        ReadCapture file = Run(capture, _ => (ref frame) => frame.TryGetUdp(out var udp) && (udp.DestinationPort = 8) > 0 ? Verdict.Continue : Verdict.Drop);

        Assert.Equal(60_000, file.Packets.Count);
        Assert.Empty(file.Statistics);
        Assert.All(file.Packets.Index(), packet => Assert.Equal((packet.Index % 2 == 0, (byte)(packet.Index / 2)), (packet.Item.Inbound, packet.Item.Octets[^2])));
    }

    [Fact]
    public void LongReplayTakesNoMoreMemoryThanAShortOne()
    {
        long Allocated(int frames)
        {
            CaptureBytes capture = new CaptureBytes().PcapHeader();
            for (uint i = 0; i < frames; i++)
                capture.PcapPacket(i, 0, s_frame);
            using Replay replay = Of(capture);
            replay.Bridge.StartCapture(_path);
            long before = GC.GetAllocatedBytesForCurrentThread();
            replay.Run(TimeSpan.Zero, _ => { }, CancellationToken.None);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(1000);
        Assert.InRange(Allocated(60_000) - Allocated(20_000), long.MinValue, 400_000);
    }

    [Fact]
    public void RuleThatDoesNotGiveTheThreadBackIsFound()
    {
        using var release = new ManualResetEventSlim();
        Replay replay = Of(Frames(1, 2), TimeSpan.FromMilliseconds(20));
        Publish(replay, _ => (ref _) =>
        {
            release.Wait();
            return Verdict.Continue;
        });
        var run = new Thread(() =>
        {
            try
            {
                replay.Run(TimeSpan.Zero, _ => { }, CancellationToken.None);
            }
            catch (LeftBehindException)
            {
                // It came back to a bridge that had been taken away from it.
            }
        });
        run.Start();

        var watch = new HangWatch();
        (string Rule, string? At) hung = default;
        while (run.IsAlive && !replay.Bridge.FindHung(ref watch, out hung))
            Thread.Yield();
        Assert.Equal("rule", hung.Rule);
        release.Set();
        run.Join();
        replay.Dispose();
    }

    private static CaptureBytes Frames(params uint[] seconds)
    {
        CaptureBytes capture = new CaptureBytes().PcapHeader();
        foreach (uint second in seconds)
            capture.PcapPacket(second, 0, s_frame);
        return capture;
    }

    private static Replay Of(CaptureBytes capture, TimeSpan? overrunLimit = null) => new(
        [(new MemoryStream(capture.ToArray()), "in")], left: null, mtu: 1500, new BridgeOptions { OverrunLimit = overrunLimit ?? TimeSpan.FromMinutes(1), Random = new Random(0) });

    private static void Publish(Replay replay, Func<RuleInstance, Rule> make)
    {
        var counters = new RuleCounters();
        var rule = new RuleInstance("rule", counters, replay.Bridge.Services);
        replay.Bridge.Publish(new RuleChain([new RuleEntry("rule", make(rule), rule, counters)])).Wait();
    }

    private ReadCapture Run(CaptureBytes capture, Func<RuleInstance, Rule> make)
    {
        using (Replay replay = Of(capture))
        {
            Publish(replay, make);
            replay.Bridge.StartCapture(_path);
            Assert.Null(replay.Run(TimeSpan.FromSeconds(1), _ => { }, CancellationToken.None));
        }

        return ReadCapture.Read(_path);
    }
}
