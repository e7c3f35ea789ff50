using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Generic routing encapsulation header, version 0, read and written in place. RFC 2784 §2, RFC 2890 §2.</summary>
public readonly ref struct GreHeader : ISpanFormattable
{
    /// <summary>Four octets: a header without checksum, key and sequence number.</summary>
    public const int MinLength = 4;

    internal const ushort ChecksumPresent = 0x8000;
    private const ushort RoutingPresent = 0x4000;   // RFC 1701; RFC 2784 §2.3: what sets it is to be discarded
    internal const ushort KeyPresent = 0x2000;
    internal const ushort SequencePresent = 0x1000;
    private const ushort VersionMask = 0x0007;

    private readonly Span<byte> _octets;
    private readonly ViewGuard _guard;

    private GreHeader(Span<byte> octets, EditGuard? guard)
    {
        _octets = octets;
        _guard = new ViewGuard(guard);
    }

    private Span<byte> Octets => _guard.Checked(_octets);

    /// <summary>4 to 16 octets.</summary>
    public int HeaderLength => LengthOf(Flags);

    /// <summary>C: a checksum covers this header and what it carries.</summary>
    public bool HasChecksum => (Flags & ChecksumPresent) != 0;

    /// <summary>K: a key tells tunnels apart. RFC 2890 §2.1.</summary>
    public bool HasKey => (Flags & KeyPresent) != 0;

    /// <summary>S: packets are numbered. RFC 2890 §2.2.</summary>
    public bool HasSequenceNumber => (Flags & SequencePresent) != 0;

    /// <summary>What is carried: an EtherType; 0x6558 for Ethernet frames.</summary>
    public EtherType ProtocolType => (EtherType)ReadUInt16BigEndian(Octets[2..]);

    /// <summary>The checksum; 0 without <see cref="HasChecksum"/>. Setting it makes it right or wrong at will; setting none does nothing.</summary>
    public ushort Checksum
    {
        get => HasChecksum ? ReadUInt16BigEndian(Octets[4..]) : (ushort)0;
        set
        {
            if (HasChecksum)
                Field.Set(Octets, 4, value);
        }
    }

    /// <summary>The key; 0 without <see cref="HasKey"/>. Setting none does nothing.</summary>
    public uint Key
    {
        get => HasKey ? ReadUInt32BigEndian(Octets[KeyOffset..]) : 0;
        set
        {
            if (HasKey)
                Field.Write(Octets, KeyOffset, value);
        }
    }

    /// <summary>The sequence number; 0 without <see cref="HasSequenceNumber"/>. Setting none does nothing.</summary>
    public uint SequenceNumber
    {
        get => HasSequenceNumber ? ReadUInt32BigEndian(Octets[SequenceOffset..]) : 0;
        set
        {
            if (HasSequenceNumber)
                Field.Write(Octets, SequenceOffset, value);
        }
    }

    /// <summary>The header at the start of <paramref name="octets"/>; false for other versions, RFC 1701's routing, and if cut short.</summary>
    /// <param name="octets">What IP carries.</param>
    /// <param name="header">A view over the header.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out GreHeader header, EditGuard? guard = null)
    {
        header = default;
        if (octets.Length < MinLength)
            return false;

        ushort flags = ReadUInt16BigEndian(octets);
        if ((flags & (RoutingPresent | VersionMask)) != 0 || octets.Length < LengthOf(flags))
            return false;

        header = new GreHeader(octets[..LengthOf(flags)], guard);
        return true;
    }

    private ushort Flags => ReadUInt16BigEndian(Octets);

    private int KeyOffset => HasChecksum ? 8 : 4;

    private int SequenceOffset => KeyOffset + (HasKey ? 4 : 0);

    private ChecksumField Field =>
        new(HasChecksum ? Octets.Slice(4, 2) : default, ChecksumKind.Full, _guard);

    private static int LengthOf(ushort flags) => MinLength
        + ((flags & ChecksumPresent) != 0 ? 4 : 0)
        + ((flags & KeyPresent) != 0 ? 4 : 0)
        + ((flags & SequencePresent) != 0 ? 4 : 0);

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
