using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="RecursiveDnsServers"/> option, RDNSS. RFC 8106 §5.1.</summary>
/// <param name="Servers">The servers' addresses, 1 to 127.</param>
public readonly record struct RecursiveDnsServersFields(FieldList<Ipv6Address> Servers) : INeighborDiscoveryOptionFields
{
    private const int ServersOffset = 8;

    /// <summary>How long the servers may be used, in seconds; 0 for no longer, all ones for ever. RFC 8106 §5.1: 3 × MaxRtrAdvInterval.</summary>
    public uint Lifetime { get; init; } = 1800;

    /// <inheritdoc/>
    public NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.RecursiveDnsServers;

    /// <inheritdoc/>
    public int Length => ServersOffset + (Servers.Count * Ipv6Address.Length);

    /// <summary>What an option says.</summary>
    public static RecursiveDnsServersFields Read(RecursiveDnsServers option)
    {
        var servers = new Ipv6Address[option.Count];
        for (int i = 0; i < servers.Length; i++)
            servers[i] = option[i];
        return new RecursiveDnsServersFields(servers) { Lifetime = option.Lifetime };
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> option = NeighborDiscoveryOptionFields.Begin(destination, Type, Length);
        WriteUInt32BigEndian(option[4..], Lifetime);
        for (int i = 0; i < Servers.Count; i++)
            Servers[i].WriteTo(option[(ServersOffset + (i * Ipv6Address.Length))..]);
    }
}
