using Fluke6.Wire;

namespace Fluke6.Frames;

// The questions that all edits which change a length have in common.
public ref partial struct Frame
{
    /// <summary>
    /// Whether no edit may change a length: the lengths and checksums of a fragment, and of a packet that an ICMP error quotes, cover octets
    /// that travel elsewhere, and around a frame that a rule found by itself may stand a length that nobody knows.
    /// </summary>
    private readonly bool HasFixedLength => Layers.IsFragment || _buffer.HasFixedLength;

    /// <summary>Whether the transport header may become this much longer, or shorter, in octets.</summary>
    private readonly bool HeadersMayGrow(int growth)
    {
        ref readonly Layers layers = ref Layers;
        // A checksum of the whole datagram knows its length; a fragment does not.
        if (HasFixedLength)
            return false;
        if (growth <= 0)
            return true;

        int packet = layers.NetworkEnd - layers.NetworkOffset + growth;
        int onTheWire = packet;
        if (SegmentSize > 0)
            onTheWire = Math.Min(packet, _buffer.SegmentHeaderLength - layers.NetworkOffset + growth + SegmentSize);
        return packet <= FrameRegion.MaxPacketLength && onTheWire <= Mtu && _buffer.HasHeadroom(growth);
    }
}
