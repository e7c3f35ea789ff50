namespace Fluke6.Wire;

/// <summary>A DHCP message for IPv4 in a UDP datagram, read and written in place. RFC 2131 §2.</summary>
/// <remarks>
/// The fields of fixed places are sure to be there; options are walked when asked for, and a walk ends where they are malformed. Setters keep the
/// UDP checksum as right as it was.
/// </remarks>
public readonly ref struct Dhcpv4Message : ISpanFormattable
{
    /// <summary>The fields of BOOTP and the magic cookie before the options.</summary>
    public const int MinLength = 240;

    /// <summary>The UDP port of servers and relays. RFC 2131 §4.1.</summary>
    public const ushort ServerPort = 67;

    /// <summary>The UDP port of clients. RFC 2131 §4.1.</summary>
    public const ushort ClientPort = 68;

    internal const int HardwareAddressOffset = 28, HardwareAddressMaxLength = 16;
    internal const int ServerNameOffset = 44, ServerNameLength = 64, FileOffset = 108, FileLength = 128, CookieOffset = 236;
    internal const uint Cookie = 0x63825363;
    internal const ushort BroadcastFlag = 0x8000;

    private readonly PayloadPart _message;

    private Dhcpv4Message(PayloadPart message) => _message = message;

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Octets => _message.Octets;

    /// <summary>Whether it comes from a client or from a server. op.</summary>
    public Dhcpv4Operation Operation { get => (Dhcpv4Operation)_message.Byte(0); set => _message.Set(0, (byte)value); }

    /// <summary>The kind of link: 1 for Ethernet. htype.</summary>
    public byte HardwareType { get => _message.Byte(1); set => _message.Set(1, value); }

    /// <summary>How many relays have handed it on. hops.</summary>
    public byte Hops { get => _message.Byte(3); set => _message.Set(3, value); }

    /// <summary>The reply repeats it. xid.</summary>
    public uint TransactionId { get => _message.UInt32(4); set => _message.Set(4, value); }

    /// <summary>For how many seconds the client has tried. secs.</summary>
    public ushort SecondsElapsed { get => _message.UInt16(8); set => _message.Set(8, value); }

    /// <summary>The client wants its reply by broadcast, for it cannot take another yet. RFC 2131 §4.1.</summary>
    public bool Broadcast
    {
        get => (_message.UInt16(10) & BroadcastFlag) != 0;
        set => _message.Set(10, (ushort)(value ? _message.UInt16(10) | BroadcastFlag : _message.UInt16(10) & ~BroadcastFlag));
    }

    /// <summary>The address that the client has already; else 0.0.0.0. ciaddr.</summary>
    public Ipv4Address ClientAddress { get => _message.Ipv4(12); set => _message.Set(12, value.Value); }

    /// <summary>The address that the server gives. yiaddr.</summary>
    public Ipv4Address YourAddress { get => _message.Ipv4(16); set => _message.Set(16, value.Value); }

    /// <summary>The server to boot from. siaddr.</summary>
    public Ipv4Address ServerAddress { get => _message.Ipv4(20); set => _message.Set(20, value.Value); }

    /// <summary>The first relay's address, on the client's side; 0.0.0.0 without one. giaddr.</summary>
    public Ipv4Address RelayAddress { get => _message.Ipv4(24); set => _message.Set(24, value.Value); }

    /// <summary>The client's address on an Ethernet: the first six octets of chaddr.</summary>
    public MacAddress ClientHardwareAddress
    {
        get => MacAddress.Read(Octets[HardwareAddressOffset..]);
        set
        {
            Span<byte> octets = stackalloc byte[MacAddress.Length];
            value.WriteTo(octets);
            _message.Write(HardwareAddressOffset, octets);
        }
    }

    /// <summary>The client's link address, up to 16 octets: as many of chaddr as hlen says.</summary>
    public ReadOnlySpan<byte> HardwareAddress => Octets.Slice(HardwareAddressOffset, Math.Min(_message.Byte(2), (byte)HardwareAddressMaxLength));

    /// <summary>The server's name up to a zero octet; empty where the field holds options. sname.</summary>
    public ReadOnlySpan<byte> ServerName => (Overload & 2) != 0 ? default : UpToZero(Octets.Slice(ServerNameOffset, ServerNameLength));

    /// <summary>The boot file's name up to a zero octet; empty where the field holds options. file.</summary>
    public ReadOnlySpan<byte> BootFile => (Overload & 1) != 0 ? default : UpToZero(Octets.Slice(FileOffset, FileLength));

    /// <summary>
    /// What the message says; <see cref="Dhcpv4MessageType.None"/> of BOOTP. Setting it does nothing where there is no such option.
    /// </summary>
    public Dhcpv4MessageType MessageType
    {
        get => Options.TryGet(Dhcpv4OptionCode.MessageType, out Dhcpv4Option option) ? (Dhcpv4MessageType)option.Byte : Dhcpv4MessageType.None;
        set
        {
            if (Options.TryGet(Dhcpv4OptionCode.MessageType, out Dhcpv4Option option))
                option.Byte = (byte)value;
        }
    }

    /// <summary>The options, those in the fields of file and server name included. RFC 2132.</summary>
    public Dhcpv4Options Options => new(_message.Slice(0));

    /// <summary>Whether an option reaches past its field, so that what follows it cannot be told.</summary>
    public bool IsMalformed => Options.IsMalformed;

    /// <summary>The message that is all of a datagram's data; false if that is shorter than the fixed fields, or has another magic cookie.</summary>
    /// <param name="octets">The datagram's data.</param>
    /// <param name="message">A view over it.</param>
    /// <param name="checksum">The UDP checksum, which covers it from an even offset on.</param>
    public static bool TryRead(Span<byte> octets, out Dhcpv4Message message, ChecksumField checksum = default)
    {
        var part = new PayloadPart(octets, 0, octets.Length, checksum);
        bool isOne = octets.Length >= MinLength && part.UInt32(CookieOffset) == Cookie;
        message = isOne ? new Dhcpv4Message(part) : default;
        return isOne;
    }

    private int Overload => Options.TryGet(Dhcpv4OptionCode.Overload, out Dhcpv4Option option) ? option.Byte : 0;

    private static ReadOnlySpan<byte> UpToZero(ReadOnlySpan<byte> field) => field.IndexOf((byte)0) is >= 0 and var end ? field[..end] : field;

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
