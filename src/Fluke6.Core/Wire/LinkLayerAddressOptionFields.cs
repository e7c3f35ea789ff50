namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="LinkLayerAddressOption"/>. RFC 4861 §4.6.1.</summary>
/// <param name="Type">Source or target.</param>
/// <param name="Address">The MAC address.</param>
public readonly record struct LinkLayerAddressOptionFields(NeighborDiscoveryOptionType Type, MacAddress Address) : INeighborDiscoveryOptionFields
{
    private const int OptionLength = 8;

    /// <inheritdoc/>
    public int Length => OptionLength;

    /// <summary>The sender's address.</summary>
    public static LinkLayerAddressOptionFields Source(MacAddress address) => new(NeighborDiscoveryOptionType.SourceLinkLayerAddress, address);

    /// <summary>The target's address.</summary>
    public static LinkLayerAddressOptionFields Target(MacAddress address) => new(NeighborDiscoveryOptionType.TargetLinkLayerAddress, address);

    /// <summary>What an option says.</summary>
    public static LinkLayerAddressOptionFields Read(LinkLayerAddressOption option) => new(option.Type, option.Address);

    /// <inheritdoc/>
    public void Write(Span<byte> destination) => Address.WriteTo(NeighborDiscoveryOptionFields.Begin(destination, Type, Length)[2..]);

    /// <summary>How long the option is, if it is there.</summary>
    internal static int LengthOf(MacAddress? address) => address is null ? 0 : OptionLength;

    /// <summary>The address of the first option of a type; null if there is none.</summary>
    internal static MacAddress? Find(NeighborDiscoveryOptions options, NeighborDiscoveryOptionType type)
    {
        foreach (NeighborDiscoveryOption option in options)
        {
            if (option.Type == type && option.TryGetLinkLayerAddress(out LinkLayerAddressOption found))
                return found.Address;
        }

        return null;
    }
}
