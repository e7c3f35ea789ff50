using Fluke6.Frames;

namespace Fluke6.Tests.Frames;

/// <summary>Frames over buffers of their own.</summary>
internal static class Sample
{
    public static FrameBuffer Buffer(byte[] octets, LinkType linkType = LinkType.Ethernet)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, linkType, Side.Left);
        return buffer;
    }

    /// <summary>Makes the transport checksum one that is left to the network card.</summary>
    public static void MakePartial(FrameBuffer buffer)
    {
        int start = buffer.Layers.TransportOffset;
        (int field, _) = NaiveSum.Recompute(buffer.Octets);
        ushort sum = NaiveSum.PseudoHeaderSum(buffer.Octets);
        buffer.Octets[field] = (byte)(sum >> 8);
        buffer.Octets[field + 1] = (byte)sum;
        buffer.Offload.SetPartialChecksum(start, field - start);
    }
}
