namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Dhcpv6Message"/> that a relay sends or gets. RFC 8415 §9.</summary>
/// <param name="MessageType">Forward or reply.</param>
/// <param name="LinkAddress">An address of the client's link.</param>
/// <param name="PeerAddress">Whom the relay has the message from.</param>
public readonly record struct Dhcpv6RelayFields(Dhcpv6MessageType MessageType, Ipv6Address LinkAddress, Ipv6Address PeerAddress) : IHeaderFields
{
    /// <summary>How many relays have handed the message on before.</summary>
    public byte HopCount { get; init; }

    /// <summary>The options; the message that is handed on is one: <see cref="Carrying"/>.</summary>
    public FieldList<Dhcpv6OptionFields> Options { get; init; }

    /// <inheritdoc/>
    public int Length => Dhcpv6Message.RelayHeaderLength + Dhcpv6OptionFields.LengthOf(Options);

    /// <summary>A message as the option in which a relay hands it on. RFC 8415 §21.10.</summary>
    public static Dhcpv6OptionFields Carrying<T>(in T message)
        where T : IHeaderFields
    {
        byte[] octets = new byte[message.Length];
        message.Write(octets);
        return new(Dhcpv6OptionCode.RelayMessage, octets);
    }

    /// <summary>What a message says; options from one that cannot be read on are left out.</summary>
    public static Dhcpv6RelayFields Read(Dhcpv6Message message) => new(message.MessageType, message.LinkAddress, message.PeerAddress)
    {
        HopCount = message.HopCount,
        Options = Dhcpv6OptionFields.Read(message.Options),
    };

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        (destination[0], destination[1]) = ((byte)MessageType, HopCount);
        LinkAddress.WriteTo(destination[2..]);
        PeerAddress.WriteTo(destination[18..]);
        Dhcpv6OptionFields.Write(destination[Dhcpv6Message.RelayHeaderLength..], Options);
    }
}
