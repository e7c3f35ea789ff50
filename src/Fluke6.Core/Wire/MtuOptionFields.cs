using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of an <see cref="MtuOption"/>. RFC 4861 §4.6.4.</summary>
/// <param name="Mtu">The largest packet for the link, in octets.</param>
public readonly record struct MtuOptionFields(uint Mtu) : INeighborDiscoveryOptionFields
{
    /// <inheritdoc/>
    public NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.Mtu;

    /// <inheritdoc/>
    public int Length => 8;

    /// <summary>What an option says.</summary>
    public static MtuOptionFields Read(MtuOption option) => new(option.Mtu);

    /// <inheritdoc/>
    public void Write(Span<byte> destination) => WriteUInt32BigEndian(NeighborDiscoveryOptionFields.Begin(destination, Type, Length)[4..], Mtu);
}
