using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Impairments;

/// <summary>Changes bits of packets. One direction's.</summary>
/// <param name="probability">Of a packet, to have one bit changed.</param>
/// <param name="bitErrorRate">Of a bit, to be changed.</param>
/// <param name="rightChecksum">Whether the transport's checksum is right afterwards; then only what TCP, UDP and ICMP carry is
/// changed.</param>
internal sealed class Corruption(double probability, double bitErrorRate, bool rightChecksum)
{
    /// <summary>Whether a packet is hit.</summary>
    /// <param name="bits">How many bits it has.</param>
    /// <param name="draw">Its random numbers; afterwards those for <see cref="Apply"/>.</param>
    /// <param name="first">The first bit that is hit.</param>
    public bool Hits(double bits, ref Draw draw, out double first)
    {
        double number = draw.NextDouble();
        if (probability > 0)
        {
            first = draw.NextDouble() * bits;
            return number < probability;
        }

        // How many bits pass before the first that is hit is distributed geometrically.
        first = bitErrorRate >= 1 ? 0 : Math.Floor(Math.Log(1 - number) / Math.Log(1 - bitErrorRate));
        return first < bits;
    }

    /// <summary>Changes a packet that is hit.</summary>
    /// <param name="frame">An ordinary frame.</param>
    /// <param name="bits">How many bits it has on the wire.</param>
    /// <param name="first">The first bit that is hit.</param>
    /// <param name="draw">Its random numbers.</param>
    /// <returns>How many bits were changed; 0 where there is nothing that may be.</returns>
    public int Apply(FrameBuffer frame, double bits, double first, ref Draw draw)
    {
        (int start, int end) = Region(frame);
        if (start >= end)
            return 0;

        if (!rightChecksum)
        {
            frame.BeforeWholeEdit();
            // The sum that is left to complete would be right again.
            PartialChecksum.Complete(frame);
        }

        int changed = 0;
        // Hits of headers that are left alone hit the rest instead.
        double scale = (end - start) * 8.0 / bits;
        for (double bit = first; bit < bits; bit += 1 + draw.NextGeometric(bitErrorRate))
        {
            changed += Flip(frame, start, (int)(bit * scale));
            if (probability > 0)
                break;
        }

        if (changed > 0 && !rightChecksum)
        {
            frame.OctetsMoved(growth: 0);
            frame.Corrupted = true;
        }

        return changed;
    }

    private (int Start, int End) Region(FrameBuffer frame)
    {
        ref readonly Layers layers = ref frame.Layers;
        if (rightChecksum)
            return layers.HasTransport ? (layers.PayloadOffset, layers.PayloadEnd) : (0, 0);

        // Only bits after the addresses: the packet still arrives where it is to be found wrong.
        return layers.HasTransport ? (layers.TransportOffset, layers.PayloadEnd) : (layers.NetworkOffset, frame.Length);
    }

    private int Flip(FrameBuffer buffer, int start, int bit)
    {
        ref byte octet = ref buffer.Octets[start + (bit / 8)];
        byte value = (byte)(octet ^ (1 << (bit % 8)));
        if (rightChecksum)
            return new Frame(buffer).WritePayload(bit / 8, [value]) == EditResult.Changed ? 1 : 0;

        octet = value;
        return 1;
    }
}
