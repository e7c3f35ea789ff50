using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="DnsSearchList"/> option, DNSSL. RFC 8106 §5.2.</summary>
/// <param name="Names">The names, at least one, but not the root.</param>
public readonly record struct DnsSearchListFields(FieldList<DnsName> Names) : INeighborDiscoveryOptionFields
{
    private const int NamesOffset = 8;

    /// <summary>How long the names may be used, in seconds; 0 for no longer, all ones for ever. RFC 8106 §5.2: 3 × MaxRtrAdvInterval.</summary>
    public uint Lifetime { get; init; } = 1800;

    /// <inheritdoc/>
    public NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.DnsSearchList;

    /// <inheritdoc/>
    public int Length
    {
        get
        {
            int length = NamesOffset;
            foreach (DnsName name in Names)
                length += name.Octets.Length;
            return NeighborDiscoveryOptionFields.LengthOf(length);
        }
    }

    /// <summary>What an option says; names from one that cannot be read on are left out.</summary>
    public static DnsSearchListFields Read(DnsSearchList option)
    {
        var names = new List<DnsName>();
        Span<byte> octets = stackalloc byte[DnsName.MaxLength];
        foreach (DnsSearchName name in option)
        {
            name.Labels.CopyTo(octets);
            octets[name.Labels.Length] = 0;
            names.Add(DnsName.FromWire(octets[..(name.Labels.Length + 1)]));
        }

        return new DnsSearchListFields(names.ToArray()) { Lifetime = option.Lifetime };
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> option = NeighborDiscoveryOptionFields.Begin(destination, Type, Length), rest = option[NamesOffset..];
        WriteUInt32BigEndian(option[4..], Lifetime);
        foreach (DnsName name in Names)
        {
            name.Octets.CopyTo(rest);
            rest = rest[name.Octets.Length..];
        }
    }
}
