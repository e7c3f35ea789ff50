using System.Runtime.CompilerServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>TCP header, read and written in place. RFC 9293 §3.1.</summary>
public readonly ref struct TcpHeader : ISpanFormattable
{
    /// <summary>Twenty octets: a header without options.</summary>
    public const int MinLength = 20;

    /// <summary>Sixty octets: fifteen words, 40 octets of options.</summary>
    public const int MaxLength = 60;

    private const int ReservedShift = 9;

    private readonly Span<byte> _octets;        // data offset × 4 octets
    private readonly ChecksumField _checksum;   // covers them

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TcpHeader(Span<byte> octets, ChecksumField checksum)
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

    /// <summary>The first data octet's number; in a SYN, the initial sequence number.</summary>
    public uint SequenceNumber
    {
        get => ReadUInt32BigEndian(Octets[4..]);
        set => _checksum.Write(Octets, 4, value);
    }

    /// <summary>The next sequence number expected, where <see cref="Ack"/> is set.</summary>
    public uint AcknowledgmentNumber
    {
        get => ReadUInt32BigEndian(Octets[8..]);
        set => _checksum.Write(Octets, 8, value);
    }

    /// <summary>The header with its options, 20 to 60 octets. Data Offset × 4.</summary>
    public int HeaderLength => Octets.Length;

    /// <summary>The control bits, and the reserved ones before them.</summary>
    public TcpFlags Flags
    {
        get => (TcpFlags)ReadUInt16BigEndian(Octets[12..]) & TcpFlags.All;
        set => _checksum.Write(Octets, 12, (ushort)((ReadUInt16BigEndian(Octets[12..]) & ~(int)TcpFlags.All) | (int)(value & TcpFlags.All)));
    }

    /// <summary>AE: accurate ECN, formerly NS. RFC 9768 §3.1.</summary>
    public bool Ae { get => (Flags & TcpFlags.Ae) != 0; set => SetFlag(TcpFlags.Ae, value); }

    /// <summary>The three bits before <see cref="Ae"/>, 0 to 7, that nobody has given a meaning yet. RFC 9293 §3.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 7.</exception>
    public byte ReservedBits
    {
        get => (byte)((int)(Flags & TcpFlags.Reserved) >> ReservedShift);
        set => Flags = (Flags & ~TcpFlags.Reserved) | (TcpFlags)(FieldRange.Of(value, 3) << ReservedShift);
    }

    /// <summary>CWR: congestion window reduced. RFC 3168 §6.1.</summary>
    public bool Cwr { get => Flag(TcpFlags.Cwr); set => SetFlag(TcpFlags.Cwr, value); }

    /// <summary>ECE: ECN-echo. RFC 3168 §6.1.</summary>
    public bool Ece { get => Flag(TcpFlags.Ece); set => SetFlag(TcpFlags.Ece, value); }

    /// <summary>URG: the urgent pointer counts.</summary>
    public bool Urg { get => Flag(TcpFlags.Urg); set => SetFlag(TcpFlags.Urg, value); }

    /// <summary>ACK: the acknowledgment number counts.</summary>
    public bool Ack { get => Flag(TcpFlags.Ack); set => SetFlag(TcpFlags.Ack, value); }

    /// <summary>PSH: hand the data on at once.</summary>
    public bool Psh { get => Flag(TcpFlags.Psh); set => SetFlag(TcpFlags.Psh, value); }

    /// <summary>RST: reset the connection.</summary>
    public bool Rst { get => Flag(TcpFlags.Rst); set => SetFlag(TcpFlags.Rst, value); }

    /// <summary>SYN: synchronise sequence numbers; set on both segments that open a connection.</summary>
    public bool Syn
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Flag(TcpFlags.Syn);
        set => SetFlag(TcpFlags.Syn, value);
    }

    /// <summary>FIN: no more data from the sender.</summary>
    public bool Fin { get => Flag(TcpFlags.Fin); set => SetFlag(TcpFlags.Fin, value); }

    /// <summary>The receive window, unscaled.</summary>
    public ushort Window
    {
        get => ReadUInt16BigEndian(Octets[14..]);
        set => _checksum.Write(Octets, 14, value);
    }

    /// <summary>The checksum field. Setting it makes it right or wrong at will.</summary>
    public ushort Checksum
    {
        get => ReadUInt16BigEndian(Octets[16..]);
        set => _checksum.Set(Octets, 16, value);
    }

    /// <summary>What the checksum field holds.</summary>
    public ChecksumKind ChecksumKind => _checksum.Kind;

    /// <summary>Where urgent data ends, from the sequence number on.</summary>
    public ushort UrgentPointer
    {
        get => ReadUInt16BigEndian(Octets[18..]);
        set => _checksum.Write(Octets, 18, value);
    }

    /// <summary>The options, 0 to 40 octets. RFC 9293 §3.2.</summary>
    public TcpOptions Options
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(Octets, _checksum);
    }

    /// <summary>The header at the start of <paramref name="octets"/>; false if cut short or its data offset contradicts them.</summary>
    /// <param name="octets">A segment.</param>
    /// <param name="header">A view over the header and its options.</param>
    /// <param name="partialChecksum">Whether the checksum field holds the pseudo-header's sum only.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out TcpHeader header, bool partialChecksum = false, EditGuard? guard = null)
    {
        header = default;
        if (octets.Length < MinLength)
            return false;

        int headerLength = (octets[12] >> 4) * 4;
        if (headerLength < MinLength || headerLength > octets.Length)
            return false;

        header = Over(octets[..headerLength], partialChecksum ? ChecksumKind.Partial : ChecksumKind.Full, guard);
        return true;
    }

    /// <summary>A view over a header whose data offset has been checked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TcpHeader Over(Span<byte> header, ChecksumKind kind, EditGuard? guard) =>
        new(header, new ChecksumField(header.Slice(16, 2), kind, guard));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Flag(TcpFlags flag) => (Octets[13] & (byte)flag) != 0;    // all but AE stand in this octet

    private void SetFlag(TcpFlags flag, bool value) => Flags = value ? Flags | flag : Flags & ~flag;

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
