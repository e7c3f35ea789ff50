using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.TcpServices;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>A service as the only rule of a worker: time passes, and frames go, when a test says so.</summary>
internal sealed class ServiceHost
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(25);

    private readonly List<SentSegment> _sent = [];
    private RuleInstance? _context;

    public ServiceHost(TcpServiceOptions? options = null, TcpHandler? handler = null)
    {
        Worker.Departing += (_, frame) =>
        {
            // A frame that the service lets pass is none that it sends.
            if (Records && (Worker.Verdict == Verdict.Reflect || !Worker.HasArrived(frame)))
                _sent.Add(SentSegment.Read(frame));
        };
        Service = Load(options, handler ?? Echo);
    }

    public TestWorker Worker { get; } = new();

    public TcpService Service { get; private set; }

    /// <summary>Whether what is sent is looked at; not while allocations are counted.</summary>
    public bool Records { private get; set; } = true;

    /// <summary>How often the service is to have thrown by now.</summary>
    public long Faults { private get; set; }

    public long SentFrames => Worker.CountersOf(Side.Left).TxFrames;

    public static void Echo(TcpConnection connection, ReadOnlySpan<byte> received) => Assert.True(connection.Write(received));

    /// <summary>Replaces the rule by another version of it, as a reload does.</summary>
    public void Reload(TcpHandler handler, TcpServiceOptions? options = null) => Service = Load(options, handler);

    /// <summary>Loads another version of the rule, which then is not put into the chain.</summary>
    public void FailToReload(TcpHandler handler)
    {
        RuleInstance context = Worker.Rule("service");
        _ = new TcpService(context, "service", handler);
        context.Discard();
    }

    /// <summary>Lets a frame arrive.</summary>
    /// <returns>What was sent for it, the reply that the frame became first.</returns>
    public SentSegment[] Arrive(ReadOnlySpan<byte> frame, int segmentSize = 0, Side from = Side.Left) => Arrive(frame, out _, segmentSize, from);

    public SentSegment[] Arrive(ReadOnlySpan<byte> octets, out Verdict verdict, int segmentSize = 0, Side from = Side.Left)
    {
        verdict = Run(octets, segmentSize, from);
        return TakeSent();
    }

    public Verdict Run(ReadOnlySpan<byte> octets, int segmentSize = 0, Side from = Side.Left)
    {
        FrameBuffer frame = Worker.Arrive(octets, from, segmentSize);
        Assert.True(Worker.Verdict == Verdict.Reflect || frame.Octets.SequenceEqual(octets), "changed a frame that is not reflected");
        AssertFaults();
        return Worker.Verdict;
    }

    /// <summary>Lets time pass, in small steps.</summary>
    /// <returns>What was sent meanwhile.</returns>
    public SentSegment[] Pass(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += s_step)
        {
            Worker.Advance(s_step);
            Worker.RunDueWork();
        }

        AssertFaults();

        return TakeSent();
    }

    private SentSegment[] TakeSent()
    {
        SentSegment[] sent = [.. _sent];
        _sent.Clear();
        return sent;
    }

    private TcpService Load(TcpServiceOptions? options, TcpHandler handler)
    {
        _context = Worker.Rule("service");
        var service = new TcpService(_context, "service", handler, options);
        Worker.Adopt(TestWorker.Entry(_context, service.Answer));
        AssertFaults();
        return service;
    }

    // What a handler asserts would otherwise be a rule's fault like any other, and frames would go on.
    private void AssertFaults() => Assert.True(_context!.Counters.Faults == Faults, "the service threw");
}
