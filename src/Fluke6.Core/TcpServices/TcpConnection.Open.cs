using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.TcpServices;

// The handshake. RFC 9293 §3.5, §3.10.7.2, and what its options agree upon.
public sealed partial class TcpConnection
{
    private const int MinSegmentSize = 64, MaxWindowScale = 14;    // RFC 7323 §2.3
    private const int DefaultSegmentSizeIpv4 = 536, DefaultSegmentSizeIpv6 = 1220;    // RFC 9293 §3.7.1
    private const int TimestampsLength = 12;    // with the NOPs before it: RFC 7323 appendix A

    private readonly TcpFrameTemplate _template = new();
    private readonly byte[] _synAckOptions = new byte[TcpHeader.MaxLength - TcpHeader.MinLength];
    private int _synAckOptionsLength;
    private uint _initialReceived;
    private uint _initialSent;
    private int _segmentSize;
    private int _clientScale;
    private int _ownScale;
    private bool _sackPermitted;
    private bool _timestamps;
    private uint _timestampOffset;
    private uint _recentTimestamp;
    private bool _synAckWasLost;
    private bool _isByCookie;       // so that nobody knows when the SYN,ACK was sent

    /// <summary>Begins a connection with a SYN.</summary>
    /// <param name="service">The service.</param>
    /// <param name="frame">The SYN.</param>
    /// <param name="tcp">Its TCP header.</param>
    /// <param name="key">The flow that it is of.</param>
    /// <param name="clientIsUpper">Which end of that the client is.</param>
    /// <param name="cookie">
    /// The initial sequence number to answer with, if nothing else is kept of the SYN; no option is then agreed upon that would have to be.
    /// </param>
    internal void Begin(TcpService service, ref readonly Frame frame, TcpHeader tcp, in FlowKey key, bool clientIsUpper, uint? cookie = null)
    {
        Learn(service, in frame, tcp, key, clientIsUpper);
        _initialReceived = tcp.SequenceNumber;
        _initialSent = cookie ?? service.NextInitialSequenceNumber(key);

        ReadOnlySpan<byte> options = service.Options.SynAckOptions.IsEmpty ? tcp.Options.Octets : service.Options.SynAckOptions.Span;
        _synAckOptionsLength = (options.Length + 3) / 4 * 4;
        _synAckOptions.AsSpan().Clear();
        options.CopyTo(_synAckOptions);
        Negotiate(service, tcp.Options, frame.Mtu, isKept: cookie is null);

        BeginReceiving(_initialReceived + 1);
        BeginSending(service);
        Touch(service);
    }

    /// <summary>Begins a connection with what acknowledges a cookie: the SYN,ACK had no option that is remembered.</summary>
    internal void BeginByCookie(
        TcpService service, ref readonly Frame frame, TcpHeader tcp, in FlowKey key, bool clientIsUpper, int announcedSegmentSize)
    {
        Learn(service, in frame, tcp, key, clientIsUpper);
        (_initialReceived, _initialSent) = (tcp.SequenceNumber - 1, tcp.AcknowledgmentNumber - 1);
        _isByCookie = true;
        (_synAckOptionsLength, _clientScale, _ownScale, _sackPermitted, _timestamps) = (0, 0, 0, false, false);
        _segmentSize = SegmentSizeFor(announcedSegmentSize, frame.Mtu);
        BeginReceiving(_initialReceived + 1);
        _offered = _receiveNext + SynAckWindow;
        BeginSending(service);
        Touch(service);
    }

    /// <summary>The maximum segment size that a SYN announces, in octets. RFC 9293 §3.7.1.</summary>
    internal static int AnnouncedSegmentSize(TcpOptions offered, bool isIpv6) =>
        TryGet(offered, TcpOptionKind.MaximumSegmentSize, 4, out TcpOption option) ? option.UInt16
            : isIpv6 ? DefaultSegmentSizeIpv6 : DefaultSegmentSizeIpv4;

    /// <summary>Writes the SYN,ACK. Its window is not scaled: RFC 7323 §2.2.</summary>
    /// <returns>The frame's length, in octets.</returns>
    internal int WriteSynAck(TcpService service, Span<byte> frame)
    {
        ReadOnlySpan<byte> options = _synAckOptions.AsSpan(0, _synAckOptionsLength);
        frame = frame[..(_template.Length + TcpHeader.MinLength + options.Length)];
        _template.Write(frame, Fields(_initialSent, TcpFlags.Syn | TcpFlags.Ack, SynAckWindow), options, partialChecksum: false);
        _offered = _receiveNext + SynAckWindow;
        _acknowledgedSent = _receiveNext;
        return frame.Length;
    }

    private ushort SynAckWindow => (ushort)Math.Min(_bufferSize, ushort.MaxValue);

