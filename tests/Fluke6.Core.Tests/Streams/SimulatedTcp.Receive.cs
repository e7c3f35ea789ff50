using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Core.Tests.Streams;

// The receiving half, and what is asserted of all that it is sent.
internal sealed partial record SimulatedTcp
{
    private readonly List<(uint Start, uint End)> _ranges = [];
    private byte?[] _seen = [];
    private bool[] _has = [];
    private bool _knowsPeer;
    private uint _peerFirst;
    private uint _receivedTo;
    private uint? _acknowledgedTo;  // the highest that it ever said
    private uint? _edgeSaid;
    private uint? _finAt;
    private int _received;
    private int _read;
    private uint? _highestTold;
    private uint? _highestEdge;
    private (uint, uint)? _duplicate;
    private long _answersAgain;

    /// <summary>The number of the reset that it got.</summary>
    public uint? ResetWith { get; private set; }

    /// <summary>The number that it expects next.</summary>
    public uint Expects => _receivedTo;

    public bool HasAll => _finAt is { } fin && _receivedTo == fin + 1;

    /// <summary>Looks at a frame that leaves the bridge for this end.</summary>
    public void Check(byte[] octets)
    {
        ReadOnlySpan<byte> packet = octets.AsSpan(14), tcp = packet[20..ReadUInt16BigEndian(packet[2..])];
        int header = (tcp[12] >> 4) * 4;
        var flags = (TcpFlags)tcp[13];
        if ((flags & (TcpFlags.Syn | TcpFlags.Rst)) != 0 || !_knowsPeer)
            return;

        uint number = ReadUInt32BigEndian(tcp[4..]), acknowledgment = ReadUInt32BigEndian(tcp[8..]);
        CheckOctets(number, tcp[header..]);
        if ((flags & TcpFlags.Fin) != 0)
            Assert.Equal((uint)_peer.Expected.Length, number + (uint)(tcp.Length - header) - _peerFirst);
        if (_peer.IsEstablished && !SequenceNumber.IsAfter(acknowledgment, _highest) && SequenceNumber.IsAfter(acknowledgment, InitialNumber))
            CheckTold(acknowledgment, ReadUInt16BigEndian(tcp[14..]), tcp[20..header]);
    }

    // Property 2: once an octet was sent for a number, it is the octet. What this end acknowledged it will not look at again.
    private void CheckOctets(uint number, ReadOnlySpan<byte> octets)
    {
        int at = (int)(number - _peerFirst), acknowledged = (int)((_acknowledgedTo ?? _peerFirst) - _peerFirst);
        for (int i = 0; i < octets.Length; i++)
        {
            if (at + i < acknowledged)
                continue;

            Assert.True(at + i < _seen.Length, "more than the stream is to be");
            _seen[at + i] ??= octets[i];
            Assert.Equal(_seen[at + i], octets[i]);
        }
    }

    private void CheckTold(uint acknowledgment, ushort window, ReadOnlySpan<byte> options)
    {
        int told = (int)(acknowledgment - First);
        if (Images is not null)
        {
            // Property 3: for all that is acknowledged the other end acknowledged what became of it.
            int image = told == 0 ? 0 : told <= Images.Length ? Images[told - 1] : Expected.Length + 1;
            Assert.True(image <= (int)((_peer._acknowledgedTo ?? _peer._peerFirst) - _peer._peerFirst), $"{told} is acknowledged, of which the other end has not all");

            // Property 4. Where the network lets them come in another order, nothing has changed so far.
            bool isLate = _network.ArrivedOld;
            Assert.False(!isLate && _highestTold is { } toldBefore && SequenceNumber.IsBefore(acknowledgment, toldBefore), "an acknowledgment goes back");
            _highestTold = SequenceNumber.Later(_highestTold ?? acknowledgment, acknowledgment);

            // Property 6.
            uint edge = acknowledgment + ((uint)window << _peer.Shift);
            Assert.False(!isLate && _highestEdge is { } edgeBefore && SequenceNumber.IsBefore(edge, edgeBefore), "the window's edge goes back");
            _highestEdge = SequenceNumber.Later(_highestEdge ?? edge, edge);
        }

        for (int at = 0; at < options.Length && options[at] != 0; at += options[at] == 1 ? 1 : options[at + 1])
        {
            if (options[at] == 5)
                CheckBlocks(options[(at + 2)..(at + options[at + 1])], told);
        }
    }

    // Property 5: within the window, above the acknowledgment but for what came twice, and nothing that the other end lacks.
    private void CheckBlocks(ReadOnlySpan<byte> blocks, int told)
    {
        for (int at = 0; at < blocks.Length; at += 8)
        {
            int from = (int)(ReadUInt32BigEndian(blocks[at..]) - First), to = (int)(ReadUInt32BigEndian(blocks[(at + 4)..]) - First);
            Assert.True(from < to, "an empty block");
            Assert.True(from > told || (at == 0 && to <= told), "a block that is not above the acknowledgment");
            Assert.True(to <= (int)(_highest - First), "a block of what was not sent");
            if (Images is null || from < 0)
                continue;

            int image = from == 0 ? 0 : Images[from - 1], end = to <= Images.Length ? Images[to - 1] : Expected.Length;
            for (int i = image; i < end && !_network.TellsOfWaiting; i++)
                Assert.True(_peer._has[i], $"a block of {from} to {to}, of which the other end lacks {i}");
        }
    }

