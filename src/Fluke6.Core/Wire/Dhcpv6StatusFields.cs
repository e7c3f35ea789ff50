using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Dhcpv6Status"/>. RFC 8415 §21.13.</summary>
/// <param name="Code">How it went.</param>
/// <param name="Message">What to tell people; may be empty.</param>
public readonly record struct Dhcpv6StatusFields(Dhcpv6StatusCode Code, string Message = "")
{
    /// <summary>The option that it is.</summary>
    public static implicit operator Dhcpv6OptionFields(Dhcpv6StatusFields fields)
    {
        byte[] data = new byte[sizeof(ushort) + Encoding.UTF8.GetByteCount(fields.Message)];
        WriteUInt16BigEndian(data, (ushort)fields.Code);
        Encoding.UTF8.GetBytes(fields.Message, data.AsSpan(sizeof(ushort)));
        return new(Dhcpv6OptionCode.StatusCode, data);
    }

    /// <summary>What an option says.</summary>
    public static Dhcpv6StatusFields Read(Dhcpv6Status status) => new(status.Code, Encoding.UTF8.GetString(status.Message));
}
