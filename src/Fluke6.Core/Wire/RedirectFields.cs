namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Redirect"/>; options follow it. RFC 4861 §4.5.</summary>
/// <param name="Target">The better first hop; the same as the destination where that is a neighbor.</param>
/// <param name="Destination">The destination that is redirected.</param>
public readonly record struct RedirectFields(Ipv6Address Target, Ipv6Address Destination) : INeighborDiscoveryFields
{
    /// <inheritdoc/>
    public int Length => Redirect.MinLength;

    /// <summary>What a message says.</summary>
    public static RedirectFields Read(Redirect message) => new(message.Target, message.Destination);

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Icmpv6Fields.Write(destination, Icmpv6Type.Redirect);
        Target.WriteTo(destination[8..]);
        Destination.WriteTo(destination[24..]);
    }
}
