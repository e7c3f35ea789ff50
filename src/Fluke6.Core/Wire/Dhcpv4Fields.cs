using System.Text;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="Dhcpv4Message"/>. RFC 2131 §2.</summary>
/// <param name="Operation">Whether it comes from a client or from a server.</param>
/// <param name="TransactionId">The reply repeats it.</param>
/// <param name="HardwareAddress">The client's link address, at most 16 octets; six on an Ethernet.</param>
public readonly record struct Dhcpv4Fields(Dhcpv4Operation Operation, uint TransactionId, FieldList<byte> HardwareAddress = default) : IHeaderFields
{
    // RFC 1542 §2.1: of BOOTP no message is shorter.
    private const int MinLength = 300;

    /// <summary>The kind of link: 1 for Ethernet.</summary>
    public byte HardwareType { get; init; } = 1;

    /// <summary>How many relays have handed it on.</summary>
    public byte Hops { get; init; }

    /// <summary>For how many seconds the client has tried.</summary>
    public ushort SecondsElapsed { get; init; }

    /// <summary>The client wants its reply by broadcast.</summary>
    public bool Broadcast { get; init; }

    /// <summary>The address that the client has already.</summary>
    public Ipv4Address ClientAddress { get; init; }

    /// <summary>The address that the server gives.</summary>
    public Ipv4Address YourAddress { get; init; }

    /// <summary>The server to boot from.</summary>
    public Ipv4Address ServerAddress { get; init; }

    /// <summary>The first relay's address.</summary>
    public Ipv4Address RelayAddress { get; init; }

    /// <summary>The server's name, at most 63 characters; null for none.</summary>
    public string? ServerName { get; init; }

    /// <summary>The boot file's name, at most 127 characters; null for none.</summary>
    public string? BootFile { get; init; }

    /// <summary>The options, each code once; the end of the list is written by itself.</summary>
    public FieldList<Dhcpv4OptionFields> Options { get; init; }

    /// <inheritdoc/>
    public int Length
    {
        get
        {
            int length = Dhcpv4Message.MinLength + 1;
            foreach (Dhcpv4OptionFields option in Options)
                length += option.Length;
            return Math.Max(length, MinLength);
        }
    }

    /// <summary>A client's message.</summary>
    /// <param name="type">What it says.</param>
    /// <param name="transactionId">The reply repeats it.</param>
    /// <param name="client">The client's address on its Ethernet.</param>
    /// <param name="options">Options besides the type.</param>
    public static Dhcpv4Fields Request(
        Dhcpv4MessageType type, uint transactionId, MacAddress client, params ReadOnlySpan<Dhcpv4OptionFields> options)
    {
        byte[] address = new byte[MacAddress.Length];
        client.WriteTo(address);
        return new(Dhcpv4Operation.Request, transactionId, address) { Options = [Dhcpv4OptionFields.Of(type), .. options] };
    }

    /// <summary>A server's message, for <c>frame.Answer</c>, which fills in what is repeated from the request.</summary>
    /// <param name="type">What it says.</param>
    /// <param name="address">The address that the client gets; 0.0.0.0 for none.</param>
    /// <param name="options">Options besides the type.</param>
    public static Dhcpv4Fields Reply(Dhcpv4MessageType type, Ipv4Address address, params ReadOnlySpan<Dhcpv4OptionFields> options) =>
        new(Dhcpv4Operation.Reply, 0) { YourAddress = address, Options = [Dhcpv4OptionFields.Of(type), .. options] };

    /// <summary>
    /// What a message says. Options of one code are one (RFC 3396), and those in the fields of file and server name stand among the others:
    /// there is no overload option then. Options from one that cannot be read on are left out.
    /// </summary>
    public static Dhcpv4Fields Read(Dhcpv4Message message)
    {
        var options = new List<Dhcpv4OptionFields>();
        foreach (Dhcpv4Option option in message.Options)
        {
            Dhcpv4OptionCode code = option.Code;
            int first = options.FindIndex(other => other.Code == code);
            if (first >= 0)
                options[first] = new(option.Code, [.. options[first].Data.Span, .. option.Data]);
            else if (option.Code != Dhcpv4OptionCode.Overload)
                options.Add(Dhcpv4OptionFields.Read(option));
        }

        return new(message.Operation, message.TransactionId, message.HardwareAddress.ToArray())
        {
            HardwareType = message.HardwareType,
            Hops = message.Hops,
            SecondsElapsed = message.SecondsElapsed,
            Broadcast = message.Broadcast,
            ClientAddress = message.ClientAddress,
            YourAddress = message.YourAddress,
            ServerAddress = message.ServerAddress,
            RelayAddress = message.RelayAddress,
            ServerName = TextOf(message.ServerName),
            BootFile = TextOf(message.BootFile),
            Options = options.ToArray(),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A name or the link address is too long for its field, or <paramref name="destination"/> too short.</exception>
    public void Write(Span<byte> destination)
    {
        Span<byte> message = destination[..Length];
        message.Clear();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(HardwareAddress.Count, Dhcpv4Message.HardwareAddressMaxLength, nameof(HardwareAddress));
        (message[0], message[1], message[2], message[3]) = ((byte)Operation, HardwareType, (byte)HardwareAddress.Count, Hops);
        WriteUInt32BigEndian(message[4..], TransactionId);
        WriteUInt16BigEndian(message[8..], SecondsElapsed);
        WriteUInt16BigEndian(message[10..], Broadcast ? Dhcpv4Message.BroadcastFlag : (ushort)0);
        ClientAddress.WriteTo(message[12..]);
        YourAddress.WriteTo(message[16..]);
        ServerAddress.WriteTo(message[20..]);
        RelayAddress.WriteTo(message[24..]);
        HardwareAddress.Span.CopyTo(message[Dhcpv4Message.HardwareAddressOffset..]);
        WriteText(message.Slice(Dhcpv4Message.ServerNameOffset, Dhcpv4Message.ServerNameLength), ServerName, nameof(ServerName));
        WriteText(message.Slice(Dhcpv4Message.FileOffset, Dhcpv4Message.FileLength), BootFile, nameof(BootFile));
        WriteUInt32BigEndian(message[Dhcpv4Message.CookieOffset..], Dhcpv4Message.Cookie);
        Span<byte> rest = message[Dhcpv4Message.MinLength..];
        foreach (Dhcpv4OptionFields option in Options)
        {
            option.Write(rest);
            rest = rest[option.Length..];
        }

        rest[0] = (byte)Dhcpv4OptionCode.End;
    }

    private static string? TextOf(ReadOnlySpan<byte> field) => field.IsEmpty ? null : Encoding.Latin1.GetString(field);

    // A zero octet stands after the text.
    private static void WriteText(Span<byte> field, string? text, string name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(text?.Length ?? 0, field.Length, name);
        Encoding.Latin1.GetBytes(text, field);
    }
}