    private void BeginReceiving()
    {
        _seen = new byte?[_peer.Expected.Length];
        _has = new bool[_peer.Expected.Length];
        _knowsPeer = false;
    }

    private void Take(uint number, ReadOnlySpan<byte> octets, bool fin)
    {
        if (octets.IsEmpty && !fin)
        {
            // RFC 9293 §3.10.7.4: what is not acceptable is answered; as Linux does, not as often as it comes.
            if (SequenceNumber.IsBefore(number, _receivedTo) && _network.Now >= _answersAgain)
            {
                _answersAgain = _network.Now + 10_000;
                Acknowledge();
            }

            return;
        }

        uint end = number + (uint)octets.Length, limit = _receivedTo + (uint)Room();
        _duplicate = !SequenceNumber.IsAfter(end, _receivedTo) && !octets.IsEmpty ? (number, end) : null;
        if (fin && !SequenceNumber.IsAfter(end, limit))
            _finAt = end;
        end = SequenceNumber.Earlier(end, limit);
        uint start = SequenceNumber.Later(number, _receivedTo);
        if (SequenceNumber.IsAfter(end, start))
        {
            for (uint at = start; at != end; at++)
            {
                int index = (int)(at - _peerFirst);
                Assert.Equal(_peer.Expected[index], octets[(int)(at - number)]);
                _has[index] = true;
            }

            AddRange(start, end);
        }

        Advance();
        Acknowledge();
        if (IsSlow && _read < _received)
            _network.At(_network.Now + 3000 + _network.Random.Next(20_000), ReadSome);
        else
            _read = _received;
    }

    private void AddRange(uint start, uint end)
    {
        for (int i = _ranges.Count - 1; i >= 0; i--)
        {
            if (SequenceNumber.IsAfter(_ranges[i].Start, end) || SequenceNumber.IsBefore(_ranges[i].End, start))
                continue;

            (start, end) = (SequenceNumber.Earlier(start, _ranges[i].Start), SequenceNumber.Later(end, _ranges[i].End));
            _ranges.RemoveAt(i);
        }

        // RFC 2018 §4: the one that grew last first.
        _ranges.Insert(0, (start, end));
    }

    private void Advance()
    {
        int index = _ranges.FindIndex(range => !SequenceNumber.IsAfter(range.Start, _receivedTo));
        if (index >= 0)
        {
            _receivedTo = _ranges[index].End;
            _ranges.RemoveAt(index);
        }

        if (_finAt == _receivedTo)
            _receivedTo++;
        _received = (int)(_receivedTo - _peerFirst) - (HasAll ? 1 : 0);
        if (!IsSlow)
            _read = _received;
    }

    private void ReadSome()
    {
        if (_read == _received)
            return;

        bool wasShut = Room() < 100;
        _read = Math.Min(_received, _read + 1 + _network.Random.Next(Buffer));
        if (wasShut)
            Acknowledge();
        if (_read < _received)
            _network.At(_network.Now + 3000, ReadSome);
    }

    private int Room() => Math.Max(Buffer - (_received - _read), 0);

    // RFC 9293 §3.8.6.2.2: an edge that was said is not taken back.
    private ushort Window()
    {
        uint said = _edgeSaid ?? _receivedTo, edge = SequenceNumber.Later(_receivedTo + (uint)Room(), said);
        uint field = (edge - _receivedTo) >> Shift;
        if (SequenceNumber.IsBefore(_receivedTo + (field << Shift), said))
            field = (said - _receivedTo + (1u << Shift) - 1) >> Shift;
        field = Math.Min(field, ushort.MaxValue);
        _edgeSaid = SequenceNumber.Later(said, _receivedTo + (field << Shift));
        return (ushort)field;
    }

    private void Acknowledge()
    {
        Span<byte> options = stackalloc byte[40];
        int count = Math.Min(_ranges.Count, 3) + (_duplicate is null ? 0 : 1);
        if (!HasSack || !_peer.HasSack || count == 0)
        {
            Emit(TcpFlags.Ack, SequenceNumber.Later(_next, _unacknowledged), default, default);
            return;
        }

        (options[0], options[1], options[2], options[3]) = (1, 1, 5, (byte)(2 + (8 * count)));
        int at = 4;
        if (_duplicate is { } duplicate)
            Block(options, ref at, duplicate);
        for (int i = 0; i < Math.Min(_ranges.Count, 3); i++)
            Block(options, ref at, _ranges[i]);
        Emit(TcpFlags.Ack, SequenceNumber.Later(_next, _unacknowledged), default, options[..at]);
    }

    private static void Block(Span<byte> options, ref int at, (uint Start, uint End) range)
    {
        WriteUInt32BigEndian(options[at..], range.Start);
        WriteUInt32BigEndian(options[(at + 4)..], range.End);
        at += 8;
    }
}
