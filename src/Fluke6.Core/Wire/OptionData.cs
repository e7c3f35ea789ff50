using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The data of one type-length-value option, behind its two octets of type and length.</summary>
internal readonly ref struct OptionData
{
    private readonly Span<byte> _region;    // begins at an even offset of what the checksum covers
    private readonly ChecksumField _checksum;
    private readonly int _offset;

    public OptionData(Span<byte> region, int optionOffset, int optionLength, ChecksumField checksum)
    {
        _region = region;
        _offset = optionOffset + 2;
        Length = Math.Max(0, optionLength - 2);
        _checksum = checksum;
    }

    private Span<byte> Region => _checksum.Checked(_region);

    public int Length { get; }

    public ReadOnlySpan<byte> Octets => Region.Slice(_offset, Length);

    public byte Byte => Length < 1 ? (byte)0 : Region[_offset];

    public ushort UInt16 => Length < 2 ? (ushort)0 : ReadUInt16BigEndian(Octets);

    public uint UInt32 => Length < 4 ? 0 : ReadUInt32BigEndian(Octets);

    public void Set(byte value)
    {
        if (Length >= 1)
            _checksum.WriteByte(Region, _offset, value);
    }

    public void Set(ushort value)
    {
        if (Length >= 2)
            _checksum.Write(Region, _offset, value);
    }

    public void Set(uint value)
    {
        if (Length >= 4)
            _checksum.Write(Region, _offset, value);
    }

    public EditResult Write(int offset, ReadOnlySpan<byte> octets) => _checksum.Overwrite(Region, _offset, Length, offset, octets);
}
