using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>A header before the payload that differs from piece to piece once a super-segment is cut up.</summary>
internal enum PathHeaderKind : byte
{
    /// <summary>Length, identification and header checksum.</summary>
    Ipv4,

    /// <summary>Payload length.</summary>
    Ipv6,

    /// <summary>Length and checksum. The IP header before it is the one before it on the path.</summary>
    Udp,

    /// <summary>Checksum and sequence number, where it has them.</summary>
    Gre,

    /// <summary>Length. RFC 2516 §4.</summary>
    Pppoe,

    /// <summary>Length. 3GPP TS 29.281 §5.1.</summary>
    Gtp,
}

/// <summary>A header on the way to a transport.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Offset">Where it begins.</param>
/// <param name="Destination">
/// Of an IPv6 header, where the address is that pseudo-headers hold: not its own if the packet is source routed.
/// </param>
/// <param name="Jumbo">
/// Of an IPv6 header, where the hop-by-hop options begin whose first option is the jumbo payload length (RFC 2675 §2); 0 if there is none.
/// </param>
internal readonly record struct PathHeader(PathHeaderKind Kind, int Offset, int Destination = 0, int Jumbo = 0)
{
    /// <summary>The same header after so many octets before it were taken out.</summary>
    public PathHeader MovedUp(int octets) => this with { Offset = Offset - octets, Destination = Destination - octets };

    /// <summary>Where the packet ends that this IP header begins.</summary>
    /// <param name="octets">The frame.</param>
    /// <param name="frameEnd">Where the frame ends.</param>
    /// <returns>
    /// The frame's end if the header says 0: Linux's BIG TCP does, IPv6 with or without a jumbo payload option, since its length would not
    /// fit.
    /// </returns>
    public int PacketEnd(ReadOnlySpan<byte> octets, int frameEnd)
    {
        (int field, int notCounted) = Kind == PathHeaderKind.Ipv4 ? (2, 0) : (4, Ipv6Header.Length);
        int length = ReadUInt16BigEndian(octets[(Offset + field)..]);
        return length == 0 ? frameEnd : Offset + notCounted + length;
    }
}
