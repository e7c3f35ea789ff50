using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Streams;

// The sending half.
internal sealed partial record SimulatedTcp
{
    private const int Timeout = 20_000, MaxTimeout = 500_000;    // µs

    private readonly List<(uint Start, uint End)> _sacked = [];
    private uint _unacknowledged;
    private uint _next;
    private uint _highest;      // the end of all that was sent
    private uint _edge;
    private int _timeout = Timeout;
    private int _timer;
    private uint? _liedTo;
    private long _repairedAt = long.MinValue;

    private uint First => InitialNumber + 1;

    private uint FinNumber => First + (uint)Data.Length;

    /// <summary>How far it has sent.</summary>
    public uint SentTo => _highest;

    private void Acknowledged(uint number, ushort window, ReadOnlySpan<byte> options, uint segment)
    {
        if (SequenceNumber.IsAfter(number, _highest))
            return;

        _edge = SequenceNumber.Later(_edge, number + ((uint)window << _peer.Shift));
        if (SequenceNumber.IsAfter(number, _unacknowledged))
        {
            _unacknowledged = number;
            _next = SequenceNumber.Later(_next, number);
            _timeout = Timeout;
            ArmTimer();
        }

        for (int at = 0; at < options.Length && options[at] != 0;)
        {
            if (options[at] == 5)
            {
                for (int block = at + 2; block < at + options[at + 1]; block += 8)
                    AddSacked(ReadUInt32BigEndian(options[block..]), ReadUInt32BigEndian(options[(block + 4)..]));
            }

            at += options[at] == 1 ? 1 : options[at + 1];
        }

        _sacked.RemoveAll(range => !SequenceNumber.IsAfter(range.End, _unacknowledged));
        if (_sacked.Count > 0 && _network.Now - _repairedAt > 4000)
        {
            uint hole = _sacked[0].Start;
            foreach ((uint start, _) in _sacked)
                hole = SequenceNumber.Earlier(hole, start);
            if (SequenceNumber.IsAfter(hole, _unacknowledged))
            {
                _repairedAt = _network.Now;
                SendRange(_unacknowledged, SequenceNumber.Earlier(hole, _unacknowledged + (uint)Congestion));
            }
        }
    }

    private void AddSacked(uint from, uint to)
    {
        if (SequenceNumber.IsAfter(from, _unacknowledged))
            _sacked.Add((from, to));
    }

    private void SendMore()
    {
        if (!IsEstablished)
            return;

        uint to = SequenceNumber.Earlier(SequenceNumber.Earlier(FinNumber, _edge), _unacknowledged + (uint)Congestion);
        bool withFin = to == FinNumber && _next != FinNumber + 1;
        if (SequenceNumber.IsAfter(to, _next) || withFin)
        {
            uint from = _next;
            _next = SequenceNumber.Later(_next, to + (withFin ? 1u : 0));
            _highest = SequenceNumber.Later(_highest, _next);
            SendRange(from, to + (withFin ? 1u : 0));
        }

        if (_unacknowledged != FinNumber + 1 && _timer == 0)
            ArmTimer();
    }

    /// <summary>Sends octets, and the FIN if it is among them, in pieces.</summary>
    private void SendRange(uint from, uint to)
    {
        bool withFin = to == FinNumber + 1;
        uint dataEnd = withFin ? FinNumber : to;
        int most = SegmentSize > 0 ? 8 * SegmentSize : Math.Min(Piece, SegmentLimit);
        int first = (int)(from - First), end = (int)(dataEnd - First);
        var pieces = new List<(int Start, int End)>();
        for (int at = first; at < end || (at == end && withFin && pieces.Count == 0); at = Math.Max(at + most, at + 1))
        {
            int back = Math.Min(Overlap == int.MaxValue ? most - 1 : Overlap, at - (int)(_unacknowledged - First));
            pieces.Add((Math.Max(at - Math.Max(back, 0), 0), Math.Min(at + most, end)));
            if (at == end)
                break;
        }

        if (IsReversed)
            pieces.Reverse();
        foreach ((int start, int pieceEnd) in pieces)
        {
            ReadOnlySpan<byte> octets = Data.AsSpan(start, Math.Min(pieceEnd - start, SegmentSize > 0 ? int.MaxValue : SegmentLimit));
            if (Lies && _liedTo is { } lied && SequenceNumber.IsBefore(First + (uint)start, lied))
                octets = Lie(octets, (int)(lied - First) - start);
            bool isLast = withFin && start + octets.Length == Data.Length;
            Emit(isLast ? TcpFlags.Fin | TcpFlags.Psh : TcpFlags.Psh, First + (uint)start, octets, default, SegmentSize);
        }

        _liedTo = SequenceNumber.Later(_liedTo ?? First, to);
    }

    private static byte[] Lie(ReadOnlySpan<byte> octets, int count)
    {
        byte[] lie = octets.ToArray();
        lie.AsSpan(0, Math.Min(count, lie.Length)).Fill((byte)'!');
        return lie;
    }

    private void ArmTimer()
    {
        int timer = ++_timer;
        _network.At(_network.Now + _timeout, () =>
        {
            if (timer == _timer)
                TimedOut();
        });
    }

    private void TimedOut()
    {
        if (_isGone || ResetWith is not null || (IsEstablished && _unacknowledged == FinNumber + 1))
            return;

        _timeout = Math.Min(_timeout * 2, MaxTimeout);
        if (!IsEstablished)
        {
            if (_side == Side.Left)
                Emit(TcpFlags.Syn, InitialNumber, default, SynOptions());
        }
        else if (SequenceNumber.IsAfter(_next, _unacknowledged))
        {
            // What else was sent may be lost, too; the test of a shut window sends one octet.
            int count = SequenceNumber.IsAfter(_edge, _unacknowledged) ? Congestion : 1;
            uint end = SequenceNumber.Earlier(_unacknowledged + (uint)count, _next);
            SendRange(_unacknowledged, end == FinNumber && _next == FinNumber + 1 ? _next : end);
        }
        else if (_network.Random.Next(2) == 0 && _next != FinNumber)
        {
            // A probe of a shut window, with an octet (RFC 9293 §3.8.6.1) …
            SendRange(_next, _next + 1);
            _next++;
            _highest = SequenceNumber.Later(_highest, _next);
        }
        else
        {
            // … or as Linux does, with none, and a number that is known.
            Emit(TcpFlags.Ack, _unacknowledged - 1, default, default);
        }

        ArmTimer();
    }
}
