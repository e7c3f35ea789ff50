using Fluke6.Bridging;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Ports;
using Fluke6.TcpServices;

namespace Fluke6.Tests.TcpServices;

/// <summary>A service as a rule in a chain, without a bridge's thread: time passes, and frames go, when a test says so.</summary>
[System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "The port holds nothing.")]
internal sealed class ServiceHost
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(25);

    private readonly RuleServices _services;
    private readonly SendingPort _left;
    private readonly Outbox _outbox;
    private readonly FrameBuffer _buffer = new(new FrameUndo());
    private readonly List<SentSegment> _sent = [];
    private RuleInstance _context;

    public ServiceHost(TcpServiceOptions? options = null, TcpHandler? handler = null)
    {
        _left = new SendingPort(_sent);
        _services = new RuleServices(new BridgeJournal(), Clock, new Random(1));
        _outbox = new Outbox(new BridgedPorts(_left, new NullPort(LinkType.Ethernet)), new FrameTaps());
        _services.Attach(_outbox);
        _services.ClaimThread();
        (_context, Service) = Load(options, handler ?? Echo);
    }

    public ManualClock Clock { get; } = new();

    public TcpService Service { get; private set; }

    /// <summary>Whether what is sent is looked at; not while allocations are counted.</summary>
    public bool Records { set => _left.Records = value; }

    public long SentFrames => _left.Counters.TxFrames;

    public static void Echo(TcpConnection connection, ReadOnlySpan<byte> received) => Assert.True(connection.Write(received));

    /// <summary>Replaces the rule by another version of it, as a reload does.</summary>
    public void Reload(TcpHandler handler, TcpServiceOptions? options = null)
    {
        RuleInstance old = _context;
        (_context, Service) = Load(options, handler);
        old.Deactivate();
    }

    /// <summary>Loads another version of the rule, which then is not put into the chain.</summary>
    public void FailToReload(TcpHandler handler)
    {
        var context = new RuleInstance("service", new RuleCounters(), _services);
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
        _services.Now = Moment.Of(Clock);
        _buffer.Load(octets, LinkType.Ethernet, from, mtu: 1500);
        if (segmentSize > 0)
            _buffer.Offload.SetSegmentation(SegmentationKind.Tcpv4, segmentSize, 0);
        _buffer.BeginRule();
        var frame = new Frame(_buffer);
        Verdict verdict = Service.Answer(ref frame);
        _buffer.EndRule();
        if (verdict == Verdict.Reflect)
            _left.Transmit([_buffer]);
        else
            Assert.True(_buffer.Octets.SequenceEqual(octets), "changed a frame that is not reflected");
        _outbox.Flush();
        return verdict;
    }

    /// <summary>Lets time pass, in small steps.</summary>
    /// <returns>What was sent meanwhile.</returns>
    public SentSegment[] Pass(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += s_step)
        {
            Clock.Advance(s_step);
            _services.Now = Moment.Of(Clock);
            while (_services.Timers.TryTakeDue(_services.Now.Monotonic, out WaitingTimer timer))
                timer.Action();
            _outbox.Flush();
        }

        return TakeSent();
    }

    private SentSegment[] TakeSent()
    {
        SentSegment[] sent = [.. _sent];
        _sent.Clear();
        return sent;
    }

    private (RuleInstance Context, TcpService Service) Load(TcpServiceOptions? options, TcpHandler handler)
    {
        _services.Now = Moment.Of(Clock);
        var context = new RuleInstance("service", new RuleCounters(), _services);
        var service = new TcpService(context, "service", handler, options);
        context.Activate(new RuleEntry("service", service.Answer, context, context.Counters));
        return (context, service);
    }

    private sealed class SendingPort(List<SentSegment> sent) : IPort
    {
        public bool Records { get; set; } = true;

        public string Name => "left0";

        public string Specification => "left0";

        public LinkType LinkType => LinkType.Ethernet;

        public int Mtu => 1500;

        public bool Offload => true;

        public int BatchSize => 1;

        public PortState State => PortState.Up;

        public PortCounters Counters { get; } = new();

        public bool Receive(FrameBatch batch, Side from, int mtu) => false;

        public void Transmit(ReadOnlySpan<FrameBuffer> frames)
        {
            foreach (FrameBuffer frame in frames)
            {
                Counters.TxFrames++;
                if (Records)
                    sent.Add(SentSegment.Read(frame));
            }
        }

        public bool Maintain() => false;

        public void Dispose()
        {
        }
    }
}
