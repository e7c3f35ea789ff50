using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The first eight octets of an <see cref="Icmpv6Header"/>; its data follows them. RFC 4443 §2.1.</summary>
/// <param name="Type">What kind of message this is.</param>
/// <param name="Code">The kind within the type.</param>
/// <param name="Rest">The four octets after the checksum, which each type uses in its own way.</param>
public readonly record struct Icmpv6Fields(Icmpv6Type Type, byte Code = 0, uint Rest = 0) : IHeaderFields
{
    /// <inheritdoc/>
    public int Length => Icmpv6Header.Length;

    /// <summary>An echo request; what follows is to be echoed. RFC 4443 §4.1.</summary>
    public static Icmpv6Fields EchoRequest(ushort identifier, ushort sequenceNumber) =>
        new(Icmpv6Type.EchoRequest, 0, ((uint)identifier << 16) | sequenceNumber);

    /// <summary>An echo reply; the echo follows. RFC 4443 §4.2.</summary>
    public static Icmpv6Fields EchoReply(ushort identifier, ushort sequenceNumber) =>
        new(Icmpv6Type.EchoReply, 0, ((uint)identifier << 16) | sequenceNumber);

    /// <summary>A packet cannot be delivered; it follows, or its beginning. RFC 4443 §3.1.</summary>
    /// <param name="code">Why: 0 no route, 1 prohibited, 3 address, 4 port, 5 source address, 6 rejected route.</param>
    public static Icmpv6Fields DestinationUnreachable(byte code) => new(Icmpv6Type.DestinationUnreachable, code);

    /// <summary>A packet is longer than the next hop's MTU; it follows, or its beginning. RFC 4443 §3.2.</summary>
    /// <param name="mtu">That MTU, in octets.</param>
    public static Icmpv6Fields PacketTooBig(uint mtu) => new(Icmpv6Type.PacketTooBig, 0, mtu);

    /// <summary>A packet has come too far (code 0) or not whole in time (1); it follows, or its beginning. RFC 4443 §3.3.</summary>
    public static Icmpv6Fields TimeExceeded(byte code = 0) => new(Icmpv6Type.TimeExceeded, code);

    /// <summary>A packet's header is wrong; it follows, or its beginning. RFC 4443 §3.4.</summary>
    /// <param name="code">How: 0 a field, 1 the next header, 2 an option.</param>
    /// <param name="pointer">Where in the packet, in octets.</param>
    public static Icmpv6Fields ParameterProblem(byte code, uint pointer) => new(Icmpv6Type.ParameterProblem, code, pointer);

    /// <summary>What a message says.</summary>
    public static Icmpv6Fields Read(Icmpv6Header header) => new(header.Type, header.Code, ReadUInt32BigEndian(header.Body));

    /// <inheritdoc/>
    public void Write(Span<byte> destination) => Write(destination, Type, Code, Rest);

    /// <summary>Writes what all messages begin with.</summary>
    internal static void Write(Span<byte> destination, Icmpv6Type type, byte code = 0, uint rest = 0)
    {
        (destination[0], destination[1]) = ((byte)type, code);
        WriteUInt16BigEndian(destination[2..], 0);
        WriteUInt32BigEndian(destination[4..], rest);
    }
}