    /// <summary>Learns who the client is, from any segment of its.</summary>
    private void Learn(TcpService service, ref readonly Frame frame, TcpHeader tcp, in FlowKey key, bool clientIsUpper)
    {
        (_key, _clientIsUpper, From, _pool) = (key, clientIsUpper, frame.From, service.Pool);
        (_closing, _aborting, _pending, IsAtEnd, WasShown) = (false, false, false, false, false);
        _bufferSize = service.BufferSize;
        _template.Learn(in frame, tcp);
        _isByCookie = false;
        State = TcpConnectionState.SynReceived;
    }

    /// <summary>An option is in force if both SYNs have it.</summary>
    private void Negotiate(TcpService service, TcpOptions offered, int mtu, bool isKept)
    {
        Span<byte> header = stackalloc byte[TcpHeader.MaxLength];
        default(TcpFields).Write(header, _synAckOptions.AsSpan(0, _synAckOptionsLength));
        TcpHeader.TryRead(header[..(TcpHeader.MinLength + _synAckOptionsLength)], out TcpHeader synAck);
        TcpOptions chosen = synAck.Options;
        if (!isKept)
        {
            chosen.Strip(TcpOptionKind.WindowScale);
            chosen.Strip(TcpOptionKind.SackPermitted);
            chosen.Strip(TcpOptionKind.Timestamps);
            header.Slice(TcpHeader.MinLength, _synAckOptionsLength).CopyTo(_synAckOptions);
        }

        bool isScaled = TryGet(offered, TcpOptionKind.WindowScale, 3, out TcpOption theirs)
            & TryGet(chosen, TcpOptionKind.WindowScale, 3, out TcpOption ours);
        (_clientScale, _ownScale) = isScaled
            ? (Math.Min((int)theirs.Byte, MaxWindowScale), Math.Min((int)ours.Byte, MaxWindowScale))
            : (0, 0);

        _sackPermitted = TryGet(offered, TcpOptionKind.SackPermitted, 2, out _) && TryGet(chosen, TcpOptionKind.SackPermitted, 2, out _);

        _timestamps = TryGet(offered, TcpOptionKind.Timestamps, 10, out theirs) & TryGet(chosen, TcpOptionKind.Timestamps, 10, out ours);
        if (_timestamps)
        {
            // Ours go on from what the SYN,ACK says, be it an echo, so that they never seem to run backwards: RFC 7323 §5.3.
            _recentTimestamp = theirs.UInt32;
            _timestampOffset = ours.UInt32 - Milliseconds(service.Now);
            EchoTimestamp(ours, theirs, header[TcpHeader.MinLength..]);
        }

        _segmentSize = SegmentSizeFor(AnnouncedSegmentSize(offered, _template.IsIpv6), mtu);
    }

    // RFC 6691: what options take up comes off the data.
    private int SegmentSizeFor(int announced, int mtu) =>
        Math.Max(Math.Min(announced, mtu - _template.NetworkLength - TcpHeader.MinLength), MinSegmentSize) - (_timestamps ? TimestampsLength : 0);

    // A SYN whose own echo is not zero goes on from TIME-WAIT (RFC 6191 §2): the client would take that echo, sent back, for a segment of
    // the connection before, and refuse it. RFC 7323 §3.2.
    private void EchoTimestamp(TcpOption ours, TcpOption theirs, ReadOnlySpan<byte> options)
    {
        const int Echo = 4;    // behind the timestamp itself
        if (ours.Data[Echo..] is not [0, 0, 0, 0] && ours.Write(Echo, theirs.Data[..Echo]) != EditResult.Refused)
            options[.._synAckOptionsLength].CopyTo(_synAckOptions);
    }

    /// <summary>The SYN,ACK is acknowledged. RFC 9293 §3.10.7.4, fifth.</summary>
    private void Establish(TcpService service, TcpHeader tcp)
    {
        State = TcpConnectionState.Established;
        service.Established(this);
        _unacknowledged = _sendNext = _sendMax = _sendBase = _initialSent + 1;
        if (_synAckWasLost)
            _timeout.BeginAfterLoss();
        else if (!_isByCookie)
            _timeout.Measured(service.Now - _timedAt);
        _timing = false;
        _retries = 0;
        _retransmitAt = TimeSpan.MaxValue;
        _congestion.Begin(_segmentSize, _initialSent, _synAckWasLost);
        _window = _maxWindow = tcp.Window << _clientScale;
        (_windowSequence, _windowAcknowledgment) = (tcp.SequenceNumber, tcp.AcknowledgmentNumber);
        Handle(service, []);
    }

    private static bool TryGet(TcpOptions options, TcpOptionKind kind, int length, out TcpOption option) =>
        options.TryGet(kind, out option) && option.Length == length;

    // RFC 7323 §5.4: a tick of 1 ms to 1 s.
    private static uint Milliseconds(TimeSpan time) => (uint)(time.Ticks / TimeSpan.TicksPerMillisecond);
}
