using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Ethernet header, read and written in place. IEEE 802.3 §3.1.1, RFC 894.</summary>
public readonly ref struct EthernetHeader : ISpanFormattable
{
    /// <summary>Fourteen octets.</summary>
    public const int Length = 14;

    private readonly Span<byte> _octets;
    private readonly ViewGuard _guard;

    private EthernetHeader(Span<byte> octets, EditGuard? guard)
    {
        _octets = octets;
        _guard = new ViewGuard(guard);
    }

    private Span<byte> Octets => _guard.Checked(_octets);

    /// <summary>The destination MAC address.</summary>
    public MacAddress Destination
    {
        get => MacAddress.Read(Octets);
        set => Write(0, value);
    }

    /// <summary>The source MAC address.</summary>
    public MacAddress Source
    {
        get => MacAddress.Read(Octets[6..]);
        set => Write(6, value);
    }

    /// <summary>What follows: an EtherType, a VLAN tag's identifier, or (up to 1500) an IEEE 802.3 length.</summary>
    public EtherType EtherType
    {
        get => (EtherType)ReadUInt16BigEndian(Octets[12..]);
        set
        {
            new ChecksumField(default, ChecksumKind.Absent, _guard).Write(Octets, 12, (ushort)value);
            _guard.AfterLayoutEdit();
        }
    }

    /// <summary>The header at the start of <paramref name="frame"/>; false if that is shorter than 14 octets.</summary>
    public static bool TryRead(Span<byte> frame, out EthernetHeader header, EditGuard? guard = null)
    {
        if (frame.Length < Length)
        {
            header = default;
            return false;
        }

        header = new EthernetHeader(frame[..Length], guard);
        return true;
    }

    private void Write(int offset, MacAddress value)
    {
        Span<byte> octets = stackalloc byte[MacAddress.Length];
        value.WriteTo(octets);
        new ChecksumField(default, ChecksumKind.Absent, _guard).Write(Octets, offset, octets);
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
