using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>ICMPv6 message, read and written in place. RFC 4443 §2.1. The checksum covers all of it and the pseudo-header.</summary>
public readonly ref struct Icmpv6Header : ISpanFormattable
{
    /// <summary>Eight octets: type, code, checksum and four that depend on the type.</summary>
    public const int Length = 8;

    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;

    internal Icmpv6Header(Span<byte> message, ChecksumField checksum)
    {
        _message = message;
        _checksum = checksum;
    }

    /// <summary>What kind of message this is.</summary>
    public Icmpv6Type Type
    {
        get => (Icmpv6Type)Message[0];
        set => _checksum.WriteByte(Message, 0, (byte)value);
    }

    /// <summary>The kind within the type.</summary>
    public byte Code
    {
        get => Message[1];
        set => _checksum.WriteByte(Message, 1, value);
    }

    /// <summary>The checksum field. Setting it makes it right or wrong at will.</summary>
    public ushort Checksum
    {
        get => ReadUInt16BigEndian(Message[2..]);
        set => _checksum.Set(Message, 2, value);
    }

    /// <summary>What the checksum field holds.</summary>
    public ChecksumKind ChecksumKind => _checksum.Kind;

    /// <summary>Tells one sender's echoes from another's. RFC 4443 §4.1.</summary>
    public ushort Identifier
    {
        get => ReadUInt16BigEndian(Message[4..]);
        set => _checksum.Write(Message, 4, value);
    }

    /// <summary>Counts echoes. RFC 4443 §4.1.</summary>
    public ushort SequenceNumber
    {
        get => ReadUInt16BigEndian(Message[6..]);
        set => _checksum.Write(Message, 6, value);
    }

    /// <summary>The next hop's MTU in octets, in packet too big. RFC 4443 §3.2.</summary>
    public uint Mtu
    {
        get => ReadUInt32BigEndian(Message[4..]);
        set => _checksum.Write(Message, 4, value);
    }

    /// <summary>Where in the invoking packet the problem is, in octets, in parameter problem. RFC 4443 §3.4.</summary>
    public uint Pointer
    {
        get => ReadUInt32BigEndian(Message[4..]);
        set => _checksum.Write(Message, 4, value);
    }

    /// <summary>Whether this is an echo request.</summary>
    public bool IsEchoRequest => Type == Icmpv6Type.EchoRequest;

    /// <summary>Whether this is an echo reply.</summary>
    public bool IsEchoReply => Type == Icmpv6Type.EchoReply;

    /// <summary>Whether this reports on another packet: a type below 128. RFC 4443 §2.1.</summary>
    public bool IsError => Message[0] < 128;

    /// <summary>Everything after the checksum. RFC 4443 §2.1 calls it the message body.</summary>
    public ReadOnlySpan<byte> Body => Message[4..];

    /// <summary>What follows the eight octets; for echo, what is to be echoed.</summary>
    public ReadOnlySpan<byte> Data => Message[Length..];

    /// <summary>The packet that an error reports on, as much of it as was sent back; empty for other messages.</summary>
    public ReadOnlySpan<byte> InvokingPacket => !IsError ? default : Type switch
    {
        // RFC 4884 §4.4: where there are extensions, this octet counts the packet's 64-bit words.
        Icmpv6Type.DestinationUnreachable or Icmpv6Type.TimeExceeded => IcmpInvokingPacket.Cut(Data, Message[4] * 8),
        _ => Data,
    };

    /// <summary>The message at the start of <paramref name="octets"/>, which are its whole length; false if fewer than 8.</summary>
    /// <param name="octets">A message, to its end.</param>
    /// <param name="header">A view over the message.</param>
    /// <param name="partialChecksum">Whether the checksum field holds the pseudo-header's sum only.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out Icmpv6Header header, bool partialChecksum = false, EditGuard? guard = null)
    {
        header = default;
        if (octets.Length < Length)
            return false;

        header = new Icmpv6Header(octets, ChecksumOf(octets, partialChecksum, guard));
        return true;
    }

    /// <summary>Overwrites the body from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the message.</returns>
    public EditResult WriteBody(int offset, ReadOnlySpan<byte> octets) =>
        _checksum.Overwrite(Message, 4, Message.Length - 4, offset, octets);

    /// <summary>The checksum of the message at <paramref name="octets"/>.</summary>
    internal static ChecksumField ChecksumOf(Span<byte> octets, bool partial, EditGuard? guard) =>
        new(octets.Slice(2, 2), partial ? ChecksumKind.Partial : ChecksumKind.Full, guard);

    /// <summary>
    /// Whether these octets are a neighbor discovery message of this type, as far as length and code tell. RFC 4861 §6.1, §7.1, §8.1.
    /// </summary>
    internal static bool IsNeighborDiscovery(ReadOnlySpan<byte> octets, Icmpv6Type type, int minLength) =>
        octets.Length >= minLength && octets[0] == (byte)type && octets[1] == 0;

    /// <summary>The whole message.</summary>
    internal Span<byte> Message => _checksum.Checked(_message);

    /// <summary>In one line, as tcpdump would print it.</summary>
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
