using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// A VLAN tag: tag control information and the EtherType behind it, read and written in place. IEEE 802.1Q §9.6. The tag's own
/// identifier (TPID) stands in the two octets before, as the EtherType of the header or tag outside.
/// </summary>
public readonly ref struct VlanTag : ISpanFormattable
{
    /// <summary>Four octets.</summary>
    public const int Length = 4;

    private readonly Span<byte> _octets;
    private readonly ViewGuard _guard;

    private VlanTag(Span<byte> octets, EditGuard? guard)
    {
        _octets = octets;
        _guard = new ViewGuard(guard);
    }

    private Span<byte> Octets => _guard.Checked(_octets);

    /// <summary>Writes what a tag puts between a frame's addresses and its EtherType.</summary>
    /// <param name="destination">At least four octets.</param>
    /// <param name="protocolIdentifier">TPID: what announces the tag.</param>
    /// <param name="control">Priority, drop eligible, identifier.</param>
    internal static void Write(Span<byte> destination, EtherType protocolIdentifier, ushort control)
    {
        WriteUInt16BigEndian(destination, (ushort)protocolIdentifier);
        WriteUInt16BigEndian(destination[2..], control);
    }

    /// <summary>The whole tag control information: priority, drop eligible, identifier.</summary>
    public ushort Control
    {
        get => ReadUInt16BigEndian(Octets);
        set => Write(0, value);
    }

    /// <summary>Priority code point, 0 to 7.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 7.</exception>
    public byte Priority
    {
        get => (byte)(Control >> 13);
        set => Control = (ushort)((Control & 0x1FFFu) | (FieldRange.Of(value, 3) << 13));
    }

    /// <summary>Drop eligible indicator.</summary>
    public bool DropEligible
    {
        get => (Control & 0x1000) != 0;
        set => Control = (ushort)(value ? Control | 0x1000 : Control & ~0x1000);
    }

    /// <summary>VLAN identifier, 0 (priority only) to 4094; 4095 is reserved.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 4,095.</exception>
    public ushort Identifier
    {
        get => (ushort)(Control & 0x0FFF);
        set => Control = (ushort)((Control & 0xF000u) | FieldRange.Of(value, 12));
    }

    /// <summary>What follows the tag.</summary>
    public EtherType EtherType
    {
        get => (EtherType)ReadUInt16BigEndian(Octets[2..]);
        set
        {
            Write(2, (ushort)value);
            _guard.AfterLayoutEdit();
        }
    }

    /// <summary>The tag at the start of <paramref name="octets"/>; false if those are fewer than 4.</summary>
    public static bool TryRead(Span<byte> octets, out VlanTag tag, EditGuard? guard = null)
    {
        if (octets.Length < Length)
        {
            tag = default;
            return false;
        }

        tag = new VlanTag(octets[..Length], guard);
        return true;
    }

    private void Write(int offset, ushort value) => new ChecksumField(default, ChecksumKind.Absent, _guard).Write(Octets, offset, value);

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
