using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>Multicast Listener Report, version 2: which groups a host listens to. RFC 3810 §5.2. Read only.</summary>
public readonly ref struct MulticastListenerReport : ISpanFormattable
{
    /// <summary>The message without records, in octets.</summary>
    public const int MinLength = 8;

    private readonly ReadOnlySpan<byte> _message;

    private MulticastListenerReport(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>Where reports go: all MLDv2-capable routers on the link. RFC 3810 §5.2.14.</summary>
    public static Ipv6Address Routers => new(0xFF02_0000_0000_0000, 0x16);

    /// <summary>How many records the message promises.</summary>
    public ushort RecordCount => ReadUInt16BigEndian(_message[6..]);

    /// <summary>The records, in order; a walk ends where one is cut short.</summary>
    public MulticastAddressRecords Records => new(_message[MinLength..], RecordCount);

    /// <summary>The message that is all of <paramref name="octets"/>; false if cut short or of another type.</summary>
    public static bool TryRead(ReadOnlySpan<byte> octets, out MulticastListenerReport report)
    {
        bool isOne = octets.Length >= MinLength && octets[0] == (byte)Icmpv6Type.MulticastListenerReportV2;
        report = isOne ? new MulticastListenerReport(octets) : default;
        return isOne;
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
