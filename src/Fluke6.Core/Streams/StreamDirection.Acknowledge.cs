using System.Buffers.Binary;
using Fluke6.Wire;

namespace Fluke6.Streams;

// The receiver speaks: acknowledgments, SACK blocks and windows become the sender's numbers.
internal sealed partial class StreamDirection
{
    /// <summary>Takes up what a segment from the receiver says of this direction, and lets it say so in the sender's numbers.</summary>
    /// <returns>Whether it says anything new.</returns>
    public bool Acknowledge(TcpHeader tcp)
    {
        uint number = tcp.AcknowledgmentNumber, edge = number + ((uint)tcp.Window << _shift);
        if (SequenceNumber.IsAfter(number, _sentEnd))
        {
            // Nobody sent that: the sender is to judge. RFC 9293 §3.10.7.4.
            if (!_map.IsIdentity)
                tcp.AcknowledgmentNumber = number - (uint)Delta;
            return true;
        }

        bool isNew = SequenceNumber.IsAfter(edge, _windowEdge);
        if (SequenceNumber.IsAfter(number, _acknowledged))
        {
            isNew = true;
            _acknowledged = number;
            _map.Forget(number);
            // The last one stays, to remind the receiver of.
            _kept.Forget(number - 1);
        }

        _windowEdge = SequenceNumber.Later(_windowEdge, edge);
        bool hasBlocks = tcp.Options.TryGet(TcpOptionKind.Sack, out TcpOption blocks);
        if (_map.IsIdentity && !_promisedMore)
        {
            _told = SequenceNumber.Later(_told, number);
            _promised = SequenceNumber.Later(_promised, edge);
            return isNew | hasBlocks;
        }

        uint told = SequenceNumber.Later(_told, _map.Acknowledged(_acknowledged));
        isNew |= told != _told;
        _told = told;
        ushort window = WindowField(told);
        if (hasBlocks)
            Translate(tcp, blocks, number);
        if (tcp.AcknowledgmentNumber != told)
            tcp.AcknowledgmentNumber = told;
        if (tcp.Window != window)
            tcp.Window = window;
        return isNew | hasBlocks;
    }

    /// <summary>Writes the blocks of what waits, that which came last first. RFC 2018 §4.</summary>
    /// <returns>How many octets they are.</returns>
    public int WriteBlocks(Span<byte> blocks)
    {
        // As many as go beside timestamps.
        const int most = 3;
        int length = 0;
        if (!_tellsOfWaiting)
            return 0;

        _tellsOfWaiting = false;
        for (int i = _waiting.Ranges - 1; i >= 0; i--)
        {
            (uint start, uint end) = _waiting.RangeAt(i);
            if (!SequenceNumber.IsAfter(start, _cameLast) && SequenceNumber.IsAfter(end, _cameLast))
                Add(blocks, start, end);
        }

        for (int i = _waiting.Ranges - 1; i >= 0; i--)
        {
            (uint start, uint end) = _waiting.RangeAt(i);
            if (SequenceNumber.IsAfter(start, _cameLast) || !SequenceNumber.IsAfter(end, _cameLast))
                Add(blocks, start, end);
        }

        // A block cannot begin where the acknowledgment ends: one octet is kept back.
        uint from = SequenceNumber.Later(_waiting.Start, _told + 1);
        if (SequenceNumber.IsAfter(_waiting.End, from))
            Add(blocks, from, _waiting.End);
        return length;

        void Add(Span<byte> into, uint start, uint end)
        {
            if (length == most * 2 * sizeof(uint))
                return;

            TcpOptionFields.WritePair(into[length..], start, end);
            length += 2 * sizeof(uint);
        }
    }

    /// <summary>Whether the sender can be told more than the receiver's segments made it be told.</summary>
    public bool HasToTell()
    {
        uint told = _map.Acknowledged(_acknowledged);
        bool isNew = !_map.IsIdentity && SequenceNumber.IsAfter(told, _told);
        if (isNew)
            _told = told;

        // A rule that waits for more must not wait for a sender who may not send it.
        uint needed = _waiting.End + (uint)Template.SegmentLimit;
        if (IsWaiting && !_hasFin && SequenceNumber.IsAfter(needed, _promised))
        {
            _promised = needed;
            isNew = _promisedMore = true;
        }

        return isNew | _tellsOfWaiting;
    }

    /// <summary>The window to tell the sender: what the receiver's leaves for it, never less than was promised.</summary>
    private ushort WindowField(uint told)
    {
        uint edge = SequenceNumber.IsAfter(_windowEdge, _map.ReceiverEnd)
            ? _map.SenderEnd + (_windowEdge - _map.ReceiverEnd)
            : _map.Acknowledged(_windowEdge);
        uint field = SequenceNumber.IsAfter(edge, told) ? (edge - told) >> _shift : 0;
        if (SequenceNumber.IsAfter(_promised, told + (field << _shift)))
            field = (_promised - told + (1u << _shift) - 1) >> _shift;
        field = Math.Min(field, ushort.MaxValue);
        _promised = SequenceNumber.Later(_promised, told + (field << _shift));
        _promisedMore = SequenceNumber.IsAfter(_promised, edge);
        return (ushort)field;
    }

    /// <summary>Left edges up, right edges down, so that no block covers what the receiver lacks; empty ones go.</summary>
    private void Translate(TcpHeader tcp, TcpOption option, uint acknowledgment)
    {
        Span<byte> blocks = stackalloc byte[TcpHeader.MaxLength];
        ReadOnlySpan<byte> old = option.Data;
        int length = 0;
        for (int at = 0; at + SackBlock.Length <= old.Length; at += SackBlock.Length)
        {
            (uint from, uint to) = SackBlock.Read(old[at..]);
            // RFC 2883 §4: the first one may be of octets that came twice.
            bool isDuplicate = !SequenceNumber.IsAfter(to, acknowledgment);
            if ((isDuplicate && (at > 0 || SequenceNumber.IsBefore(from, _map.ReceiverStart))) || SequenceNumber.IsAfter(to, _sentEnd))
                continue;

            (from, to) = (_map.HeldFrom(from), _map.Acknowledged(to));
            if (!SequenceNumber.IsBefore(from, to) || (!isDuplicate && !SequenceNumber.IsAfter(from, _told)))
                continue;

            new SackBlock(from, to).Write(blocks[length..]);
            length += SackBlock.Length;
        }

        if (length == 0)
            tcp.Options.Strip(TcpOptionKind.Sack);
        else
            option.Replace(blocks[..length]);
    }
}
