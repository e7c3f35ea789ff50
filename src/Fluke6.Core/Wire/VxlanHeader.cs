using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>VXLAN header, in front of an Ethernet frame in UDP, read and written in place. RFC 7348 §5.</summary>
public readonly ref struct VxlanHeader : ISpanFormattable
{
    /// <summary>Eight octets.</summary>
    public const int Length = 8;

    /// <summary>The UDP port that VXLAN is sent to.</summary>
    public const ushort Port = 4789;

    /// <summary>The UDP port that Linux sends VXLAN to where nobody says another: older than the number that IANA gave out.</summary>
    public const ushort LinuxPort = 8472;

    internal const byte ValidIdentifier = 0x08;  // the I flag

    private readonly Span<byte> _octets;
    private readonly ChecksumField _checksum;

    private VxlanHeader(Span<byte> octets, ChecksumField checksum)
    {
        _octets = octets;
        _checksum = checksum;
    }

    private Span<byte> Octets => _checksum.Checked(_octets);

    /// <summary>VNI: which virtual network, 24 bits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 16,777,215.</exception>
    public uint NetworkIdentifier
    {
        get => ReadUInt32BigEndian(Octets[4..]) >> 8;
        set
        {
            uint identifier = FieldRange.Of(value, 24);
            _checksum.Guard.BeforeWholeEdit();
            _checksum.Write(Octets, 4, (identifier << 8) | Octets[7]);
        }
    }

    /// <summary>The header at the start of <paramref name="octets"/>; false if cut short or not marked as having an identifier.</summary>
    /// <param name="octets">The datagram's data.</param>
    /// <param name="header">A view over the header.</param>
    /// <param name="checksum">The UDP checksum.</param>
    public static bool TryRead(Span<byte> octets, out VxlanHeader header, ChecksumField checksum = default)
    {
        header = default;
        if (octets.Length < Length || (octets[0] & ValidIdentifier) == 0)
            return false;

        header = new VxlanHeader(octets[..Length], checksum);
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
