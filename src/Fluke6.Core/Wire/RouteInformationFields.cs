using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="RouteInformation"/> option. RFC 4191 §2.3.</summary>
/// <param name="Prefix">The prefix that the router has a route to; the option is as long as it needs.</param>
public readonly record struct RouteInformationFields(Ipv6Prefix Prefix) : INeighborDiscoveryOptionFields
{
    private const int PrefixOffset = 8;

    /// <summary>Whether hosts are to prefer this route to others.</summary>
    public RouterPreference Preference { get; init; }

    /// <summary>How long the route holds, in seconds; all ones for ever.</summary>
    public uint RouteLifetime { get; init; } = 1800;

    /// <inheritdoc/>
    public NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.RouteInformation;

    /// <inheritdoc/>
    public int Length => PrefixOffset + ((Prefix.Length + 63) / 64 * 8);

    /// <summary>What an option says.</summary>
    public static RouteInformationFields Read(RouteInformation option) => new(option.Prefix)
    {
        Preference = option.Preference, RouteLifetime = option.RouteLifetime,
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> option = NeighborDiscoveryOptionFields.Begin(destination, Type, Length);
        option[2] = (byte)Prefix.Length;
        option[3] = (byte)(FieldRange.Of((uint)Preference, 2, nameof(Preference)) << 3);
        WriteUInt32BigEndian(option[4..], RouteLifetime);
        Span<byte> address = stackalloc byte[Ipv6Address.Length];
        Prefix.Address.WriteTo(address);
        address[..(Length - PrefixOffset)].CopyTo(option[PrefixOffset..]);
    }
}
