using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Dhcpv6Address"/>, IAADDR. RFC 8415 §21.6.</summary>
/// <param name="Address">The address.</param>
/// <param name="PreferredLifetime">For how many seconds it may be used for anything new; all ones for ever.</param>
/// <param name="ValidLifetime">For how many seconds it may be used; 0 for no longer, all ones for ever.</param>
public readonly record struct Dhcpv6AddressFields(Ipv6Address Address, uint PreferredLifetime = 0, uint ValidLifetime = 0)
{
    /// <summary>The options in it, such as how it went.</summary>
    public FieldList<Dhcpv6OptionFields> Options { get; init; }

    /// <summary>The option that it is.</summary>
    public static implicit operator Dhcpv6OptionFields(Dhcpv6AddressFields fields)
    {
        byte[] data = new byte[Dhcpv6Address.MinLength + Dhcpv6OptionFields.LengthOf(fields.Options)];
        fields.Address.WriteTo(data);
        WriteUInt32BigEndian(data.AsSpan(16), fields.PreferredLifetime);
        WriteUInt32BigEndian(data.AsSpan(20), fields.ValidLifetime);
        Dhcpv6OptionFields.Write(data.AsSpan(Dhcpv6Address.MinLength), fields.Options);
        return new(Dhcpv6OptionCode.Address, data);
    }

    /// <summary>What an address says; options from one that cannot be read on are left out.</summary>
    public static Dhcpv6AddressFields Read(Dhcpv6Address address) => new(address.Address, address.PreferredLifetime, address.ValidLifetime)
    {
        Options = Dhcpv6OptionFields.Read(address.Options),
    };
}
