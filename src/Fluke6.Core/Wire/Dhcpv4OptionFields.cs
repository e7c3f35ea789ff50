using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>
/// A <see cref="Dhcpv4Option"/> to be written. RFC 2132 §2. Of more than 255 octets it becomes several of its code, which belong together.
/// RFC 3396 §5.
/// </summary>
/// <param name="Code">What the option is.</param>
/// <param name="Data">What follows code and length.</param>
public readonly record struct Dhcpv4OptionFields(Dhcpv4OptionCode Code, FieldList<byte> Data = default) : IHeaderFields
{
    private const int HeaderLength = 2, MaxPiece = byte.MaxValue;

    /// <inheritdoc/>
    public int Length => Data.Count + (HeaderLength * Pieces);

    private int Pieces => Math.Max(1, (Data.Count + MaxPiece - 1) / MaxPiece);

    /// <summary>What the message says. RFC 2132 §9.6.</summary>
    public static Dhcpv4OptionFields Of(Dhcpv4MessageType type) => new(Dhcpv4OptionCode.MessageType, [(byte)type]);

    /// <summary>An option of addresses, such as routers.</summary>
    public static Dhcpv4OptionFields Of(Dhcpv4OptionCode code, params ReadOnlySpan<Ipv4Address> addresses)
    {
        byte[] data = new byte[addresses.Length * Ipv4Address.Length];
        for (int i = 0; i < addresses.Length; i++)
            addresses[i].WriteTo(data.AsSpan(i * Ipv4Address.Length));
        return new(code, data);
    }

    /// <summary>An option of a 32-bit number, such as a time in seconds.</summary>
    public static Dhcpv4OptionFields Of(Dhcpv4OptionCode code, uint value)
    {
        byte[] data = new byte[sizeof(uint)];
        WriteUInt32BigEndian(data, value);
        return new(code, data);
    }

    /// <summary>An option of text, such as a name.</summary>
    public static Dhcpv4OptionFields Of(Dhcpv4OptionCode code, string text) => new(code, Encoding.UTF8.GetBytes(text));

    /// <summary>What an option, or a piece of one, says.</summary>
    public static Dhcpv4OptionFields Read(Dhcpv4Option option) => new(option.Code, option.Data.ToArray());

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        ReadOnlySpan<byte> data = Data.Span;
        for (int i = 0; i < Pieces; i++)
        {
            ReadOnlySpan<byte> piece = data[..Math.Min(data.Length, MaxPiece)];
            (destination[0], destination[1]) = ((byte)Code, (byte)piece.Length);
            piece.CopyTo(destination[HeaderLength..]);
            destination = destination[(HeaderLength + piece.Length)..];
            data = data[piece.Length..];
        }
    }
}
