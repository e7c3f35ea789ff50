using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The first eight octets of an <see cref="Icmpv4Header"/>; its data follows them. RFC 792.</summary>
/// <param name="Type">What kind of message this is.</param>
/// <param name="Code">The kind within the type.</param>
/// <param name="Rest">The four octets after the checksum, which each type uses in its own way.</param>
public readonly record struct Icmpv4Fields(Icmpv4Type Type, byte Code = 0, uint Rest = 0) : IHeaderFields
{
    /// <inheritdoc/>
    public int Length => Icmpv4Header.Length;

    /// <summary>An echo request; what follows is to be echoed.</summary>
    public static Icmpv4Fields EchoRequest(ushort identifier, ushort sequenceNumber) =>
        new(Icmpv4Type.Echo, 0, ((uint)identifier << 16) | sequenceNumber);

    /// <summary>An echo reply; the echo follows.</summary>
    public static Icmpv4Fields EchoReply(ushort identifier, ushort sequenceNumber) =>
        new(Icmpv4Type.EchoReply, 0, ((uint)identifier << 16) | sequenceNumber);

    /// <summary>A packet cannot be delivered; it follows, or its beginning.</summary>
    /// <param name="code">Why: 0 network, 1 host, 2 protocol, 3 port, 4 fragmentation needed, 13 prohibited.</param>
    /// <param name="nextHopMtu">With code 4, the next hop's MTU in octets. RFC 1191 §4.</param>
    public static Icmpv4Fields DestinationUnreachable(byte code, ushort nextHopMtu = 0) => new(Icmpv4Type.DestinationUnreachable, code, nextHopMtu);

    /// <summary>A packet has come too far (code 0) or not whole in time (1); it follows, or its beginning.</summary>
    public static Icmpv4Fields TimeExceeded(byte code = 0) => new(Icmpv4Type.TimeExceeded, code);

    /// <summary>A packet's header is wrong; it follows, or its beginning.</summary>
    /// <param name="pointer">Where in the packet, in octets.</param>
    /// <param name="code">0: the pointer says where. IANA "ICMP Type Numbers".</param>
    public static Icmpv4Fields ParameterProblem(byte pointer, byte code = 0) => new(Icmpv4Type.ParameterProblem, code, (uint)pointer << 24);

    /// <summary>What a message says.</summary>
    public static Icmpv4Fields Read(Icmpv4Header header) => new(header.Type, header.Code, ReadUInt32BigEndian(header.Body));

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        (destination[0], destination[1]) = ((byte)Type, Code);
        WriteUInt32BigEndian(destination[4..], Rest);
        Complete(destination);
    }

    /// <summary>Writes the checksum.</summary>
    /// <param name="message">The message, to its end.</param>
    internal static void Complete(Span<byte> message)
    {
        WriteUInt16BigEndian(message[2..], 0);
        WriteUInt16BigEndian(message[2..], InternetChecksum.Compute(message));
    }
}
