namespace Fluke6.Wire;

/// <summary>A DHCP message for IPv6 in a UDP datagram, or one that a relay hands on, read and written in place. RFC 8415 §8, §9.</summary>
/// <remarks>Options are walked when asked for, and a walk ends where they are malformed. Setters keep the UDP checksum as right as it was.</remarks>
public readonly ref struct Dhcpv6Message : ISpanFormattable
{
    /// <summary>Message type and transaction identifier.</summary>
    public const int HeaderLength = 4;

    /// <summary>Message type, hop count, and two addresses: a relay's message.</summary>
    public const int RelayHeaderLength = 34;

    /// <summary>The UDP port of servers and relays. RFC 8415 §7.2.</summary>
    public const ushort ServerPort = 547;

    /// <summary>The UDP port of clients. RFC 8415 §7.2.</summary>
    public const ushort ClientPort = 546;

    private readonly PayloadPart _message;

    private Dhcpv6Message(PayloadPart message) => _message = message;

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Octets => _message.Octets;

    /// <summary>
    /// What the message says. Setting it does nothing where a relay's message would become a client's or a server's, or the other way
    /// round.
    /// </summary>
    public Dhcpv6MessageType MessageType
    {
        get => (Dhcpv6MessageType)_message.Byte(0);
        set
        {
            if (IsOfRelay(value) == IsRelay)
                _message.Set(0, (byte)value);
        }
    }

    /// <summary>Whether a relay sent it, or gets it: the message that it hands on is inside (<see cref="TryGetRelayed"/>).</summary>
    public bool IsRelay => IsOfRelay(MessageType);

    /// <summary>The answer repeats it, 24 bits; 0 of a relay's message, which has none. Setting none does nothing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to more than 16,777,215.</exception>
    public uint TransactionId
    {
        get => IsRelay ? 0 : _message.UInt32(0) & 0xFF_FFFF;
        set
        {
            uint identifier = FieldRange.Of(value, 24);
            if (!IsRelay)
                _message.Write(1, [(byte)(identifier >> 16), (byte)(identifier >> 8), (byte)identifier]);
        }
    }

    /// <summary>How many relays have handed it on before; 0 of a message that is no relay's. Setting none does nothing.</summary>
    public byte HopCount
    {
        get => IsRelay ? _message.Byte(1) : (byte)0;
        set
        {
            if (IsRelay)
                _message.Set(1, value);
        }
    }

    /// <summary>An address of the client's link; :: of a message that is no relay's. Setting none does nothing.</summary>
    public Ipv6Address LinkAddress
    {
        get => IsRelay ? _message.Ipv6(2) : Ipv6Address.Unspecified;
        set
        {
            if (IsRelay)
                _message.Set(2, value);
        }
    }

    /// <summary>Whom the relay has it from; :: of a message that is no relay's. Setting none does nothing.</summary>
    public Ipv6Address PeerAddress
    {
        get => IsRelay ? _message.Ipv6(18) : Ipv6Address.Unspecified;
        set
        {
            if (IsRelay)
                _message.Set(18, value);
        }
    }

    /// <summary>The options. RFC 8415 §21.</summary>
    public Dhcpv6Options Options => new(_message.Slice(IsRelay ? RelayHeaderLength : HeaderLength));

    /// <summary>Whether an option reaches past the message, so that what follows it cannot be told.</summary>
    public bool IsMalformed => Options.IsMalformed;

    /// <summary>The message that is all of a datagram's data; false if that is shorter than its header.</summary>
    /// <param name="octets">The datagram's data.</param>
    /// <param name="message">A view over it.</param>
    /// <param name="checksum">The UDP checksum, which covers it from an even offset on.</param>
    public static bool TryRead(Span<byte> octets, out Dhcpv6Message message, ChecksumField checksum = default) =>
        TryRead(new PayloadPart(octets, 0, octets.Length, checksum), out message);

    /// <summary>The message that a relay hands on, which may be another relay's; false if this is no relay's, or holds none.</summary>
    public bool TryGetRelayed(out Dhcpv6Message message)
    {
        // Assigned last: it may be the variable that this view stands in.
        Dhcpv6Message relayed = default;
        bool found = IsRelay && Options.TryGet(Dhcpv6OptionCode.RelayMessage, out Dhcpv6Option option) && option.TryGetMessage(out relayed);
        message = relayed;
        return found;
    }

    internal static bool TryRead(PayloadPart octets, out Dhcpv6Message message)
    {
        bool isOne = octets.Octets.Length >= HeaderLength
            && (!IsOfRelay((Dhcpv6MessageType)octets.Byte(0)) || octets.Octets.Length >= RelayHeaderLength);
        message = isOne ? new Dhcpv6Message(octets) : default;
        return isOne;
    }

    private static bool IsOfRelay(Dhcpv6MessageType type) => type is Dhcpv6MessageType.RelayForward or Dhcpv6MessageType.RelayReply;

    /// <summary>In one line, as a log tells of it.</summary>
    public override string ToString() => HeaderText.Of(this);

    /// <inheritdoc cref="ToString()"/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <inheritdoc/>
    public bool TryFormat(Span<char> destination, out int charsWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        var line = new LineWriter(destination);
        HeaderText.Write(ref line, this);
        charsWritten = line.Length;
        return line.Complete;
    }
}
