using Fluke6.Wire;

namespace Fluke6.Frames;

/// <summary>What to say in a Neighbor Advertisement that answers a solicitation. RFC 4861 §4.4.</summary>
/// <param name="Target">The address that is advertised.</param>
/// <param name="LinkLayerAddress">The MAC address that it is said to have.</param>
public readonly record struct NeighborAdvertisementFields(Ipv6Address Target, MacAddress LinkLayerAddress)
{
    /// <summary>The R flag: the sender is a router.</summary>
    public bool Router { get; init; }

    /// <summary>The S flag; if null, set unless the solicitation's source is unspecified. RFC 4861 §7.2.4.</summary>
    public bool? Solicited { get; init; }

    /// <summary>The O flag: replace what the cache holds.</summary>
    public bool Override { get; init; } = true;

    /// <summary>Where the packet says it comes from; if null, from <see cref="Target"/>.</summary>
    public Ipv6Address? Source { get; init; }

    /// <summary>Whether the Target Link-Layer Address option is there. RFC 4861 §4.6.1.</summary>
    public bool IncludeLinkLayerAddress { get; init; } = true;
}
