using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// Writes a field of a message that UDP or TCP carries, and tells the owner of its octets first, unless the field has the value already.
/// </summary>
internal static class PayloadField
{
    public static EditResult Write(Span<byte> message, int offset, ReadOnlySpan<byte> octets, ChecksumField checksum)
    {
        if (checksum.Checked(message).Slice(offset, octets.Length).SequenceEqual(octets))
            return EditResult.Unchanged;

        checksum.Guard.BeforeWholeEdit();
        checksum.Write(message, offset, octets);
        return EditResult.Changed;
    }

    public static void Write(Span<byte> message, int offset, ushort value, ChecksumField checksum)
    {
        Span<byte> octets = stackalloc byte[sizeof(ushort)];
        WriteUInt16BigEndian(octets, value);
        Write(message, offset, octets, checksum);
    }

    public static void Write(Span<byte> message, int offset, uint value, ChecksumField checksum)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        WriteUInt32BigEndian(octets, value);
        Write(message, offset, octets, checksum);
    }
}
