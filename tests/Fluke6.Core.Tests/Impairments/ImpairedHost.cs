using Fluke6.Core.Tests.Engine;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Impairments;

namespace Fluke6.Core.Tests.Impairments;

/// <summary>A rule that is an impairment alone, in virtual time; packets are numbered in their last octets.</summary>
internal sealed class ImpairedHost
{
    private readonly FrameBuffer _frame = new(new FrameUndo());
    private readonly byte[] _octets = new byte[1514];
    private int _sent;

    public ImpairedHost(Func<Impairment, Impairment> ask, Side? from = Side.Left, long seed = 7)
    {
        Host.Records = false;
        WorkerHost.Ping(0).CopyTo(_octets, 0);
        Host.OnSent = (_, frame) => Left.Add((Host.Now, BitConverter.ToInt32(frame.Octets[^4..]), frame.Length));
        Load(ask, from, seed);
    }

    public WorkerHost Host { get; } = new();

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
