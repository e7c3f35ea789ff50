using Fluke6.Engine;
using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>
/// The connections whose streams a rule rewrites, whichever version of it: they need it for as long as they last. Known to the engine by
/// the
/// rule's name. Worker's thread only.
/// </summary>
internal sealed partial class StreamWork : FlowObligation
{
    private readonly RuleServices _services;
    private readonly string _name;
    private readonly Dictionary<FlowKey, StreamFlow> _flows = [];
    private readonly List<TcpStreams?> _rewriters = [];
    private readonly List<StreamDirection> _waiting = [];
    private readonly byte[] _scratch = new byte[ushort.MaxValue + 1];
    private StreamFlow? _last;
    private bool _asks;
    private int _open;

    public StreamWork(RuleServices services, string name)
    {
        _services = services;
        _name = name;
        Call = new StreamCall(services);
    }

    /// <inheritdoc/>
    public override bool IsOwed => Volatile.Read(ref _open) > 0;

    /// <summary>How many octets of one direction may be under way.</summary>
    public int Capacity { get; private set; } = new TcpStreamOptions().MaxInFlight;

    public StreamMemory Memory { get; } = new();

    public StreamFigures Figures { get; } = new();

    /// <summary>The rule's counters.</summary>
    public RuleCounters Counters { get; private set; } = new();

    public StreamCall Call { get; }

    /// <summary>The time, by <see cref="Moment.Monotonic"/>.</summary>
    public long Now => _services.Now.Monotonic;

    /// <summary>The connections that are followed.</summary>
    public IEnumerable<StreamFlow> Flows => _flows.Values;

    /// <summary>The obligation of a rule, made when its first version asks.</summary>
    public static StreamWork Of(RuleInstance rule)
    {
        Dictionary<string, FlowObligation> all = rule.Services.Obligations;
        if (!all.TryGetValue(rule.Name, out FlowObligation? work))
            all[rule.Name] = work = new StreamWork(rule.Services, rule.Name);
        rule.Entry?.Owes = work;
        return (StreamWork)work;
    }

    /// <summary>From here on a rewriter of the rule's newest version decides.</summary>
    public void Attach(TcpStreams rewriter)
    {
        while (_rewriters.Count <= rewriter.Number)
            _rewriters.Add(null);
        _rewriters[rewriter.Number] = rewriter;
        Counters = rewriter.Counters;
        Capacity = rewriter.Options.MaxInFlight;
        Memory.Capacity = rewriter.Options.MaxMemory;
    }

    /// <summary>A rewriter's version left.</summary>
    public void Detach(TcpStreams rewriter)
    {
        if (_rewriters[rewriter.Number] != rewriter)
            return;

        _rewriters[rewriter.Number] = null;
        foreach (StreamFlow flow in _flows.Values)
        {
            flow.FromClient.Stream.ForgetWhatScriptsDeclare();
            flow.FromServer.Stream.ForgetWhatScriptsDeclare();
        }
    }

    /// <summary>Who decides about a connection's octets; null if nobody does any more.</summary>
    public TcpStreams? HandlerOf(StreamFlow flow) => _asks && flow.Number < _rewriters.Count ? _rewriters[flow.Number] : null;

    /// <summary>Sees to a frame that a rewriter is given.</summary>
    public Verdict Rewrite(ref Frame frame, TcpStreams rewriter)
    {
        _asks = true;
        return Process(ref frame, rewriter);
    }

    /// <inheritdoc/>
    public override Verdict Meet(FrameBuffer buffer)
    {
        if (_flows.Count == 0)
            return Verdict.Continue;

        _asks = false;
        var frame = new Frame(buffer);
        return Process(ref frame, rewriter: null);
    }

    private Verdict Process(ref Frame frame, TcpStreams? rewriter)
    {
        ref readonly Layers layers = ref frame.Layers;
        if (!layers.HasTransport || layers.IsFragment || layers.HasOtherAddresses)
            return Pass();
        if (layers.Transport != IpProtocol.Tcp)
            return layers.Transport == IpProtocol.Udp ? Pass() : Quoted(ref frame);
        if (!frame.TryGetTcp(out TcpHeader tcp))
            return Pass();

        FlowKey key = FlowKeyReader.Read(frame.Octets, layers, frame.LinkType, out bool isUpper);
        StreamFlow? flow = Find(key);
        if (tcp.Syn)
            return Pass(Shake(ref frame, tcp, key, isUpper, flow, rewriter));
        if (flow is not { IsEstablished: true })
            return Pass();
        if (rewriter is not null && flow.Number != rewriter.Number)
            return Verdict.Continue;

        IsUnmet = false;
        bool isFromClient = isUpper == flow.ClientIsUpper;
        if (frame.From == flow.ClientSide != isFromClient)
            return Verdict.Continue;
        if (!TransportChecksum.IsRight(in frame))
        {
            Figures.Corrupt++;
            return Verdict.Continue;
        }

        Touch(flow);
        return Translate(ref frame, tcp, flow, isFromClient ? flow.FromClient : flow.FromServer, isFromClient ? flow.FromServer : flow.FromClient);
    }

    private Verdict Translate(ref Frame frame, TcpHeader tcp, StreamFlow flow, StreamDirection way, StreamDirection back)
    {
        if (!way.Template.Learn(in frame, tcp))
            return Verdict.Continue;

        bool isReset = tcp.Rst, isNews = tcp.Ack && back.Acknowledge(tcp);
        Verdict verdict = (frame.Layers.PayloadEnd > frame.Layers.PayloadOffset || tcp.Fin) && !isReset
            ? way.Carry(ref frame, tcp, isNews, this)
            : way.Carry(tcp);

        // Frames that the rule sent before are to stay before this one.
        if (verdict == Verdict.Continue && _queue.Count > 0)
            verdict = Queue(frame.Buffer.Outermost) ? Swallow(ref frame) : Verdict.Drop;
        back.Pump(this);
        if (way.HasToTell())
            SendAcknowledgment(way, back);
        if (back.HasToTell())
            SendAcknowledgment(back, way);
        flow.IsReset |= isReset;
        if (flow.HasNewEdits(out StreamEdits fromClient, out StreamEdits fromServer))
            frame.Buffer.Outermost.Flow?.NoteEdits(fromClient, fromServer);
        if (flow.IsIdle)
            Forget(flow);
        else if (flow.IsOver)
            _over.Add(flow);
        return verdict;
    }

    private Verdict Pass(Verdict verdict = Verdict.Continue)
    {
        IsUnmet = false;
        return verdict;
    }

    private StreamFlow? Find(in FlowKey key)
    {
        // Frames come in runs of one connection.
        if (_last is { } last && last.Key == key)
            return last;
        return _flows.TryGetValue(key, out StreamFlow? flow) ? _last = flow : null;
    }
}
