using Fluke6.Frames;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Packets;

/// <summary>Frames in buffers of their own, as a port leaves them.</summary>
internal static class Arrived
{
    public static FrameBuffer Buffer(byte[] octets, LinkType linkType = LinkType.Ethernet, Side from = Side.Left, FrameUndo? undo = null)
    {
        var buffer = new FrameBuffer(undo ?? new FrameUndo());
        buffer.Load(octets, linkType, from);
        return buffer;
    }

    /// <summary>Makes the transport checksum one that is left to the network card.</summary>
    public static void LeaveChecksum(FrameBuffer buffer)
    {
        int start = buffer.Layers.TransportOffset;
        (int field, _) = NaiveSum.Recompute(buffer.Octets);
        WriteUInt16BigEndian(buffer.Octets[field..], NaiveSum.PseudoHeaderSum(buffer.Octets));
        buffer.Offload.SetPartialChecksum(start, field - start);
    }
}
