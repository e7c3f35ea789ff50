using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>An <see cref="Ipv6Option"/> to be written. RFC 8200 §4.2.</summary>
/// <param name="Type">The type. Its top two bits say what a node does that does not know it.</param>
/// <param name="Data">What follows type and length, 0 to 255 octets; nothing follows Pad1.</param>
public readonly record struct Ipv6OptionFields(Ipv6OptionType Type, FieldList<byte> Data = default) : IHeaderFields
{
    /// <summary>The most data of one option, in octets.</summary>
    public const int MaxDataLength = 255;

    /// <inheritdoc/>
    public int Length => Type == Ipv6OptionType.Pad1 ? 1 : 2 + Data.Count;

    /// <summary>Every router is to look at the packet. RFC 2711 §2.1.</summary>
    /// <param name="value">What it holds; 0 for MLD.</param>
    public static Ipv6OptionFields RouterAlert(ushort value = 0) =>
        new(Ipv6OptionType.RouterAlert, [(byte)(value >> 8), (byte)value]);

    /// <summary>A payload longer than 65,535 octets. RFC 2675 §2.</summary>
    public static Ipv6OptionFields JumboPayload(uint length)
    {
        byte[] data = new byte[sizeof(uint)];
        WriteUInt32BigEndian(data, length);
        return new(Ipv6OptionType.JumboPayload, data);
    }

    /// <summary>What an option says.</summary>
    public static Ipv6OptionFields Read(Ipv6Option option) => new(option.Type, option.Data.ToArray());

    /// <inheritdoc/>
    public void Write(Span<byte> destination) => Write(destination, Type, Data.Span);

    /// <summary>Writes an option.</summary>
    /// <returns>How many octets it takes.</returns>
    internal static int Write(Span<byte> destination, Ipv6OptionType type, ReadOnlySpan<byte> data)
    {
        destination[0] = (byte)type;
        if (type == Ipv6OptionType.Pad1)
            return 1;

        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, MaxDataLength, nameof(Data));
        destination[1] = (byte)data.Length;
        data.CopyTo(destination[2..]);
        return 2 + data.Length;
    }
}
