using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Recursive DNS server option, RDNSS. RFC 8106 §5.1.</summary>
public readonly ref struct RecursiveDnsServers : ISpanFormattable
{
    private readonly Span<byte> _octets;        // type and length included
    private readonly ChecksumField _checksum;

    internal RecursiveDnsServers(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>How long the servers may be used, in seconds; 0 for no longer, all ones for ever.</summary>
    public uint Lifetime
    {
        get => ReadUInt32BigEndian(Octets[4..]);
        set => _checksum.Write(Octets, 4, value);
    }

    /// <summary>How many addresses the option lists, 1 to 127.</summary>
    public int Count => (Octets.Length - 8) / Ipv6Address.Length;

    /// <summary>One server's address.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in that range.</exception>
    public Ipv6Address this[int index]
    {
        get => Ipv6Address.Read(Octets[OffsetOf(index)..]);
        set => _checksum.Write(Octets, OffsetOf(index), value);
    }

    /// <summary>Whether the option lists whole addresses, and at least one. RFC 8106 §5.3.1.</summary>
    internal static bool IsValid(ReadOnlySpan<byte> octets) => octets.Length >= 24 && octets.Length % 16 == 8;

    private int OffsetOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return 8 + (index * Ipv6Address.Length);
    }

    /// <summary>In one line, as tcpdump would print it.</summary>
    public override string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}
