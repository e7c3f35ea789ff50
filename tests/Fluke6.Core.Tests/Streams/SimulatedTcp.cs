using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Streams;

/// <summary>
/// One end of a connection, as simple as it can be and still recover from everything: windows, SACK, retransmission, probes. Cuts its data
/// as the test says. Notes and asserts what it is sent.
/// </summary>
internal sealed partial record SimulatedTcp
{
    private const int Headers = 14 + 20;

    private SimulatedNetwork _network = null!;
    private SimulatedTcp _peer = null!;
    private Side _side;
    private ushort _port;
    private bool _isGone;
    private byte[] _headers = [];

    /// <summary>What it sends, all told.</summary>
    public byte[] Data { get; init; } = [];

    /// <summary>What the other end is to get of that.</summary>
    public byte[] Expected { get; init; } = [];

    /// <summary>For each octet of <see cref="Data"/> where in <see cref="Expected"/> what becomes of it ends; null if that is not looked at.</summary>
    public int[]? Images { get; init; }

    public uint InitialNumber { get; init; }

    /// <summary>How long the pieces are that it sends.</summary>
    public int Piece { get; init; } = 512;

    /// <summary>By how many octets a piece goes back into the one before it.</summary>
    public int Overlap { get; init; }

    /// <summary>Whether it sends the pieces of a burst last first.</summary>
    public bool IsReversed { get; init; }

    /// <summary>If not 0, it sends super-segments of such segments.</summary>
    public int SegmentSize { get; init; }

    /// <summary>How much it has under way at most.</summary>
    public int Congestion { get; init; } = 4000;

    /// <summary>Its receive buffer.</summary>
    public int Buffer { get; init; } = 20_000;

    public int Shift { get; init; }

    /// <summary>Whether its application reads only now and then.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Whether it sends other octets when it sends again.</summary>
    public bool Lies { get; init; }

    public bool HasSack { get; init; } = true;

    public ushort SegmentLimit { get; init; } = 1460;

    public bool IsEstablished { get; private set; }

    /// <summary>Whether it sent everything, heard that it arrived, and has everything from the other end.</summary>
    public bool IsDone => IsEstablished && _unacknowledged == FinNumber + 1 && HasAll;

    public override string ToString() =>
        $"sent {_next - First} of {Data.Length + 1}, acknowledged {_unacknowledged - First}, window to {_edge - First}; has {_received} and {_ranges.Count} ranges, FIN {_finAt is not null}";

    public void Begin(SimulatedNetwork network, Side side, ushort port, SimulatedTcp peer)
    {
        (_network, _side, _port, _peer) = (network, side, port, peer);
        _unacknowledged = _next = _highest = _edge = InitialNumber;
        IsEstablished = false;
        _headers = new byte[Headers];
        _headers[12] = 8;
        _headers[5] = (byte)(side == Side.Left ? 2 : 1);
        _headers[11] = (byte)(side == Side.Left ? 1 : 2);
        new Ipv4Fields(
            Ipv4Address.Parse(side == Side.Left ? "192.0.2.1" : "192.0.2.2"), Ipv4Address.Parse(side == Side.Left ? "192.0.2.2" : "192.0.2.1"), IpProtocol.Tcp)
            .Write(_headers.AsSpan(14));
        BeginReceiving();
    }

    public void Connect()
    {
        Emit(TcpFlags.Syn, InitialNumber, default, SynOptions());
        ArmTimer();
    }

    /// <summary>The same, in pieces of another kind.</summary>
    public SimulatedTcp With(int piece, int overlap, bool isReversed) => this with
    {
        Piece = piece, Overlap = overlap, IsReversed = isReversed, SegmentSize = 0, Congestion = Math.Max(8 * piece, 20),
    };

    /// <summary>Ends the connection at once, and forgets it.</summary>
    public void Abort()
    {
        Emit(TcpFlags.Rst | TcpFlags.Ack, _highest, default, default);
        _isGone = true;
    }

    /// <summary>Asks whether a reset was meant. RFC 5961 §3.2.</summary>
    public void Challenge() => Acknowledge();

