using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Dhcpv6Association"/>. RFC 8415 §21.4, §21.5, §21.21.</summary>
/// <param name="Identifier">IAID: which one of the client's.</param>
/// <param name="Code">IA_NA, IA_TA or IA_PD.</param>
public readonly record struct Dhcpv6AssociationFields(uint Identifier, Dhcpv6OptionCode Code = Dhcpv6OptionCode.IdentityAssociation)
{
    /// <summary>T1: after how many seconds the client asks its server again; 0 leaves it to the client. Not of IA_TA.</summary>
    public uint RenewAfter { get; init; }

    /// <summary>T2: after how many seconds the client asks any server; 0 leaves it to the client. Not of IA_TA.</summary>
    public uint RebindAfter { get; init; }

    /// <summary>The options in it: addresses or prefixes, and how it went.</summary>
    public FieldList<Dhcpv6OptionFields> Options { get; init; }

    /// <summary>The option that it is.</summary>
    public static implicit operator Dhcpv6OptionFields(Dhcpv6AssociationFields fields)
    {
        int start = fields.Code == Dhcpv6OptionCode.TemporaryAssociation ? 4 : 12;
        byte[] data = new byte[start + Dhcpv6OptionFields.LengthOf(fields.Options)];
        WriteUInt32BigEndian(data, fields.Identifier);
        if (start > 4)
        {
            WriteUInt32BigEndian(data.AsSpan(4), fields.RenewAfter);
            WriteUInt32BigEndian(data.AsSpan(8), fields.RebindAfter);
        }

        Dhcpv6OptionFields.Write(data.AsSpan(start), fields.Options);
        return new(fields.Code, data);
    }

    /// <summary>What an association says; options from one that cannot be read on are left out.</summary>
    public static Dhcpv6AssociationFields Read(Dhcpv6Association association) => new(association.Identifier, association.Code)
    {
        RenewAfter = association.RenewAfter,
        RebindAfter = association.RebindAfter,
        Options = Dhcpv6OptionFields.Read(association.Options),
    };
}
