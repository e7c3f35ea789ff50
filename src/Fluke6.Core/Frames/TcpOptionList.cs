using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>A list of TCP options in the making: at most 40 octets, padded to whole words. RFC 9293 §3.1.</summary>
internal ref struct TcpOptionList
{
    /// <summary>Forty octets: what a data offset of 15 leaves room for.</summary>
    public const int MaxLength = TcpHeader.MaxLength - TcpHeader.MinLength;

    private readonly Span<byte> _octets;

    /// <summary>An empty list.</summary>
    /// <param name="octets">Room for <see cref="MaxLength"/> octets.</param>
    public TcpOptionList(Span<byte> octets) => _octets = octets;

    /// <summary>How many octets were added.</summary>
    public int Length { get; private set; }

    /// <summary>The header words that the list takes up.</summary>
    public readonly int Words => (Length + 3) / 4;

    /// <summary>Whether more was added than a header holds; the list is then of no use.</summary>
    public bool Overflowed { get; private set; }

    /// <summary>The list without padding.</summary>
    public readonly ReadOnlySpan<byte> Octets => _octets[..Length];

    /// <summary>Starts anew.</summary>
    public void Clear() => (Length, Overflowed) = (0, false);

    /// <summary>Adds octets as they are.</summary>
    public void Add(ReadOnlySpan<byte> octets)
    {
        if (octets.Length > MaxLength - Length)
        {
            Overflowed = true;
            return;
        }

        octets.CopyTo(_octets[Length..]);
        Length += octets.Length;
    }

    /// <summary>Adds an option after <paramref name="padding"/> NOPs.</summary>
    public void Add(TcpOptionKind kind, ReadOnlySpan<byte> data, int padding = 0)
    {
        if (padding + 2 + data.Length > MaxLength - Length)
        {
            Overflowed = true;
            return;
        }

        _octets.Slice(Length, padding).Fill((byte)TcpOptionKind.NoOperation);
        Length += padding;
        Length += TcpOptionFields.Write(_octets[Length..], kind, data);
    }

    /// <summary>The list with zeros, which are End of Option List, up to the next whole word.</summary>
    public readonly ReadOnlySpan<byte> Padded()
    {
        Span<byte> padded = _octets[..(Words * 4)];
        padded[Length..].Clear();
        return padded;
    }
}
