using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The fields of a <see cref="UdpHeader"/>. RFC 768.</summary>
/// <param name="SourcePort">The source port.</param>
/// <param name="DestinationPort">The destination port.</param>
public readonly record struct UdpFields(ushort SourcePort, ushort DestinationPort) : ICarriesLabels
{
    /// <inheritdoc/>
    public int Length => UdpHeader.Length;

    /// <summary>What a header says.</summary>
    public static UdpFields Read(UdpHeader header) => new(header.SourcePort, header.DestinationPort);

    /// <inheritdoc/>
    public void Write(Span<byte> destination)
    {
        WriteUInt16BigEndian(destination, SourcePort);
        WriteUInt16BigEndian(destination[2..], DestinationPort);
        WriteUInt16BigEndian(destination[6..], 0);
        Complete(destination);
    }

    /// <summary>Writes the length.</summary>
    /// <param name="datagram">The datagram, from its header to its end.</param>
    internal static void Complete(Span<byte> datagram) => WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
}
