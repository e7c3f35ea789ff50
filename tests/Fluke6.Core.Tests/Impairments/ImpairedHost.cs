using Fluke6.Core.Tests.Engine;
using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Impairments;
using Fluke6.Journal;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>A rule that is an impairment alone, in virtual time; packets are numbered in their last octets.</summary>
internal sealed class ImpairedHost
{
    private readonly FrameBuffer _frame = new(new FrameUndo());
    private readonly byte[] _octets = new byte[1514];
    private int _sent;

    public ImpairedHost(Func<Impairment, Impairment> ask, Side? from = Side.Left, long seed = 7, int flows = 0)
    {
        Host = new WorkerHost(services => flows > 0 ? [new FlowObserver(flows, new BridgeJournal(), services)] : []);
        Host.Records = false;
        WorkerHost.Ping(0).CopyTo(_octets, 0);
        Host.OnSent = (_, frame) => Left.Add((Host.Now, BitConverter.ToInt32(frame.Octets[^4..]), frame.Length));
        Load(ask, from, seed);
    }

    public WorkerHost Host { get; }

    public Impairment Impairment { get; private set; } = null!;

    public RuleEntry Rule { get; private set; } = null!;

    public ImpairmentFigures Figures => Impairment.Figures[0];

    /// <summary>What left: when (ns), its number, its length.</summary>
    public List<(long Time, int Number, int Length)> Left { get; } = [];

    public IEnumerable<int> Numbers => Left.Select(frame => frame.Number);

    /// <summary>Loads a version of the rule.</summary>
    public void Load(Func<Impairment, Impairment> ask, Side? from = Side.Left, long seed = 7)
    {
        var context = new RuleInstance("10-link", Rule?.Counters ?? new RuleCounters(), Host.Services);
        Impairment impairment = ask(new Impairment(context, from, seed));
        Impairment = impairment;
        Rule = new RuleEntry("10-link", (ref frame) => impairment.Apply(ref frame), context, context.Counters);
        Host.Adopt(Rule);
    }

    /// <summary>A packet arrives; the first one is number 1.</summary>
    public void Send(int length = 1514, Side from = Side.Left)
    {
        Span<byte> octets = _octets.AsSpan(0, length);
        BitConverter.TryWriteBytes(octets[^4..], ++_sent);
        _frame.Load(octets, LinkType.Ethernet, from);
        Host.Arrive(from, _frame);
    }

    /// <summary>A packet of the flow of this port arrives.</summary>
    public void SendDatagram(ushort port, Side from = Side.Left, int length = 100)
    {
        byte[] octets = from == Side.Left ? Segment.Udp("192.0.2.1", port, "192.0.2.2", 9, length - 42)
            : Segment.Udp("192.0.2.2", 9, "192.0.2.1", port, length - 42);
        BitConverter.TryWriteBytes(octets.AsSpan()[^4..], ++_sent);
        _frame.Load(octets, LinkType.Ethernet, from);
        Host.Arrive(from, _frame);
    }

    /// <summary>Packets arrive one after the other.</summary>
    public ImpairedHost SendMany(int count, double millisecondsApart, int length = 1514)
    {
        for (int i = 0; i < count; i++)
        {
            Send(length);
            Pass(millisecondsApart);
        }

        return this;
    }

    public ImpairedHost Pass(double milliseconds)
    {
        Host.PassUntil(Host.Now + (long)(milliseconds * 1e6));
        return this;
    }
}
