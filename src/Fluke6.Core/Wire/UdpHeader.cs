using System.Runtime.CompilerServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>UDP header, read and written in place. RFC 768.</summary>
public readonly ref struct UdpHeader : ISpanFormattable
{
    /// <summary>Eight octets.</summary>
    public const int Length = 8;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _checksum;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private UdpHeader(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>The source port.</summary>
    public ushort SourcePort
    {
        get => ReadUInt16BigEndian(Octets);
        set => _checksum.Write(Octets, 0, value);
    }

    /// <summary>The destination port.</summary>
    public ushort DestinationPort
    {
        get => ReadUInt16BigEndian(Octets[2..]);
        set => _checksum.Write(Octets, 2, value);
    }

    /// <summary>Header and data, in octets. The Length field.</summary>
    public ushort DatagramLength => ReadUInt16BigEndian(Octets[4..]);

    /// <summary>The checksum field; zero says that the sender made none. Setting it makes it right or wrong at will.</summary>
    public ushort Checksum
    {
        get => ReadUInt16BigEndian(Octets[6..]);
        set => _checksum.Set(Octets, 6, value);
    }

    /// <summary>What the checksum field holds.</summary>
    public ChecksumKind ChecksumKind => _checksum.Kind;

    /// <summary>The header at the start of <paramref name="octets"/>; false if cut short or its length contradicts them.</summary>
    /// <param name="octets">A datagram.</param>
    /// <param name="header">A view over the header.</param>
    /// <param name="partialChecksum">Whether the checksum field holds the pseudo-header's sum only.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out UdpHeader header, bool partialChecksum = false, EditGuard? guard = null)
    {
        header = default;
        if (octets.Length < Length || ReadUInt16BigEndian(octets[4..]) < Length || ReadUInt16BigEndian(octets[4..]) > octets.Length)
            return false;

        header = new UdpHeader(octets[..Length], ChecksumOf(octets, partialChecksum, guard));
        return true;
    }

    /// <summary>A view over a header that has been checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static UdpHeader Over(Span<byte> octets, ChecksumField checksum) => new(octets[..Length], checksum);

    /// <summary>The checksum of the datagram at <paramref name="octets"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ChecksumField ChecksumOf(Span<byte> octets, bool partial, EditGuard? guard)
    {
        Span<byte> field = octets.Slice(6, 2);
        // RFC 768: all zero means that the transmitter generated no checksum; RFC 6935 allows that for tunnels over IPv6.
        ChecksumKind kind = partial ? ChecksumKind.Partial
            : ReadUInt16BigEndian(field) == 0 ? ChecksumKind.Absent
            : ChecksumKind.FullNeverZero;
        return new ChecksumField(field, kind, guard);
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
