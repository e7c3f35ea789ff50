using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// A <see cref="Dhcpv6Option"/> to be written. RFC 8415 §21.1. Each that has fields of its own, such as <see cref="Dhcpv6AddressFields"/>, becomes
/// one by itself.
/// </summary>
/// <param name="Code">What the option is.</param>
/// <param name="Data">What follows code and length, at most 65,535 octets.</param>
public readonly record struct Dhcpv6OptionFields(Dhcpv6OptionCode Code, FieldList<byte> Data = default) : IHeaderFields
{
    /// <inheritdoc/>
    public int Length => Dhcpv6Option.HeaderLength + Data.Count;

    /// <summary>An option of a 32-bit number, such as a time in seconds.</summary>
    public static Dhcpv6OptionFields Of(Dhcpv6OptionCode code, uint value)
    {
        byte[] data = new byte[sizeof(uint)];
        WriteUInt32BigEndian(data, value);
        return new(code, data);
    }

    /// <summary>The client's or the server's identifier, made from its MAC address: a DUID-LL. RFC 8415 §11.4.</summary>
    public static Dhcpv6OptionFields Of(Dhcpv6OptionCode code, MacAddress address)
    {
        const int TypeOfLinkLayer = 3, Ethernet = 1;
        byte[] identifier = new byte[4 + MacAddress.Length];
        WriteUInt16BigEndian(identifier, TypeOfLinkLayer);
        WriteUInt16BigEndian(identifier.AsSpan(2), Ethernet);
        address.WriteTo(identifier.AsSpan(4));
        return new(code, identifier);
    }

    /// <summary>What an option says.</summary>
    public static Dhcpv6OptionFields Read(Dhcpv6Option option) => new(option.Code, option.Data.ToArray());

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        WriteUInt16BigEndian(destination, (ushort)Code);
        WriteUInt16BigEndian(destination[2..], checked((ushort)Data.Count));
        Data.Span.CopyTo(destination[Dhcpv6Option.HeaderLength..]);
    }

    /// <summary>How long options are together.</summary>
    internal static int LengthOf(FieldList<Dhcpv6OptionFields> options)
    {
        int length = 0;
        foreach (Dhcpv6OptionFields option in options)
            length += option.Length;
        return length;
    }

    /// <summary>Writes options one after the other.</summary>
    internal static void Write(Span<byte> destination, FieldList<Dhcpv6OptionFields> options)
    {
        foreach (Dhcpv6OptionFields option in options)
        {
            option.Write(destination);
            destination = destination[option.Length..];
        }
    }

    /// <summary>What options say; those from one that cannot be read on are left out.</summary>
    internal static FieldList<Dhcpv6OptionFields> Read(Dhcpv6Options options)
    {
        var fields = new List<Dhcpv6OptionFields>();
        foreach (Dhcpv6Option option in options)
            fields.Add(Read(option));
        return fields.ToArray();
    }
}
