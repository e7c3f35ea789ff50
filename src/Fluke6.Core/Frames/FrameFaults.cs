using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>Looks for what is wrong with a frame's lengths and checksums, anew from all its octets. Not for the frame path.</summary>
internal static class FrameFaults
{
    /// <summary>What is wrong, a sentence each; empty if nothing is, or nothing is understood.</summary>
    /// <param name="octets">A whole frame, whose checksums are complete.</param>
    /// <param name="linkType">What it begins with.</param>
    public static IReadOnlyList<string> Of(ReadOnlySpan<byte> octets, LinkType linkType)
    {
        var faults = new List<string>();
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, linkType, Side.Left);
        Layers layers = buffer.Layers;
        if (!layers.AreUnderstood && layers.StoppedAt is not LayerStop.UnknownEtherType)
            faults.Add($"its headers contradict each other or its length ({layers.StoppedAt})");
        if (layers.Network == EtherType.Ipv4)
        {
            ReadOnlySpan<byte> header = octets.Slice(layers.NetworkOffset, (octets[layers.NetworkOffset] & 0xF) * 4);
            if (InternetChecksum.Compute(header) != 0)
                faults.Add("its IPv4 header checksum is wrong");
        }

        var frame = new Frame(buffer);
        if (layers.HasTransport && !layers.IsFragment && !IsUnsummed(octets, layers) && !TransportChecksum.IsRight(in frame))
            faults.Add($"its {layers.Transport} checksum is wrong");
        return faults;
    }

    /// <summary>Makes the checksums of a frame right, of which nothing else need be: for tests that send any bytes.</summary>
    /// <inheritdoc cref="Of"/>
    public static void MendChecksums(Span<byte> octets, LinkType linkType)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, linkType, Side.Left);
        Layers layers = buffer.Layers;
        if (!layers.AreUnderstood || !layers.HasTransport || layers.IsFragment)
            return;

        Span<byte> packet = octets[layers.NetworkOffset..layers.PayloadEnd];
        int start = layers.TransportOffset - layers.NetworkOffset;
        if (layers.Network == EtherType.Ipv4)
            Ipv4Fields.WriteChecksum(packet[..start]);
        if (layers.Transport is not (IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Icmpv4 or IpProtocol.Icmpv6)
            || UpperLayerChecksum.OffsetOf(layers.Transport) + sizeof(ushort) > packet.Length - start)
            return;

        if (layers.Transport == IpProtocol.Icmpv4)
            Icmpv4Fields.Complete(packet[start..]);
        else
            UpperLayerChecksum.Write(packet, start, layers.Transport);
    }

    // RFC 768: none was computed.
    private static bool IsUnsummed(ReadOnlySpan<byte> octets, in Layers layers) => layers is { Transport: IpProtocol.Udp, Network: EtherType.Ipv4 }
        && ReadUInt16BigEndian(octets[(layers.TransportOffset + 6)..]) == 0;
}
