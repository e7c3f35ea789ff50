using Fluke6.Core.Tests.Engine;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Streams;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Streams;

/// <summary>The network's hostility, by numbers.</summary>
internal sealed record Hostility
{
    /// <summary>The share of packets that is lost on each way to the bridge.</summary>
    public double LossBefore { get; init; }

    /// <summary>The share of packets that is lost on each way from the bridge.</summary>
    public double LossAfter { get; init; }

    public double Duplication { get; init; }

    /// <summary>By how much the delay of a packet differs from the next one's, in µs: more than the distance between two reorders them.</summary>
    public int Jitter { get; init; }
}

/// <summary>
/// Two simulated TCPs, the left one the client, and between them a bridge whose rule rewrites streams; time is virtual. One bridge serves many
/// connections, one after the other. Looks at every frame that leaves the bridge.
/// </summary>
internal sealed class SimulatedNetwork
{
    private const int Delay = 1000;     // of a link, µs
    private const int MaxEvents = 60_000;

    private readonly FrameBuffer _frame = new(new FrameUndo());
    private readonly PriorityQueue<Action, (long Time, long Order)> _due = new();
    private readonly Func<TcpStreamHandler> _handler;
    private readonly TcpStreamOptions _options;

    public TcpStreamOptions Options => _options;

    private readonly (uint Acknowledgment, uint Edge)?[] _highest = new (uint, uint)?[2];
    private long _order;
    private long _begin;
    private ushort _port = 10_000;

    public SimulatedNetwork(Func<TcpStreamHandler> handler, TcpStreamOptions? options = null)
    {
        _handler = handler;
        _options = options ?? new TcpStreamOptions { MaxDelay = TimeSpan.FromHours(1) };
        Host.Records = false;
        Host.OnSent = Departs;
        Load();
    }

    public WorkerHost Host { get; } = new();

    /// <summary>Whether the bridge tells senders of what waits there, which the other end does not have.</summary>
    public bool TellsOfWaiting => _options.TellsOfWaiting;

    public TcpStreams Streams { get; private set; } = null!;

    public RuleEntry Rule { get; private set; } = null!;

    public Random Random { get; private set; } = new(0);

    public Hostility Hostility { get; set; } = new();

    public SimulatedTcp Client { get; private set; } = null!;

    public SimulatedTcp Server { get; private set; } = null!;

    /// <summary>Is called with each frame that arrives at the bridge, and then with those that leave it for that.</summary>
    public Action<Side, byte[]>? OnArriving { get; set; }

    public Action<Side, byte[]>? OnDeparting { get; set; }

    /// <summary>Gets a line for each frame that comes to the bridge and that leaves it; null for nobody.</summary>
    public List<string>? Trace { get; set; }

    /// <summary>The time since this connection's begin, µs.</summary>
    public long Now { get; private set; }

    public int Events { get; private set; }

    /// <summary>Whether the frame that arrived at the bridge last acknowledges less than one before it did.</summary>
    public bool ArrivedOld { get; private set; }

    /// <summary>Loads a version of the rule.</summary>
    public void Load(bool rewrites = true)
    {
        var context = new RuleInstance("10-rewrite", Rule?.Counters ?? new RuleCounters(), Host.Services);
        TcpStreams? streams = rewrites ? new TcpStreams(context, _options, _handler()) : null;
        Streams = streams ?? Streams;
        Rule = new RuleEntry("10-rewrite", (ref frame) => streams?.Rewrite(ref frame) ?? Verdict.Continue, context, context.Counters);
        Host.Adopt(Rule);
    }

    /// <summary>Lets both ends send, close, and hear that all has arrived.</summary>
    public void Transfer(Random random, Hostility hostility, SimulatedTcp client, SimulatedTcp server, bool toTheEnd = true)
    {
        (Random, Hostility, Client, Server) = (random, hostility, client, server);
        _due.Clear();
        // Later than what came of the connection before.
        _begin += Now + 1_000_000;
        (Now, Events, ArrivedOld) = (0, 0, false);
        _highest.AsSpan().Clear();
        Host.PassUntil(_begin * 1000);
        client.Begin(this, Side.Left, ++_port, server);
        server.Begin(this, Side.Right, _port, client);
        client.Connect();
        if (toTheEnd)
            RunUntil(() => client.IsDone && server.IsDone);
    }

