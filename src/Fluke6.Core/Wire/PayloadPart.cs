using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>A part of a message that UDP or TCP carries, such as one of its options, read and written in place.</summary>
/// <remarks>It has the whole message at hand: a checksum adds octets at odd offsets otherwise than those at even ones.</remarks>
internal readonly ref struct PayloadPart
{
    private readonly Span<byte> _message;    // begins at an even offset of what the checksum covers
    private readonly ChecksumField _checksum;
    private readonly int _start;
    private readonly int _length;

    public PayloadPart(Span<byte> message, int start, int length, ChecksumField checksum)
    {
        _message = message;
        _start = start;
        _length = length;
        _checksum = checksum;
    }

    /// <summary>The octets as they stand.</summary>
    public ReadOnlySpan<byte> Octets => Message.Slice(_start, _length);

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>A part of this part; the caller has made sure that it is there.</summary>
    public PayloadPart Slice(int offset, int length) => new(Message, _start + offset, length, _checksum);

    /// <summary>The rest from an offset on; nothing past the end, as where a code was changed so that its data would have to be longer.</summary>
    public PayloadPart Slice(int offset) => Slice(Math.Min(offset, _length), Math.Max(0, _length - offset));

    /// <summary>An octet; 0 past the end.</summary>
    public byte Byte(int offset) => offset < Octets.Length ? Octets[offset] : (byte)0;

    /// <summary>Two octets, big-endian; 0 where they reach past the end.</summary>
    public ushort UInt16(int offset) => offset + sizeof(ushort) <= Octets.Length ? ReadUInt16BigEndian(Octets[offset..]) : (ushort)0;

    /// <summary>Four octets, big-endian; 0 where they reach past the end.</summary>
    public uint UInt32(int offset) => offset + sizeof(uint) <= Octets.Length ? ReadUInt32BigEndian(Octets[offset..]) : 0;

    /// <summary>An IPv4 address; 0.0.0.0 where it reaches past the end.</summary>
    public Ipv4Address Ipv4(int offset) => new(UInt32(offset));

    /// <summary>An IPv6 address; :: where it reaches past the end.</summary>
    public Ipv6Address Ipv6(int offset) =>
        offset + Ipv6Address.Length <= Octets.Length ? Ipv6Address.Read(Octets[offset..]) : Ipv6Address.Unspecified;

    /// <summary>Sets an octet, if it is there.</summary>
    public void Set(int offset, byte value) => Write(offset, [value]);

    /// <summary>Sets two octets, big-endian, if they are there.</summary>
    public void Set(int offset, ushort value)
    {
        Span<byte> octets = stackalloc byte[sizeof(ushort)];
        WriteUInt16BigEndian(octets, value);
        Write(offset, octets);
    }

    /// <summary>Sets four octets, big-endian, if they are there.</summary>
    public void Set(int offset, uint value)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        WriteUInt32BigEndian(octets, value);
        Write(offset, octets);
    }

    /// <summary>Sets an IPv6 address, if it is there.</summary>
    public void Set(int offset, Ipv6Address value)
    {
        Span<byte> octets = stackalloc byte[Ipv6Address.Length];
        value.WriteTo(octets);
        Write(offset, octets);
    }

    /// <summary>Overwrites octets.</summary>
    /// <returns>Refused, and nothing written, if they would reach past the part.</returns>
    public EditResult Write(int offset, scoped ReadOnlySpan<byte> octets) => offset < 0 || offset > Octets.Length - octets.Length
        ? EditResult.Refused
        : PayloadField.Write(Message, _start + offset, octets, _checksum);

    /// <summary>Tells the message's owner that it contradicts itself or ends too soon.</summary>
    public void FoundMalformed() => _checksum.FoundMalformed();
}
