using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Dhcpv6Prefix"/>, IAPREFIX. RFC 8415 §21.22.</summary>
/// <param name="Prefix">The prefix.</param>
/// <param name="PreferredLifetime">For how many seconds it may be used for anything new; all ones for ever.</param>
/// <param name="ValidLifetime">For how many seconds it may be used; 0 for no longer, all ones for ever.</param>
public readonly record struct Dhcpv6PrefixFields(Ipv6Prefix Prefix, uint PreferredLifetime = 0, uint ValidLifetime = 0)
{
    private const int MinLength = 25;

    /// <summary>The options in it, such as how it went.</summary>
    public FieldList<Dhcpv6OptionFields> Options { get; init; }

    /// <summary>The option that it is.</summary>
    public static implicit operator Dhcpv6OptionFields(Dhcpv6PrefixFields fields)
    {
        byte[] data = new byte[MinLength + Dhcpv6OptionFields.LengthOf(fields.Options)];
        WriteUInt32BigEndian(data, fields.PreferredLifetime);
        WriteUInt32BigEndian(data.AsSpan(4), fields.ValidLifetime);
        data[8] = (byte)fields.Prefix.Length;
        fields.Prefix.Address.WriteTo(data.AsSpan(9));
        Dhcpv6OptionFields.Write(data.AsSpan(MinLength), fields.Options);
        return new(Dhcpv6OptionCode.Prefix, data);
    }

    /// <summary>What a prefix says; options from one that cannot be read on are left out.</summary>
    public static Dhcpv6PrefixFields Read(Dhcpv6Prefix prefix) => new(prefix.Prefix, prefix.PreferredLifetime, prefix.ValidLifetime)
    {
        Options = Dhcpv6OptionFields.Read(prefix.Options),
    };
}
