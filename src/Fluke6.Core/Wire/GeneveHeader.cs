using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>GENEVE header, in front of a frame in UDP, read and written in place. RFC 8926 §3.4.</summary>
public readonly ref struct GeneveHeader : ISpanFormattable
{
    /// <summary>Eight octets: a header without options.</summary>
    public const int MinLength = 8;

    /// <summary>The UDP port that GENEVE is sent to.</summary>
    public const ushort Port = 6081;

    /// <summary>Options are whole words of 4 octets, up to 252 in all. RFC 8926 §3.4 "Opt Len".</summary>
    internal const int OptionUnit = 4, MaxOptionsLength = 252;

    internal const byte Control = 0x80, Critical = 0x40;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _checksum;

    private GeneveHeader(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>The header with its options, 8 to 260 bytes.</summary>
    public int HeaderLength => Octets.Length;

    /// <summary>O: a message for the tunnel's other end, and no frame of a network in it.</summary>
    public bool IsControl => (Octets[1] & Control) != 0;

    /// <summary>C: an option is there that a tunnel's end must know, or drop the packet.</summary>
    public bool HasCriticalOptions => (Octets[1] & Critical) != 0;

    /// <summary>What is carried: an EtherType; 0x6558 for Ethernet frames.</summary>
    public EtherType ProtocolType => (EtherType)ReadUInt16BigEndian(Octets[2..]);

    /// <summary>VNI: which virtual network, 24 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 16,777,215.</exception>
    public uint NetworkIdentifier
    {
        get => ReadUInt32BigEndian(Octets[4..]) >> 8;
        set
        {
            uint identifier = FieldRange.Of(value, 24);
            Span<byte> octets = Octets;
            _checksum.Guard.BeforeWholeEdit();
            _checksum.Write(octets, 4, (identifier << 8) | octets[7]);
        }
    }

    /// <summary>The options as they stand, 0 to 252 bytes. RFC 8926 §3.5.</summary>
    public ReadOnlySpan<byte> Options => Octets[MinLength..];

    /// <summary>The header at the start of <paramref name="octets"/>; false for other versions and if cut short.</summary>
    /// <param name="octets">The datagram's data.</param>
    /// <param name="header">A view over the header.</param>
    /// <param name="checksum">The UDP checksum.</param>
    public static bool TryRead(Span<byte> octets, out GeneveHeader header, ChecksumField checksum = default)
    {
        header = default;
        if (octets.Length < MinLength || octets[0] >> 6 != 0)
            return false;

        int length = MinLength + ((octets[0] & 0x3F) * OptionUnit);
        if (length > octets.Length)
            return false;

        header = new GeneveHeader(octets[..length], checksum);
        return true;
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
