namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="RouterSolicitation"/>. RFC 4861 §4.1.</summary>
/// <param name="LinkLayerAddress">The sender's MAC address, as an option; null leaves it out, as a sender without an address must.</param>
public readonly record struct RouterSolicitationFields(MacAddress? LinkLayerAddress = null) : INeighborDiscoveryFields
{
    /// <inheritdoc/>
    public int Length => RouterSolicitation.MinLength + LinkLayerAddressOptionFields.LengthOf(LinkLayerAddress);

    /// <summary>What a message says.</summary>
    public static RouterSolicitationFields Read(RouterSolicitation message) =>
        new(LinkLayerAddressOptionFields.Find(message.Options, NeighborDiscoveryOptionType.SourceLinkLayerAddress));

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Icmpv6Fields.Write(destination, Icmpv6Type.RouterSolicitation);
        if (LinkLayerAddress is { } address)
            LinkLayerAddressOptionFields.Source(address).Write(destination[RouterSolicitation.MinLength..]);
    }
}
