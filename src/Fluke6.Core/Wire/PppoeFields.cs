using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="PppoeHeader"/>, with the protocol field of PPP. RFC 2516 §4, RFC 1661 §2.</summary>
/// <param name="SessionIdentifier">Which session this is, between two MAC addresses. SESSION_ID.</param>
/// <param name="Protocol">What PPP carries; in a packet, an IP header that follows says it.</param>
public readonly record struct PppoeFields(ushort SessionIdentifier, PppProtocol Protocol = PppProtocol.Ipv4) : ICarriesPackets
{
    /// <inheritdoc/>
    public int Length => PppoeHeader.Length;

    /// <summary>What a header says.</summary>
    public static PppoeFields Read(PppoeHeader header) => new(header.SessionIdentifier, header.Protocol);

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        (destination[0], destination[1]) = (PppoeHeader.VersionAndType, PppoeHeader.SessionData);
        WriteUInt16BigEndian(destination[2..], SessionIdentifier);
        WriteUInt16BigEndian(destination[6..], (ushort)Protocol);
        PppoeHeader.Complete(destination);
    }
}
