using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Journal;

namespace Fluke6.Benchmarks.Flows;

/// <summary>
/// What a reader pays for the first 100 of a full table; and what the frame path pays while another thread reads four times a second, or
/// without pause.
/// </summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class SnapshotBenchmarks
{
    private const int Capacity = 65_536;
    private const int SourceAddress = 26;
    private const int Frames = 4096;

    private readonly FlowObserver _observer = new(Capacity, new BridgeJournal());
    private readonly FrameBuffer _ack = Arrived.Buffer(KnownFrames.Ack);
    private readonly FlowSnapshot[] _first = new FlowSnapshot[100];
    private Thread? _reader;
    private volatile bool _stop;
    private uint _next;

    [GlobalSetup]
    public void Fill()
    {
        for (int i = 0; i < Capacity; i += Frames)
            Pass();
    }

    [GlobalSetup(Target = nameof(PassWhileReadFourTimesASecond))]
    public void ReadFourTimesASecond() => Read(pauseMilliseconds: 250);

    [GlobalSetup(Target = nameof(PassWhileReadWithoutPause))]
    public void ReadWithoutPause() => Read(pauseMilliseconds: 0);

    [GlobalCleanup]
    public void Stop()
    {
        _stop = true;
        _reader?.Join();
    }

    [Benchmark]
    public int ReadRecent() => _observer.Table.Read(_first);

    [Benchmark]
    public int ReadByBytes() => _observer.Table.Read(_first, FlowOrder.Bytes);

    [Benchmark(Baseline = true, OperationsPerInvoke = Frames)]
    public void Pass()
    {
        for (int i = 0; i < Frames; i++)
        {
            _ack.Arrive(_ack.Length, LinkType.Ethernet, Side.Left, 1500);
            BinaryPrimitives.WriteUInt32BigEndian(_ack.Octets[SourceAddress..], _next++ % Capacity * 2_654_435_769);
            _observer.BeginBatch(Moment.At(_next));
            _observer.Arrived(_ack);
            _observer.Departed(_ack, Verdict.Continue, decider: null);
        }
    }

    [Benchmark(OperationsPerInvoke = Frames)]
    public void PassWhileReadFourTimesASecond() => Pass();

    [Benchmark(OperationsPerInvoke = Frames)]
    public void PassWhileReadWithoutPause() => Pass();

    private void Read(int pauseMilliseconds)
    {
        Fill();
        _reader = new Thread(() =>
        {
            var first = new FlowSnapshot[100];
            while (!_stop)
            {
                _observer.Table.Read(first);
                Thread.Sleep(pauseMilliseconds);
            }
        });
        _reader.Start();
    }
}
