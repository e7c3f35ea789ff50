using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Dhcpv6Message"/> of a client or a server. RFC 8415 §8.</summary>
/// <param name="MessageType">What the message says; no relay's.</param>
/// <param name="TransactionId">The answer repeats it, 24 bits.</param>
public readonly record struct Dhcpv6Fields(Dhcpv6MessageType MessageType, uint TransactionId = 0) : IHeaderFields
{
    /// <summary>The options.</summary>
    public FieldList<Dhcpv6OptionFields> Options { get; init; }

    /// <inheritdoc/>
    public int Length => Dhcpv6Message.HeaderLength + Dhcpv6OptionFields.LengthOf(Options);

    /// <summary>What a message says; options from one that cannot be read on are left out.</summary>
    public static Dhcpv6Fields Read(Dhcpv6Message message) =>
        new(message.MessageType, message.TransactionId) { Options = Dhcpv6OptionFields.Read(message.Options) };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        WriteUInt32BigEndian(destination, ((uint)MessageType << 24) | FieldRange.Of(TransactionId, 24, nameof(TransactionId)));
        Dhcpv6OptionFields.Write(destination[Dhcpv6Message.HeaderLength..], Options);
    }
}
