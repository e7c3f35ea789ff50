using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using Fluke6.Benchmarks.Rules;
using Fluke6.Bridging;
using Fluke6.Dashboard.Model;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Snapshots;
using Fluke6.Watching;

namespace Fluke6.Benchmarks.Dashboard;

/// <summary>
/// What the frame path pays for being watched. Frames go through observer and chain in windows of a quarter of a second; in every other
/// window another thread takes the snapshot that the dashboard takes in that time. Neighbouring windows are compared, so that the
/// machine's moods cancel out.
/// </summary>
internal static class WatchCost
{
    private const int SourceAddress = 26;   // behind Ethernet, in IPv4
    private const int FramesBetweenLooks = 4096;
    private static readonly RuleCall s_call = new();
    private static readonly RuleFaults s_faults = new(FaultPolicy.Pass, 16, new BridgeJournal());

    /// <summary>Prints a table.</summary>
    /// <param name="pairs">How many pairs of windows for each row.</param>
    public static void Run(int pairs)
    {
        Console.WriteLine("| flows | pairs | ns/frame unwatched | watched | ratio: median (quartiles) | a snapshot takes, ms |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (int flows in (int[])[16, 65_536])
            Console.WriteLine(Measure(flows, pairs));
    }

    private static string Measure(int flows, int pairs)
    {
        using var left = new MemoryPort("left");
        using var right = new MemoryPort("right");
        using var waiter = new MemoryWaiter(left, right);
        using var bridge = new Bridge(left, right, waiter);
        // Never started: this thread is the frame path, without the system calls that would hide what is measured.
        bridge.Publish(SampleRules.ChainOf(1)).Wait();
        var publisher = new BridgePublisher(bridge);
        var watch = new BridgeWatch(new PublishedBridge(bridge, publisher, new NoCommands()), new DashboardOptions());
        FrameBuffer frame = Arrived.Buffer(KnownFrames.Ack);
        for (uint flow = 0; flow < flows; flow++)
            Pass(bridge, frame, flow);

        var quiet = new double[pairs];
        var watched = new double[pairs];
        var snapshots = new List<double>();
        using var look = new AutoResetEvent(false);
        bool ended = false;
        var watcher = new Thread(() =>
        {
            while (look.WaitOne() && !Volatile.Read(ref ended))
            {
                long start = Stopwatch.GetTimestamp();
                publisher.Pump();
                watch.Poll();
                snapshots.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        });
        watcher.Start();
        // The first pairs are compiled while they run.
        const int WarmUp = 10;
        for (int pair = -WarmUp; pair < pairs; pair++)
        {
            // In turn first, so that what drifts within a pair does not favour one.
            double first = Window(bridge, frame, flows, pair % 2 == 0 ? null : look);
            double second = Window(bridge, frame, flows, pair % 2 == 0 ? look : null);
            if (pair >= 0)
                (quiet[pair], watched[pair]) = pair % 2 == 0 ? (first, second) : (second, first);
        }

        Volatile.Write(ref ended, true);
        look.Set();
        watcher.Join();
        double[] ratios = [.. watched.Zip(quiet, (with, without) => with / without)];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {flows:N0} | {pairs} | {Quantile(quiet, 0.5):0.0} | {Quantile(watched, 0.5):0.0} | {Quantile(ratios, 0.5):0.0000} ({Quantile(ratios, 0.25):0.0000} to {Quantile(ratios, 0.75):0.0000}) | {Quantile([.. snapshots.Skip(WarmUp)], 0.5):0.00} |");
    }

    /// <summary>Passes frames for a window, which begins with a snapshot if there is somebody to take it.</summary>
    /// <returns>Nanoseconds of this thread's processor time for each frame.</returns>
    private static double Window(Bridge bridge, FrameBuffer frame, int flows, AutoResetEvent? look)
    {
        long start = Stopwatch.GetTimestamp(), processor = ProcessorTime();
        uint count = 0;
        look?.Set();
        do
        {
            for (int i = 0; i < FramesBetweenLooks; i++)
                Pass(bridge, frame, count++ % (uint)flows);
        }
        while (Stopwatch.GetElapsedTime(start) < BridgeWatch.Interval);
        return (double)(ProcessorTime() - processor) / count;
    }

    private static void Pass(Bridge bridge, FrameBuffer frame, uint flow)
    {
        const int BatchSize = 8;
        FlowObserver observer = bridge.FlowObserver!;
        if (flow % BatchSize == 0)
            observer.BeginBatch(Moment.Of(TimeProvider.System));
        frame.Arrive(frame.Length, LinkType.Ethernet, Side.Left, 1500);
        // Spread out, or neighbours in the table would be neighbours in time.
        BinaryPrimitives.WriteUInt32BigEndian(frame.Octets[SourceAddress..], flow * 2_654_435_769);
        observer.Arrived(frame);
        Verdict verdict = bridge.Chain.Run(frame, s_call, 0, s_faults);
        observer.Departed(frame, verdict, decider: null);
    }

    // proc(5), /proc/PID/task/TID/schedstat: nanoseconds on a processor; waiting for one does not count.
    private static long ProcessorTime() =>
        long.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture);

    private static double Quantile(double[] values, double at) => values.Order().ElementAt((int)(at * (values.Length - 1)));

    private sealed class NoCommands : IBridgeCommands
    {
        public Task<CommandOutcome> Do(WatcherCommand command) => Task.FromResult(new CommandOutcome(false, ""));
    }
}
