using System.Runtime.CompilerServices;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>
/// TCP connections whose data a rule rewrites in flight, shorter or longer, without an end of the connection and without either end's
/// noticing: <c>RewriteTcp(...)</c> or <c>ReplaceTcp(...)</c> at the rule's top level, and <c>Apply</c> returns what
/// <see cref="Rewrite"/> returns.
/// </summary>
/// <remarks>
/// <para>Sequence numbers, acknowledgments, SACK blocks, windows, FIN, RST, urgent pointers, keep-alives and the segments that ICMP
/// errors quote
/// follow. A connection whose SYN the rule did not see passes untouched, and so does one of TCP-AO, MD5 signatures or Multipath TCP.</para>
/// <para>A connection that was changed needs the numbers to be translated until it ends: that goes on through reloads of the rule, and also
/// where the rule is switched off, taken out after faults, or its file is gone. It ends with the bridge.</para>
/// <para>A guard has to let both directions pass, and should let ICMP errors: <c>When(Guard.Tcp(80) | Guard.Inner)</c>.</para>
/// </remarks>
public sealed class TcpStreams
{
    private static readonly ConditionalWeakTable<RuleInstance, List<TcpStreams>> s_all = [];

    private readonly RuleInstance _rule;
    private readonly TcpStreamHandler _handler;
    private StreamWork? _work;

    internal TcpStreams(RuleInstance rule, TcpStreamOptions options, TcpStreamHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        options.Validate();
        _rule = rule;
        _handler = handler;
        Options = options;
        List<TcpStreams> all = s_all.GetOrCreateValue(rule);
        lock (all)
        {
            Number = all.Count;
            all.Add(this);
        }

        rule.Every(TickInterval(options.MaxDelay), Tick);
        rule.Ended += () => _work?.Detach(this);
    }

    /// <summary>What became of the connections, those of all versions of the rule and of all that it rewrites; null before the first
    /// frame. Any thread.</summary>
    public StreamFigures? Figures => Volatile.Read(ref _work)?.Figures;

    internal TcpStreamOptions Options { get; }

    internal int Number { get; }

    internal StreamWork? Work => _work;

    internal RuleCounters Counters => _rule.Counters;

    /// <summary>Translates a frame if it is of a connection that is followed, and shows the rule's handler what data has come.</summary>
    /// <returns>The verdict for the rule to return: Continue, or Hold for a frame whose data goes on later or in other frames.</returns>
    public Verdict Rewrite(ref Frame frame)
    {
        RuleServices services = _rule.Services;
        services.BeginEngineCall(nameof(Rewrite));
        Verdict verdict = (_work ?? Begin()).Rewrite(ref frame, this);
        services.EndEngineCall();
        return verdict;
    }

    /// <summary>Whether a SYN opens a connection that is to be rewritten.</summary>
    internal bool Wants(TcpHeader syn) => Options.Port == 0 || syn.DestinationPort == Options.Port;

    /// <summary>Shows the rule's handler data.</summary>
    internal void Call(TcpStream stream, TcpStreamData data)
    {
        RuleServices services = _rule.Services;
        services.EndEngineCall();
        try
        {
            _handler(stream, data);
        }
        catch (Exception exception) when (exception is not (RuleOverranException or LeftBehindException))
        {
            // The rest is to arrive whole, whatever the rule meant to do with it.
            stream.PassRest();
            _rule.Fault(exception);
        }

        services.BeginEngineCall(nameof(Rewrite));
    }

    // Waiting is to end soon after its time; a tenth of it is soon.
    private static TimeSpan TickInterval(TimeSpan delay) => TimeSpan.FromMilliseconds(Math.Clamp(delay.TotalMilliseconds / 10, 1, 100));

    private StreamWork Begin()
    {
        StreamWork work = StreamWork.Of(_rule);
        work.Attach(this);
        Volatile.Write(ref _work, work);
        return work;
    }

    private void Tick() => (_work ?? Begin()).Tick();
}
