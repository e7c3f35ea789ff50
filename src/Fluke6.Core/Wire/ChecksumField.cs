using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>What a checksum field holds.</summary>
public enum ChecksumKind : byte
{
    /// <summary>No checksum covers these octets, or the sender sent none (IPv4 UDP zero, RFC 768).</summary>
    Absent,

    /// <summary>The complemented sum over pseudo-header and data, as on a wire.</summary>
    Full,

    /// <summary>As <see cref="Full"/>, where zero means absent, so that a computed zero is sent as all ones. RFC 768.</summary>
    FullNeverZero,

    /// <summary>
    /// The folded pseudo-header sum, not complemented: whoever segments or sends the frame completes it (virtio NEEDS_CSUM).
    /// </summary>
    Partial,
}

/// <summary>
/// The checksum that covers a view's octets. Setters write through it, so that it stays exactly as right, or as wrong, as it was:
/// a box in the path must not repair what it did not break. RFC 1624.
/// </summary>
public readonly ref struct ChecksumField
{
    private readonly Span<byte> _field;
    private readonly EditGuard? _guard;
    private readonly int _moves;            // beside the guard instead of a ViewGuard: eight octets less in every view
    private readonly ChecksumKind _kind;

    /// <summary>A checksum at <paramref name="field"/>.</summary>
    /// <param name="field">The two octets of the checksum; empty where there is none.</param>
    /// <param name="kind">What they hold.</param>
    /// <param name="guard">Who wants to know of edits, if anyone.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ChecksumField(Span<byte> field, ChecksumKind kind, EditGuard? guard)
    {
        _field = field;
        _guard = guard;
        _moves = guard is null ? 0 : guard.Moves;
        _kind = field.Length < sizeof(ushort) ? ChecksumKind.Absent : kind;
    }

    /// <summary>A checksum of a view that is made from another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ChecksumField(Span<byte> field, ChecksumKind kind, ViewGuard guard)
    {
        _field = field;
        _guard = guard.Guard;
        _moves = guard.Moves;
        _kind = field.Length < sizeof(ushort) ? ChecksumKind.Absent : kind;
    }

    /// <summary>What the field holds.</summary>
    internal ChecksumKind Kind => _kind;

    /// <summary>Tells whoever owns the octets that they contradict themselves or end too soon.</summary>
    internal void FoundMalformed() => _guard?.FoundMalformed();

    /// <summary>Who is told of edits.</summary>
    internal ViewGuard Guard => new(_guard, _moves);

    /// <summary>The same guard with no checksum.</summary>
    internal ChecksumField WithoutChecksum => new(default, ChecksumKind.Absent, Guard);

    /// <inheritdoc cref="ViewGuard.Checked"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Span<byte> Checked(Span<byte> octets)
    {
        Check();
        return octets;
    }

    /// <inheritdoc cref="ViewGuard.Check"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Check()
    {
        if (_guard is not null && _guard.Moves != _moves)
            _guard.ThrowMoved();
    }

    /// <summary>The field's value as it stands.</summary>
    internal ushort Value => _kind == ChecksumKind.Absent ? (ushort)0 : ReadUInt16BigEndian(Checked(_field));

    /// <summary>Replaces one octet and adjusts the checksum over it.</summary>
    /// <param name="region">Octets that begin at an even offset of what the checksum covers.</param>
    /// <param name="offset">Where in <paramref name="region"/>.</param>
    /// <param name="value">The new octet.</param>
    internal void WriteByte(Span<byte> region, int offset, byte value)
    {
        Check();
        byte old = region[offset];
        if (old == value)
            return;

        _guard?.BeforeHeaderEdit();
        region[offset] = value;
        // RFC 1071 §1: the octet at an even offset is the high half of its word.
        int shift = int.IsEvenInteger(offset) ? 8 : 0;
        Adjust((ushort)(old << shift), (ushort)(value << shift));
    }

    /// <summary>Replaces one 16-bit field, big-endian, and adjusts the checksum over it. RFC 1624 §3.</summary>
    /// <param name="value">The new value.</param>
    internal void Write(Span<byte> region, int offset, ushort value)
    {
        Check();
        ushort old = ReadUInt16BigEndian(region[offset..]);
        if (old == value)
            return;

        _guard?.BeforeHeaderEdit();
        WriteUInt16BigEndian(region[offset..], value);

        // RFC 1071 §2(B): a field at an odd offset contributes its two octets swapped.
        if (int.IsOddInteger(offset))
            (old, value) = (ReverseEndianness(old), ReverseEndianness(value));

        Adjust(old, value);
    }

    /// <summary>Replaces one 32-bit field, big-endian, and adjusts the checksum over it.</summary>
    /// <param name="value">The new value.</param>
    internal void Write(Span<byte> region, int offset, uint value)
    {
        Write(region, offset, (ushort)(value >> 16));
        Write(region, offset + 2, (ushort)value);
    }

    /// <summary>Replaces an IPv6 address and adjusts the checksum over it.</summary>
    /// <param name="address">The new address.</param>
    internal void Write(Span<byte> region, int offset, Ipv6Address address)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Length];
        address.WriteTo(octets);
        Write(region, offset, octets);
    }

    /// <summary>Replaces a run of octets by as many others and adjusts the checksum over them.</summary>
    /// <param name="octets">The new octets.</param>
    internal void Write(Span<byte> region, int offset, ReadOnlySpan<byte> octets)
    {
        Check();
        Span<byte> target = region.Slice(offset, octets.Length);
        if (target.SequenceEqual(octets))
            return;

        _guard?.BeforeHeaderEdit();
        (ushort old, ushort @new) = Replace(target, octets);
        if (int.IsOddInteger(offset))
            (old, @new) = (ReverseEndianness(old), ReverseEndianness(@new));

        Adjust(old, @new);
    }

    /// <summary>Overwrites a part of a field that may hold anything, and adjusts the checksum over it.</summary>
    /// <param name="start">Where the field begins.</param>
    /// <param name="length">How many octets it has; where there are none, it may begin past the region's end.</param>
    /// <param name="offset">Where in the field the new octets go.</param>
    /// <param name="octets">The new octets.</param>
    internal EditResult Overwrite(Span<byte> region, int start, int length, int offset, ReadOnlySpan<byte> octets)
    {
        Check();
        if (offset < 0 || offset > length - octets.Length)
            return EditResult.Refused;
        if (octets.IsEmpty || region.Slice(start + offset, octets.Length).SequenceEqual(octets))
            return EditResult.Unchanged;

        Write(region, start + offset, octets);
        return EditResult.Changed;
    }

    /// <summary>Sets every octet of a run to one value and adjusts the checksum over it.</summary>
    /// <param name="length">How many octets.</param>
    /// <param name="value">The value of each.</param>
    internal void Fill(Span<byte> region, int offset, int length, byte value)
    {
        Check();
        // A run is an option, most often of two octets: too short to be worth the vectors of Sum.
        Span<byte> target = region.Slice(offset, length);
        uint old = 0, @new = 0;
        bool differs = false;
        for (int i = 0; i < target.Length; i++)
        {
            int shift = int.IsEvenInteger(offset + i) ? 8 : 0;
            old += (uint)target[i] << shift;
            @new += (uint)value << shift;
            differs |= target[i] != value;
        }

        if (!differs)
            return;

        _guard?.BeforeHeaderEdit();
        target.Fill(value);
        Adjust(InternetChecksum.Fold(old), InternetChecksum.Fold(@new));
    }

    /// <summary>
    /// Replaces octets that this checksum covers only through its pseudo-header, such as addresses: a partial checksum follows too.
    /// </summary>
    /// <param name="octets">The new octets.</param>
    internal void WritePseudoHeader(Span<byte> region, int offset, ReadOnlySpan<byte> octets)
    {
        Check();
        Span<byte> target = region.Slice(offset, octets.Length);
        if (target.SequenceEqual(octets))
            return;

        _guard?.BeforeHeaderEdit();
        (ushort old, ushort @new) = Replace(target, octets);
        AdjustPseudoHeader(old, @new);
    }

    /// <summary>Adjusts for a pseudo-header word that is not on the wire, such as the upper-layer length.</summary>
    internal void AdjustPseudoHeader(ushort old, ushort @new)
    {
        if (_kind == ChecksumKind.Partial)
            WriteUInt16BigEndian(_field, InternetChecksum.AdjustSum(ReadUInt16BigEndian(_field), old, @new));
        else
            Adjust(old, @new);
    }

    /// <summary>Adjusts for covered octets, at an even offset, whose folded sum went from one value to another.</summary>
    internal void Adjust(ushort old, ushort @new)
    {
        // A partial checksum covers the pseudo-header only; the data is summed when it is completed.
        if (_kind is ChecksumKind.Absent or ChecksumKind.Partial)
            return;

        ushort checksum = InternetChecksum.Adjust(ReadUInt16BigEndian(_field), old, @new);
        // RFC 768: "If the computed checksum is zero, it is transmitted as all ones".
        if (checksum == 0 && _kind == ChecksumKind.FullNeverZero)
            checksum = 0xFFFF;

        WriteUInt16BigEndian(_field, checksum);
    }

    /// <summary>Overwrites the checksum field itself, right or wrong: for experiments that want a bad one.</summary>
    internal void Set(Span<byte> region, int offset, ushort value)
    {
        Check();
        if (ReadUInt16BigEndian(region[offset..]) == value)
            return;

        _guard?.BeforeHeaderEdit();
        WriteUInt16BigEndian(region[offset..], value);
    }

    private static (ushort Old, ushort New) Replace(Span<byte> target, ReadOnlySpan<byte> octets)
    {
        ushort old = InternetChecksum.Sum(target);
        octets.CopyTo(target);
        // Summed where they are now: the source may overlap the target, and is then no longer what was copied.
        return (old, InternetChecksum.Sum(target));
    }
}
