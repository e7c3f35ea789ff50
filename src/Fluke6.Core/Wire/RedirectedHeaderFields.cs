namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="RedirectedHeader"/> option. RFC 4861 §4.6.3.</summary>
/// <param name="InvokingPacket">
/// The packet that caused a redirect from its IPv6 header on, or its beginning: the whole redirect is to fit 1,280 octets. With zeros at its
/// end up to a multiple of 8.
/// </param>
public readonly record struct RedirectedHeaderFields(FieldList<byte> InvokingPacket) : INeighborDiscoveryOptionFields
{
    private const int PacketOffset = 8;

    /// <inheritdoc cref="RedirectedHeaderFields(FieldList{byte})"/>
    public FieldList<byte> InvokingPacket { get; init; } =
        InvokingPacket.PaddedTo(NeighborDiscoveryOptionFields.LengthOf(InvokingPacket.Count));

    /// <inheritdoc/>
    public NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.RedirectedHeader;

    /// <inheritdoc/>
    public int Length => PacketOffset + InvokingPacket.Count;

    /// <summary>What an option says.</summary>
    public static RedirectedHeaderFields Read(RedirectedHeader option) => new(option.InvokingPacket.ToArray());

    /// <inheritdoc/>
    public void Write(Span<byte> destination) =>
        InvokingPacket.Span.CopyTo(NeighborDiscoveryOptionFields.Begin(destination, Type, Length)[PacketOffset..]);
}
