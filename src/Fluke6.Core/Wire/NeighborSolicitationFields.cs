namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="NeighborSolicitation"/>. RFC 4861 §4.3.</summary>
/// <param name="Target">The address asked for.</param>
/// <param name="LinkLayerAddress">
/// The asker's MAC address, as an option; null leaves it out, as duplicate address detection must. RFC 4862 §5.4.2.
/// </param>
public readonly record struct NeighborSolicitationFields(Ipv6Address Target, MacAddress? LinkLayerAddress = null) : INeighborDiscoveryFields
{
    /// <inheritdoc/>
    public int Length => NeighborSolicitation.MinLength + LinkLayerAddressOptionFields.LengthOf(LinkLayerAddress);

    /// <summary>What a message says.</summary>
    public static NeighborSolicitationFields Read(NeighborSolicitation message) =>
        new(message.Target, LinkLayerAddressOptionFields.Find(message.Options, NeighborDiscoveryOptionType.SourceLinkLayerAddress));

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Icmpv6Fields.Write(destination, Icmpv6Type.NeighborSolicitation);
        Target.WriteTo(destination[8..]);
        if (LinkLayerAddress is { } address)
            LinkLayerAddressOptionFields.Source(address).Write(destination[NeighborSolicitation.MinLength..]);
    }
}
