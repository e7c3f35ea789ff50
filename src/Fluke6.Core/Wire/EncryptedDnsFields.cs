using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of an <see cref="EncryptedDns"/> option. RFC 9463 §6.1.</summary>
/// <param name="Name">The name that the resolver's certificate is for.</param>
public readonly record struct EncryptedDnsFields(DnsName Name) : INeighborDiscoveryOptionFields
{
    private const int NameOffset = 10;

    /// <summary>Its place among several: a lower one is preferred. RFC 9460 §2.4.1.</summary>
    public ushort ServicePriority { get; init; } = 1;

    /// <summary>How long the resolver may be used, in seconds; 0 for no longer, all ones for ever. RFC 9463 §6.1: 3 × MaxRtrAdvInterval.</summary>
    public uint Lifetime { get; init; } = 1800;

    /// <summary>The resolver's addresses; none leaves addresses and parameters out: the name is then to be resolved.</summary>
    public FieldList<Ipv6Address> Addresses { get; init; }

    /// <summary>The service parameters as they stand on the wire, written if there are addresses. RFC 9460 §2.2.</summary>
    public FieldList<byte> Parameters { get; init; }

    /// <inheritdoc/>
    public NeighborDiscoveryOptionType Type => NeighborDiscoveryOptionType.EncryptedDns;

    /// <inheritdoc/>
    public int Length => NeighborDiscoveryOptionFields.LengthOf(NameOffset + Name.Octets.Length + (Addresses.Count == 0
        ? 0
        : sizeof(ushort) + (Addresses.Count * Ipv6Address.Length) + sizeof(ushort) + Parameters.Count));

    /// <summary>What an option says; of addresses and parameters that cannot be read, nothing.</summary>
    public static EncryptedDnsFields Read(EncryptedDns option)
    {
        DnsName name = DnsNameView.TryRead(option.EncodedName, 0, out DnsNameView view, out _) ? view.ToName() : DnsName.Root;
        var fields = new EncryptedDnsFields(name) { ServicePriority = option.ServicePriority, Lifetime = option.Lifetime };
        ReadOnlySpan<byte> rest = option.AddressesAndParameters;
        if (!TryTake(ref rest, out ReadOnlySpan<byte> octets) || octets.IsEmpty || octets.Length % Ipv6Address.Length != 0)
            return fields;

        var addresses = new Ipv6Address[octets.Length / Ipv6Address.Length];
        for (int i = 0; i < addresses.Length; i++)
            addresses[i] = Ipv6Address.Read(octets[(i * Ipv6Address.Length)..]);
        return fields with { Addresses = addresses, Parameters = TryTake(ref rest, out octets) ? octets.ToArray() : [] };
    }

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        Span<byte> option = NeighborDiscoveryOptionFields.Begin(destination, Type, Length), rest = option[NameOffset..];
        WriteUInt16BigEndian(option[2..], ServicePriority);
        WriteUInt32BigEndian(option[4..], Lifetime);
        WriteUInt16BigEndian(option[8..], (ushort)Name.Octets.Length);
        Name.Octets.CopyTo(rest);
        if (Addresses.Count == 0)
            return;

        rest = rest[Name.Octets.Length..];
        WriteUInt16BigEndian(rest, (ushort)(Addresses.Count * Ipv6Address.Length));
        rest = rest[sizeof(ushort)..];
        foreach (Ipv6Address address in Addresses)
        {
            address.WriteTo(rest);
            rest = rest[Ipv6Address.Length..];
        }

        WriteUInt16BigEndian(rest, (ushort)Parameters.Count);
        Parameters.Span.CopyTo(rest[sizeof(ushort)..]);
    }

    /// <summary>Takes octets after their length of 16 bits.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> octets)
    {
        octets = default;
        if (rest.Length < sizeof(ushort) || rest.Length - sizeof(ushort) < ReadUInt16BigEndian(rest))
            return false;

        octets = rest.Slice(sizeof(ushort), ReadUInt16BigEndian(rest));
        rest = rest[(sizeof(ushort) + octets.Length)..];
        return true;
    }
}
