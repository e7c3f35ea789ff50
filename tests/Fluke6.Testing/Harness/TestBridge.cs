using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Testing.Harness;

/// <summary>A bridge between two ports in memory, with rules that are delegates.</summary>
internal sealed class TestBridge : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly MemoryWaiter _waiter;

    public TestBridge(BridgeOptions? options = null, params (string Name, Rule Rule)[] rules)
    {
        _waiter = new MemoryWaiter(Left, Right);
        Bridge = new Bridge(Left, Right, _waiter, options);
        Publish(rules);
        Bridge.Start();
    }

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
        Assert.True(Bridge.Publish(new RuleChain(rules.Select(rule => new RuleEntry(rule.Name, rule.Rule)))).Wait(Patience));

    /// <summary>Publishes rules that have a context to send with.</summary>
    public void Publish(string name, Func<RuleInstance, Rule> make)
    {
        var counters = new RuleCounters();
        var context = new RuleInstance(name, counters, Bridge.Services);
        Assert.True(Bridge.Publish(new RuleChain([new RuleEntry(name, make(context), context, counters)])).Wait(Patience));
    }

    /// <summary>Lets frames arrive, and waits until the bridge is through with them.</summary>
    public void Pass(Side from, params byte[][] frames)
    {
        MemoryPort port = from == Side.Left ? Left : Right;
        foreach (byte[] frame in frames)
            port.Arrive(frame);
        _waiter.Wake();
        Assert.True(SpinWait.SpinUntil(() => !port.HasWaiting, Patience), "the bridge does not take frames");
        // A chain is taken up between two batches.
        Assert.True(Bridge.Publish(Bridge.Chain).Wait(Patience));
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

    public IReadOnlyList<T> Notes<T>()
        where T : JournalNote
    {
        var notes = new List<T>();
        while (Bridge.Journal.TryRead(out JournalNote note))
        {
            if (note is T wanted)
                notes.Add(wanted);
        }

        return notes;
    }

    public void Dispose()
    {
        Bridge.Dispose();
        _waiter.Dispose();
    }
}
