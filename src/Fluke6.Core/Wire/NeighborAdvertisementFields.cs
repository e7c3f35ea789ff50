namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="NeighborAdvertisement"/>. RFC 4861 §4.4.</summary>
/// <param name="Target">The address that is advertised.</param>
/// <param name="LinkLayerAddress">The MAC address that it is said to have, as an option; null leaves it out.</param>
public readonly record struct NeighborAdvertisementFields(Ipv6Address Target, MacAddress? LinkLayerAddress = null) : INeighborDiscoveryFields
{
    /// <summary>R: the sender is a router.</summary>
    public bool Router { get; init; }

    /// <summary>S: this answers a solicitation. <c>frame.Answer</c> sets it by itself.</summary>
    public bool Solicited { get; init; }

    /// <summary>O: the link-layer address is to replace the one that is known.</summary>
    public bool Override { get; init; } = true;

    /// <inheritdoc/>
    public int Length => NeighborAdvertisement.MinLength + LinkLayerAddressOptionFields.LengthOf(LinkLayerAddress);

    /// <summary>What a message says.</summary>
    public static NeighborAdvertisementFields Read(NeighborAdvertisement message) =>
        new(message.Target, LinkLayerAddressOptionFields.Find(message.Options, NeighborDiscoveryOptionType.TargetLinkLayerAddress))
        {
            Router = message.Router, Solicited = message.Solicited, Override = message.Override,
        };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Icmpv6Fields.Write(destination, Icmpv6Type.NeighborAdvertisement);
        destination[4] = (byte)((Router ? 0x80 : 0) | (Solicited ? 0x40 : 0) | (Override ? 0x20 : 0));
        Target.WriteTo(destination[8..]);
        if (LinkLayerAddress is { } address)
            LinkLayerAddressOptionFields.Target(address).Write(destination[NeighborAdvertisement.MinLength..]);
    }
}
