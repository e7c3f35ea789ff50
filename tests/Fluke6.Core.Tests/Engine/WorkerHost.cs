using Fluke6.Core.Tests.Flows;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;

namespace Fluke6.Core.Tests.Engine;

/// <summary>A worker whose frames are told apart by their last octet, and what it sends: for rules whose frames leave later.</summary>
internal sealed class WorkerHost
{
    private readonly TestWorker _worker;

    public WorkerHost(params FrameTap[] taps)
        : this(_ => taps)
    {
    }

    public WorkerHost(Func<RuleServices, FrameTap[]> taps)
    {
        _worker = new TestWorker(taps);
        _worker.Departing += (side, frame) =>
        {
            OnSent?.Invoke(side, frame);
            if (Records)
                Sent.Add((Now / 1e6, side, frame.Octets[^1]));
        };
    }

    public RuleServices Services => _worker.Services;

    /// <summary>The chain that runs.</summary>
    public RuleChain Chain => _worker.Chain;

    public int Mtu => _worker.Mtu;

    /// <summary>What was sent: when, where to, and the last octet.</summary>
    public List<(double Milliseconds, Side Side, byte Id)> Sent { get; } = [];

    /// <summary>Is called with each frame that is sent.</summary>
    public Action<Side, FrameBuffer>? OnSent { get; set; }

    /// <summary>Whether <see cref="Sent"/> is kept.</summary>
    public bool Records { get; set; } = true;

    /// <summary>The time in nanoseconds.</summary>
    public long Now => _worker.Nanoseconds;

    public static byte[] Ping(byte id)
    {
        byte[] frame = Segment.Echo("192.0.2.1", "192.0.2.2", reply: false, 5);
        frame[^1] = id;
        return frame;
    }

    public RuleEntry Entry(string name, Func<RuleInstance, Rule> make)
    {
        RuleInstance context = _worker.Rule(name);
        return TestWorker.Entry(context, make(context));
    }

    public static RuleEntry Entry(string name, Rule rule, RuleCounters? counters = null) => new(name, rule, null, counters);

    public void Adopt(params RuleEntry[] rules) => _worker.Adopt(rules);

    /// <summary>Lets frames arrive together.</summary>
    public void Arrive(Side from, params byte[] ids)
    {
        _worker.Arrive(from, [.. ids.Select(Ping)]);
        _worker.RunDueWork();
    }

    /// <summary>Lets a frame arrive as it is, with its offload header.</summary>
    public void Arrive(Side from, FrameBuffer frame)
    {
        _worker.Arrive(from, frame);
        _worker.RunDueWork();
    }

    /// <summary>Lets time pass, and does what is due when it is due.</summary>
    public void PassUntil(double milliseconds) => PassUntil((long)(milliseconds * 1_000_000));

    /// <inheritdoc cref="PassUntil(double)"/>
    public void PassUntil(long nanoseconds) => _worker.RunUntil(nanoseconds);

    /// <summary>Lets rules do what they do at exit.</summary>
    public void RunAllExits() => _worker.RunAllExits();

    public IReadOnlyList<T> Notes<T>()
        where T : JournalNote
        => [.. _worker.TakeNotes().OfType<T>()];
}
