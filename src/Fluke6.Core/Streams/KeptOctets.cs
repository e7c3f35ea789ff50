using Fluke6.Wire;

namespace Fluke6.Streams;

/// <summary>
/// The receiver's octets of one direction, by its numbers, from the last that it acknowledged on: each retransmission is served from
/// here, so
/// that what was sent for a number once never changes.
/// </summary>
internal sealed class KeptOctets(StreamMemory memory)
{
    private byte[]? _ring;

    /// <summary>The first octet's number.</summary>
    public uint Start { get; private set; }

    /// <summary>The number after the last octet.</summary>
    public uint End { get; private set; }

    /// <summary>Begins anew, empty.</summary>
    public void Begin(uint number)
    {
        Clear();
        Start = End = number;
    }

    /// <summary>Makes room for this many octets more.</summary>
    /// <param name="count">How many.</param>
    /// <param name="capacity">How many there may be in all.</param>
    /// <returns>Whether there is room.</returns>
    public bool TryReserve(int count, int capacity)
    {
        long wanted = (long)(End - Start) + count;
        if (_ring is not null && wanted <= _ring.Length)
            return true;
        if (wanted > capacity || memory.Rent((int)wanted) is not { } larger)
            return false;

        if (_ring is not null)
        {
            // Each octet's place in a ring follows from its number.
            for (uint at = Start; at != End;)
            {
                Span<byte> piece = Piece(_ring, at, (int)(End - at));
                Write(larger, at, piece);
                at += (uint)piece.Length;
            }

            memory.Return(_ring);
        }

        _ring = larger;
        return true;
    }

    /// <summary>Keeps octets, for which there is room.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;

        Write(_ring!, End, octets);
        End += (uint)octets.Length;
    }

    /// <summary>Takes the last octets away again, which nobody was sent.</summary>
    public void TakeBack(int count) => End -= (uint)count;

    /// <summary>Reads from a number on.</summary>
    public void CopyTo(uint number, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            Span<byte> piece = Piece(_ring!, number, destination.Length);
            piece.CopyTo(destination);
            destination = destination[piece.Length..];
            number += (uint)piece.Length;
        }
    }

    /// <summary>Whether octets from a number on are the same as these.</summary>
    public bool Matches(uint number, ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            Span<byte> piece = Piece(_ring!, number, octets.Length);
            if (!octets.StartsWith(piece))
                return false;

            octets = octets[piece.Length..];
            number += (uint)piece.Length;
        }

        return true;
    }

    /// <summary>Forgets octets before a number.</summary>
    public void Forget(uint number)
    {
        if (!SequenceNumber.IsAfter(number, Start))
            return;

        Start = SequenceNumber.Earlier(number, End);
        // One octet stays, to remind the receiver of; for that alone the least ring is enough.
        if (_ring is { Length: > StreamMemory.Least } && End - Start <= 1 && memory.Rent(StreamMemory.Least) is { } least)
        {
            if (End != Start)
                Write(least, Start, Piece(_ring, Start, 1));
            memory.Return(_ring);
            _ring = least;
        }
    }

    /// <summary>Gives its memory back.</summary>
    public void Clear()
    {
        if (_ring is not null)
            memory.Return(_ring);
        _ring = null;
        Start = End;
    }

    private static Span<byte> Piece(byte[] ring, uint number, int atMost)
    {
        int at = (int)(number & (uint)(ring.Length - 1));
        return ring.AsSpan(at, Math.Min(atMost, ring.Length - at));
    }

    private static void Write(byte[] ring, uint number, ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            Span<byte> room = Piece(ring, number, octets.Length);
            octets[..room.Length].CopyTo(room);
            octets = octets[room.Length..];
            number += (uint)room.Length;
        }
    }
}