    public void RunUntil(Func<bool> condition)
    {
        while (!condition())
        {
            Assert.True(++Events < MaxEvents, $"it does not end: {Client} | {Server}");
            Assert.True(_due.TryDequeue(out Action? next, out (long Time, long Order) at), $"nothing happens any more: {Client} | {Server}");
            Now = at.Time;
            Host.PassUntil((_begin + Now) * 1000);
            next();
        }
    }

    public void At(long time, Action action) => _due.Enqueue(action, (time, _order++));

    /// <summary>An end sends a frame towards the bridge.</summary>
    public void Send(Side from, byte[] octets, int segmentSize)
    {
        Deliver(Hostility.LossBefore, () =>
        {
            NoteWhetherOld(from, octets);
            _frame.Load(octets, LinkType.Ethernet, from, Host.Mtu);
            if (segmentSize > 0)
            {
                _frame.Offload.SetPartialChecksum(34, 16);
                if (octets.Length - 54 > segmentSize)
                    _frame.Offload.SetSegmentation(SegmentationKind.Tcpv4, segmentSize, 54);
            }

            Trace?.Add($"{Now,8} {from,5} ->       {FramePrinter.Print(octets, LinkType.Ethernet)}");
            OnArriving?.Invoke(from, octets);
            Host.Arrive(from, _frame);
        });
    }

    private void NoteWhetherOld(Side from, byte[] octets)
    {
        if ((octets[47] & (byte)TcpFlags.Syn) != 0)
            return;

        (uint Acknowledgment, uint Edge)? highest = _highest[(int)from];
        SimulatedTcp end = from == Side.Left ? Client : Server;
        uint acknowledgment = ReadUInt32BigEndian(octets.AsSpan(42)), edge = acknowledgment + ((uint)ReadUInt16BigEndian(octets.AsSpan(48)) << end.Shift);
        ArrivedOld = highest is { } before
            && (SequenceNumber.IsBefore(acknowledgment, before.Acknowledgment) || SequenceNumber.IsBefore(edge, before.Edge));
        _highest[(int)from] = highest is { } most
            ? (SequenceNumber.Later(most.Acknowledgment, acknowledgment), SequenceNumber.Later(most.Edge, edge))
            : (acknowledgment, edge);
    }

    private void Departs(Side to, FrameBuffer frame)
    {
        byte[] octets = frame.Octets.ToArray();
        Trace?.Add($"{Now,8}       -> {to,5} {FramePrinter.Print(octets, LinkType.Ethernet)}");
        OnDeparting?.Invoke(to, octets);
        Check(frame);
        SimulatedTcp end = to == Side.Left ? Client : Server;
        if (end is null || ReadUInt16BigEndian(octets.AsSpan(to == Side.Left ? 36 : 34)) != _port)
            return;

        end.Check(octets);
        Deliver(Hostility.LossAfter, () => end.Receive(octets));
    }

    // Property 11: the oracle sums by itself.
    private static void Check(FrameBuffer frame)
    {
        FrameCheck check = FrameCheck.Read(frame);
        Assert.Equal(0, check.ChecksumError);
        if (frame.Offload.SegmentSize == 0)
            Assert.True(frame.Length <= 14 + 1500, $"a frame of {frame.Length} bytes");
    }

    private void Deliver(double loss, Action arrive)
    {
        if (loss > 0 && Random.NextDouble() < loss)
            return;

        At(Now + Delay + Random.Next(Hostility.Jitter + 1), arrive);
        if (Hostility.Duplication > 0 && Random.NextDouble() < Hostility.Duplication)
            At(Now + Delay + Random.Next(Hostility.Jitter + 1), arrive);
    }
}