    /// <summary>A frame arrives.</summary>
    public void Receive(byte[] octets)
    {
        ReadOnlySpan<byte> packet = octets.AsSpan(14), tcp = packet[20..ReadUInt16BigEndian(packet[2..])];
        int header = (tcp[12] >> 4) * 4;
        var flags = (TcpFlags)tcp[13];
        uint number = ReadUInt32BigEndian(tcp[4..]), acknowledgment = ReadUInt32BigEndian(tcp[8..]);
        ReadOnlySpan<byte> options = tcp[20..header], payload = tcp[header..];
        if (_isGone)
        {
            // RFC 9293 §3.10.7.1.
            if ((flags & TcpFlags.Rst) == 0)
                Emit(TcpFlags.Rst, acknowledgment, default, default);
            return;
        }

        if ((flags & TcpFlags.Syn) != 0)
        {
            Shake(flags, number, acknowledgment, ReadUInt16BigEndian(tcp[14..]));
            return;
        }

        if (!IsEstablished && !(_side == Side.Right && _knowsPeer && acknowledgment == First))
            return;

        if (!IsEstablished)
        {
            IsEstablished = true;
            (_unacknowledged, _next, _highest) = (First, First, First);
        }

        if ((flags & TcpFlags.Rst) != 0)
        {
            ResetWith = number;
            return;
        }

        if ((flags & TcpFlags.Ack) != 0)
            Acknowledged(acknowledgment, ReadUInt16BigEndian(tcp[14..]), options, number);
        Take(number, payload, (flags & TcpFlags.Fin) != 0);
        SendMore();
    }

    private void Shake(TcpFlags flags, uint number, uint acknowledgment, ushort window)
    {
        if (_side == Side.Right && (flags & TcpFlags.Ack) == 0)
        {
            if (IsEstablished)
                return;

            Meet(number + 1);
            _edge = First + window;
            Emit(TcpFlags.Syn | TcpFlags.Ack, InitialNumber, default, SynOptions());
        }
        else if (_side == Side.Left && (flags & TcpFlags.Ack) != 0)
        {
            if (!IsEstablished)
            {
                Assert.Equal(First, acknowledgment);
                IsEstablished = true;
                Meet(number + 1);
                (_unacknowledged, _next, _highest) = (First, First, First);
                _edge = First + window;
            }

            Acknowledge();
            SendMore();
        }
    }

    // Its SYN says a window, too.
    private void Meet(uint first) =>
        (_knowsPeer, _peerFirst, _receivedTo, _edgeSaid) = (true, first, first, first + (uint)Math.Min(Buffer, ushort.MaxValue));

    private byte[] SynOptions() =>
        [2, 4, (byte)(SegmentLimit >> 8), (byte)SegmentLimit, .. HasSack ? [1, 1, 4, 2] : ReadOnlySpan<byte>.Empty, 1, 3, 3, (byte)Shift];

    private void Emit(TcpFlags flags, uint number, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> options, int segmentSize = 0)
    {
        if (IsEstablished || _knowsPeer)
            flags |= TcpFlags.Ack;
        int header = 20 + ((options.Length + 3) & ~3);
        if (_knowsPeer)
            _acknowledgedTo = SequenceNumber.Later(_acknowledgedTo ?? _receivedTo, _receivedTo);
        byte[] octets = new byte[Headers + header + payload.Length];
        _headers.CopyTo(octets, 0);
        bool isSyn = (flags & TcpFlags.Syn) != 0;
        var fields = new TcpFields(_side == Side.Left ? _port : (ushort)80, _side == Side.Left ? (ushort)80 : _port, flags)
        {
            SequenceNumber = number,
            AcknowledgmentNumber = (flags & TcpFlags.Ack) != 0 ? _receivedTo : 0,
            Window = isSyn ? (ushort)Math.Min(Buffer, ushort.MaxValue) : Window(),
        };
        fields.Write(octets.AsSpan(Headers), options);
        payload.CopyTo(octets.AsSpan(Headers + header));
        Ipv4Fields.Complete(octets.AsSpan(14));
        UpperLayerChecksum.Write(octets.AsSpan(14), 20, IpProtocol.Tcp, partial: segmentSize > 0);
        _network.Send(_side, octets, segmentSize);
    }
}
