using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="VxlanHeader"/>. RFC 7348 §5.</summary>
/// <param name="NetworkIdentifier">VNI: which virtual network, 24 bits.</param>
public readonly record struct VxlanFields(uint NetworkIdentifier) : ICarriesFrames
{
    /// <inheritdoc/>
    public int Length => VxlanHeader.Length;

    /// <summary>What a header says.</summary>
    public static VxlanFields Read(VxlanHeader header) => new(header.NetworkIdentifier);

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        WriteUInt32BigEndian(destination, (uint)VxlanHeader.ValidIdentifier << 24);
        WriteUInt32BigEndian(destination[4..], FieldRange.Of(NetworkIdentifier, 24, nameof(NetworkIdentifier)) << 8);
    }
}
