using System.Diagnostics;
using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Testing.Harness;

/// <summary>The real bridge, with a thread of its own, between two ports in memory; its rules are delegates.</summary>
internal class TestBridge : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly List<JournalNote> _notes = [];
    private readonly MemoryWaiter _waiter;

    /// <summary>A bridge that forwards.</summary>
    public TestBridge(BridgeOptions? options = null, params (string Name, Rule Rule)[] rules)
        : this(options)
    {
        Publish(rules);
        Bridge.Start();
    }

    /// <summary>A bridge that is yet to be started.</summary>
    protected TestBridge(BridgeOptions? options)
    {
        _waiter = new MemoryWaiter(Left, Right);
        Bridge = new Bridge(Left, Right, _waiter, options);
    }

    /// <summary>A bridge that is yet to be given rules and started.</summary>
    public static TestBridge Unstarted(BridgeOptions? options = null) => new(options);

    public MemoryPort Left { get; } = new("left0");

    public MemoryPort Right { get; } = new("right0");

    public Bridge Bridge { get; }

    public FlowTable Flows => Bridge.Flows!;

    /// <summary>The only flow, or the newest.</summary>
    public FlowSnapshot Flow
    {
        get
        {
            var flows = new FlowSnapshot[1];
            Assert.Equal(1, Flows.Read(flows));
            return flows[0];
        }
    }

    public TcpLedger Ledger
    {
        get
        {
            Assert.True(Flows.TryGetLedger(Flow, out TcpLedger ledger));
            return ledger;
        }
    }

    public void Publish(params (string Name, Rule Rule)[] rules) =>
        Assert.True(Bridge.Publish(new RuleChain(rules.Select(rule => new RuleEntry(rule.Name, rule.Rule)))).Wait(s_patience));

    /// <summary>Publishes rules that have a context to send with.</summary>
    public void Publish(string name, Func<RuleInstance, Rule> make)
    {
        var counters = new RuleCounters();
        var context = new RuleInstance(name, counters, Bridge.Services);
        Assert.True(Bridge.Publish(new RuleChain([new RuleEntry(name, make(context), context, counters)])).Wait(s_patience));
    }

    /// <summary>Lets frames arrive, and waits until the bridge is through with them.</summary>
    public void Pass(Side from, params byte[][] frames)
    {
        MemoryPort port = from == Side.Left ? Left : Right;
        foreach (byte[] frame in frames)
            port.Arrive(frame);
        _waiter.Wake();
        Assert.True(SpinWait.SpinUntil(() => !port.HasWaiting, s_patience), "the bridge does not take frames");
        // A chain is taken up between two batches.
        Assert.True(Bridge.Publish(Bridge.Chain).Wait(s_patience));
    }

    /// <summary>SYN, SYN-ACK and ACK from left to right.</summary>
    public void Handshake(byte[] synOptions, byte[] synAckOptions, byte[]? ackOptions = null, TcpFlags ecnFlags = TcpFlags.None)
    {
        Pass(Side.Left, Segment.Tcp("192.0.2.1", 40000, "198.51.100.1", 80, TcpFlags.Syn | ecnFlags, synOptions));
        Pass(Side.Right, Segment.Tcp(
            "198.51.100.1", 80, "192.0.2.1", 40000, TcpFlags.Syn | TcpFlags.Ack | (ecnFlags & TcpFlags.Ece), synAckOptions));
        Pass(Side.Left, FromClient(TcpFlags.Ack, ackOptions));
    }

    public static byte[] FromClient(TcpFlags flags, byte[]? options = null, int payload = 0) =>
        Segment.Tcp("192.0.2.1", 40000, "198.51.100.1", 80, flags, options, payload);

    public static byte[] FromServer(TcpFlags flags, byte[]? options = null, int payload = 0) =>
        Segment.Tcp("198.51.100.1", 80, "192.0.2.1", 40000, flags, options, payload);

    /// <summary>All that the journal said so far.</summary>
    public IReadOnlyList<JournalNote> Notes
    {
        get
        {
            while (Bridge.Journal.TryRead(out JournalNote note))
                _notes.Add(note);
            return _notes;
        }
    }

    /// <summary>What the journal said of a kind since this was asked last.</summary>
    public IReadOnlyList<T> TakeNotes<T>()
        where T : JournalNote
    {
        T[] notes = [.. Notes.OfType<T>()];
        _notes.Clear();
        return notes;
    }

    /// <summary>Lets a frame arrive at the left port.</summary>
    public void Arrive(byte[] frame)
    {
        Left.Arrive(frame);
        Wake();
    }

    /// <summary>Lets the bridge look at its ports.</summary>
    public void Wake() => _waiter.Wake();

    /// <summary>Waits until the bridge is between two batches.</summary>
    public void Drain()
    {
        var passed = new TaskCompletionSource();
        Bridge.Services.Post(passed.SetResult);
        Assert.True(Task.WhenAny(passed.Task, Bridge.Completion).Wait(s_patience), "the bridge did not come to the end of a batch");
    }

    public void Until(Func<bool> condition)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > s_patience)
                Assert.Fail("waited in vain; the journal says:\n" + string.Join('\n', Notes));
            Thread.Sleep(1);
        }
    }

    public virtual void Dispose()
    {
        Bridge.Dispose();
        _waiter.Dispose();
    }
}
