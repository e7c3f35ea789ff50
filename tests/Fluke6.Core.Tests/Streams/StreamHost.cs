using System.Text;
using Fluke6.Core.Tests.Engine;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Streams;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Streams;

/// <summary>One connection by hand, through a bridge whose rule rewrites it: the client at left begins at 1001, the server at right at 5001.</summary>
internal sealed class StreamHost
{
    private readonly FrameBuffer _frame = new(new FrameUndo());
    private readonly List<Sent> _sent = [];

    public StreamHost(TcpStreamHandler handler, TcpStreamOptions? options = null, params FrameTap[] taps)
    {
        Host = new WorkerHost(taps);
        Host.Records = false;
        Host.OnSent = (side, frame) => _sent.Add(Sent.Of(side, frame));
        Load(handler, options);
    }

    /// <summary>A host whose rule replaces a text.</summary>
    public StreamHost(string old, string @new, TcpStreamOptions? options = null)
        : this(Replace(old, @new), options)
    {
    }

    public WorkerHost Host { get; }

    public TcpStreams Streams { get; private set; } = null!;

    public RuleEntry Rule { get; private set; } = null!;

    public StreamFlow Flow => Streams.Work!.Flows.Single();

    public static TcpStreamHandler Replace(string old, string @new) =>
        new TextReplacement(Encoding.ASCII.GetBytes(old), Encoding.ASCII.GetBytes(@new)).Handle;

    /// <summary>Loads a version of the rule; without a handler it rewrites nothing.</summary>
    public void Load(TcpStreamHandler? handler, TcpStreamOptions? options = null)
    {
        var context = new RuleInstance("10-rewrite", Rule?.Counters ?? new RuleCounters(), Host.Services);
        TcpStreams? streams = handler is null ? null : new TcpStreams(context, options ?? new TcpStreamOptions(), handler);
        Streams = streams ?? Streams;
        Rule = new RuleEntry("10-rewrite", (ref frame) => streams?.Rewrite(ref frame) ?? Verdict.Continue, context, context.Counters);
        Host.Adopt(Rule);
    }

    public StreamHost Handshake(byte[]? synOptions = null, byte[]? synAckOptions = null, ushort window = ushort.MaxValue)
    {
        Pass(Side.Left, new TcpFields(40000, 80, TcpFlags.Syn) { SequenceNumber = 1000, Window = window }, "", synOptions ?? [2, 4, 5, 180, 1, 1, 4, 2]);
        Pass(Side.Right, new TcpFields(80, 40000, TcpFlags.Syn | TcpFlags.Ack) { SequenceNumber = 5000, AcknowledgmentNumber = 1001, Window = window }, "", synAckOptions ?? [2, 4, 5, 180, 1, 1, 4, 2]);
        return this;
    }

    /// <summary>The client says something.</summary>
    /// <returns>All frames that leave the bridge for that.</returns>
    public IReadOnlyList<Sent> Client(uint number, string data, uint acknowledgment = 5001, TcpFlags flags = TcpFlags.Ack, ushort window = 60000, ushort urgent = 0) => Pass(
        Side.Left, new TcpFields(40000, 80, flags) { SequenceNumber = number, AcknowledgmentNumber = acknowledgment, Window = window, UrgentPointer = urgent }, data);

    /// <summary>The server says something.</summary>
    public IReadOnlyList<Sent> Server(uint number, string data, uint acknowledgment, TcpFlags flags = TcpFlags.Ack, ushort window = 60000, byte[]? options = null) => Pass(
        Side.Right, new TcpFields(80, 40000, flags) { SequenceNumber = number, AcknowledgmentNumber = acknowledgment, Window = window }, data, options);

    public IReadOnlyList<Sent> Pass(Side from, TcpFields fields, string data, byte[]? options = null)
    {
        string source = from == Side.Left ? "192.0.2.1" : "192.0.2.2", destination = from == Side.Left ? "192.0.2.2" : "192.0.2.1";
        return Pass(from, Segment.Tcp(source, destination, fields, options, Encoding.ASCII.GetBytes(data)));
    }

    public IReadOnlyList<Sent> Pass(Side from, byte[] octets)
    {
        _sent.Clear();
        _frame.Load(octets, LinkType.Ethernet, from, Host.Mtu);
        Host.Arrive(from, _frame);
        return [.. _sent];
    }

    /// <summary>Lets time pass.</summary>
    public IReadOnlyList<Sent> Wait(TimeSpan time)
    {
        _sent.Clear();
        Host.PassUntil(Host.Now + (long)time.TotalNanoseconds);
        return [.. _sent];
    }

    /// <summary>A frame that left.</summary>
    internal sealed record Sent(Side To, uint Number, uint Acknowledgment, TcpFlags Flags, int Window, int Urgent, string Data, byte[] Octets)
    {
        public static Sent Of(Side to, FrameBuffer buffer)
        {
            byte[] octets = buffer.Octets.ToArray();
            var frame = new Frame(buffer);
            return frame.TryGetTcp(out TcpHeader tcp)
                ? new Sent(to, tcp.SequenceNumber, tcp.AcknowledgmentNumber, tcp.Flags, tcp.Window, tcp.UrgentPointer, Encoding.ASCII.GetString(frame.Payload), octets)
                : new Sent(to, 0, 0, 0, 0, 0, "", octets);
        }

        public override string ToString() => $"{To} {Number} {Acknowledgment} {Data}";
    }
}
