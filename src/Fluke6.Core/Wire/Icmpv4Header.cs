using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>ICMPv4 message, read and written in place. RFC 792. The checksum covers all of it and no pseudo-header.</summary>
public readonly ref struct Icmpv4Header : ISpanFormattable
{
    /// <summary>Eight octets: type, code, checksum and four that depend on the type.</summary>
    public const int Length = 8;

    private readonly Span<byte> _message;
    private readonly ChecksumField _checksum;

    internal Icmpv4Header(Span<byte> message, ChecksumField checksum)
    {
        _message = message;
        _checksum = checksum;
    }

    private Span<byte> Message => _checksum.Checked(_message);

    /// <summary>What kind of message this is.</summary>
    public Icmpv4Type Type
    {
        get => (Icmpv4Type)Message[0];
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

    /// <summary>Tells one sender's echoes from another's; for echo, timestamp, information and address mask messages.</summary>
    public ushort Identifier
    {
        get => ReadUInt16BigEndian(Message[4..]);
        set => _checksum.Write(Message, 4, value);
    }

    /// <summary>Counts echoes; for the same messages as <see cref="Identifier"/>.</summary>
    public ushort SequenceNumber
    {
        get => ReadUInt16BigEndian(Message[6..]);
        set => _checksum.Write(Message, 6, value);
    }

    /// <summary>The next hop's MTU in octets, in destination unreachable, code 4 (fragmentation needed). RFC 1191 §4.</summary>
    public ushort NextHopMtu
    {
        get => ReadUInt16BigEndian(Message[6..]);
        set => _checksum.Write(Message, 6, value);
    }

    /// <summary>Whether this is an echo request. RFC 792 calls it echo.</summary>
    public bool IsEchoRequest => Type == Icmpv4Type.Echo;

    /// <summary>Whether this is an echo reply.</summary>
    public bool IsEchoReply => Type == Icmpv4Type.EchoReply;

    /// <summary>Whether this reports on another packet. RFC 1122 §3.2.2.</summary>
    public bool IsError => Type is Icmpv4Type.DestinationUnreachable or Icmpv4Type.SourceQuench or Icmpv4Type.Redirect
        or Icmpv4Type.TimeExceeded or Icmpv4Type.ParameterProblem;

    /// <summary>Everything after the checksum.</summary>
    public ReadOnlySpan<byte> Body => Message[4..];

    /// <summary>What follows the eight octets; for echo, what is to be echoed.</summary>
    public ReadOnlySpan<byte> Data => Message[Length..];

    /// <summary>The packet that an error reports on, as much of it as was sent back; empty for other messages.</summary>
    public ReadOnlySpan<byte> InvokingPacket => !IsError ? default : Type switch
    {
        // RFC 4884 §4.1: where there are extensions, this octet counts the packet's 32-bit words.
        Icmpv4Type.DestinationUnreachable or Icmpv4Type.TimeExceeded or Icmpv4Type.ParameterProblem
            => IcmpInvokingPacket.Cut(Data, Message[5] * 4),
        _ => Data,
    };

    /// <summary>The message at the start of <paramref name="octets"/>, which are its whole length; false if fewer than 8.</summary>
    /// <param name="octets">A message, to its end.</param>
    /// <param name="header">A view over the message.</param>
    /// <param name="guard">Who is told of edits.</param>
    public static bool TryRead(Span<byte> octets, out Icmpv4Header header, EditGuard? guard = null)
    {
        header = default;
        if (octets.Length < Length)
            return false;

        header = new Icmpv4Header(octets, new ChecksumField(octets.Slice(2, 2), ChecksumKind.Full, guard));
        return true;
    }

    /// <summary>Overwrites the body from <paramref name="offset"/> on.</summary>
    /// <returns>Refused, and nothing written, if it would reach past the message.</returns>
    public EditResult WriteBody(int offset, ReadOnlySpan<byte> octets) =>
        _checksum.Overwrite(Message, 4, Message.Length - 4, offset, octets);

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
