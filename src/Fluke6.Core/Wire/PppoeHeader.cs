using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// Header of a PPPoE session packet and the protocol field of the PPP frame in it, read and written in place. RFC 2516 §4, RFC 1661 §2.
/// </summary>
public readonly ref struct PppoeHeader : ISpanFormattable
{
    /// <summary>Eight octets: six of PPPoE, two of PPP.</summary>
    public const int Length = 8;

    private const int LengthOffset = 4;

    internal const byte VersionAndType = 0x11;
    internal const byte SessionData = 0;        // CODE
    private const int ProtocolLength = 2;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _none;

    private PppoeHeader(Span<byte> octets, EditGuard? guard)
    {
        _octets = octets;
        _none = new ChecksumField(default, ChecksumKind.Absent, guard);
    }

    private Span<byte> Octets => _none.Checked(_octets);

    /// <summary>Writes the length that follows from where the session's packet ends.</summary>
    /// <param name="packet">From the header to the end.</param>
    internal static void Complete(Span<byte> packet) => WriteUInt16BigEndian(packet[LengthOffset..], (ushort)(packet.Length - Length + ProtocolLength));

    /// <summary>Lets the length follow what the session carries.</summary>
    /// <param name="header">The header.</param>
    /// <param name="growth">By how many octets that has grown.</param>
    internal static void FollowLength(Span<byte> header, int growth) =>
        WriteUInt16BigEndian(header[LengthOffset..], (ushort)(ReadUInt16BigEndian(header[LengthOffset..]) + growth));

    /// <summary>Which session this is, between these two MAC addresses. SESSION_ID.</summary>
    public ushort SessionIdentifier
    {
        get => ReadUInt16BigEndian(Octets[2..]);
        set => _none.Write(Octets, 2, value);
    }

    /// <summary>The PPP frame in bytes, its protocol field included. LENGTH.</summary>
    public ushort PayloadLength => ReadUInt16BigEndian(Octets[LengthOffset..]);

    /// <summary>What the PPP frame carries. IANA "PPP Numbers".</summary>
    public PppProtocol Protocol
    {
        get => (PppProtocol)ReadUInt16BigEndian(Octets[6..]);
        set
        {
            _none.Write(Octets, 6, (ushort)value);
            _none.Guard.AfterLayoutEdit();
        }
    }

    /// <summary>The header at the start of <paramref name="octets"/>; false for other than session data and if its length contradicts them.</summary>
    /// <param name="octets">What Ethernet carries.</param>
    /// <param name="header">A view over the header.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out PppoeHeader header, EditGuard? guard = null)
    {
        bool isSession = TryGetEnd(octets, out _);
        header = isSession ? new PppoeHeader(octets[..Length], guard) : default;
        return isSession;
    }

    /// <summary>Where what the PPP frame carries ends, from the header's first octet; false where <see cref="TryRead"/> is.</summary>
    internal static bool TryGetEnd(ReadOnlySpan<byte> octets, out int end)
    {
        end = 0;
        if (octets.Length < Length || octets[0] != VersionAndType || octets[1] != SessionData)
            return false;

        int length = ReadUInt16BigEndian(octets[LengthOffset..]);
        end = Length - ProtocolLength + length;
        return length >= ProtocolLength && end <= octets.Length;
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
