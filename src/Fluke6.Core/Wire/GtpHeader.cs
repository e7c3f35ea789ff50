using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Wire;

/// <summary>The header of GTP-U, of which only the length is ever changed here. 3GPP TS 29.281 §5.1.</summary>
internal static class GtpHeader
{
    private const int MinLength = 8;

    /// <summary>Writes the length that follows from where the tunnel's packet ends.</summary>
    /// <param name="packet">From the header to the end.</param>
    public static void Complete(Span<byte> packet) => WriteUInt16BigEndian(packet[2..], (ushort)(packet.Length - MinLength));
}
