using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>One entry of an MPLS label stack, read and written in place. RFC 3032 §2.1.</summary>
public readonly ref struct MplsLabel : ISpanFormattable
{
    /// <summary>Four octets.</summary>
    public const int Length = 4;

    /// <summary>How many entries are followed.</summary>
    private const int MaxLabels = 32;

    private const uint LabelMask = 0xFFFF_F000, TrafficClassMask = 0xE00, TimeToLiveMask = 0xFF;

    /// <summary>S, in the entry's word.</summary>
    internal const uint BottomOfStack = 0x100;

    private readonly Span<byte> _octets;
    private readonly ChecksumField _none;

    private MplsLabel(Span<byte> octets, EditGuard? guard)
    {
        _octets = octets;
        _none = new ChecksumField(default, ChecksumKind.Absent, guard);
    }

    private Span<byte> Octets => _none.Checked(_octets);

    /// <summary>The label, 20 bits; 0 to 15 have meanings of their own.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 1,048,575.</exception>
    public uint Label
    {
        get => Entry >> 12;
        set => Write(LabelMask, FieldRange.Of(value, 20) << 12);
    }

    /// <summary>Traffic class, 0 to 7. RFC 5462; before, EXP.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 7.</exception>
    public byte TrafficClass
    {
        get => (byte)((Entry & TrafficClassMask) >> 9);
        set => Write(TrafficClassMask, FieldRange.Of(value, 3) << 9);
    }

    /// <summary>S: this is the last entry, and what is carried follows.</summary>
    public bool IsBottomOfStack => (Entry & BottomOfStack) != 0;

    /// <summary>How many routers may still forward this.</summary>
    public byte TimeToLive
    {
        get => (byte)(Entry & TimeToLiveMask);
        set => Write(TimeToLiveMask, value);
    }

    /// <summary>The entry at the start of <paramref name="octets"/>; false if those are fewer than 4.</summary>
    /// <param name="octets">A label stack, or what of it is left.</param>
    /// <param name="label">A view over the entry.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out MplsLabel label, EditGuard? guard = null)
    {
        bool isWhole = octets.Length >= Length;
        label = isWhole ? new MplsLabel(octets[..Length], guard) : default;
        return isWhole;
    }

    /// <summary>How many octets the label stack at the start of <paramref name="octets"/> has; 0 if it does not end in them.</summary>
    internal static int StackLength(ReadOnlySpan<byte> octets)
    {
        for (int length = Length; length <= Math.Min(octets.Length, MaxLabels * Length); length += Length)
        {
            if ((ReadUInt32BigEndian(octets[(length - Length)..]) & BottomOfStack) != 0)
                return length;
        }

        return 0;
    }

    /// <summary>Says of the entry at the start of <paramref name="octets"/> that another follows.</summary>
    internal static void LeaveBottom(Span<byte> octets) => WriteUInt32BigEndian(octets, ReadUInt32BigEndian(octets) & ~BottomOfStack);

    private uint Entry => ReadUInt32BigEndian(Octets);

    private void Write(uint mask, uint value) => _none.Write(Octets, 0, (Entry & ~mask) | (value & mask));

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
