using System.Runtime.CompilerServices;
using Fluke6.Frames;
using Fluke6.Wire;
using PacketDotNet;
using Packet = PacketDotNet.Packet;

namespace Fluke6.Scripting;

/// <summary>
/// Remembers the octets that a packet object was made of. PacketDotNet does not write every packet as it read it: neighbour discovery
/// messages grow, lengths and checksums that were wrong are mended, what follows the packet is cut off. So only the difference that the rule
/// made is taken from it, and the rest from here.
/// </summary>
internal static class PacketOrigin
{
    // A packet lives as long as the rule keeps it, and this with it.
    private static readonly ConditionalWeakTable<Packet, Origin> s_origins = [];

    public static void Remember(Packet packet, byte[] octets, LinkType linkType) => s_origins.Add(packet, new Origin(octets, linkType));

    /// <summary>
    /// The packet's octets: those it was made of, with what was changed in it; of a packet that was not made of a frame, all as it writes them.
    /// </summary>
    /// <returns>Null if PacketDotNet would write what was changed into octets that it writes differently anyway.</returns>
    public static byte[]? Octets(Packet packet)
    {
        byte[] edited = packet.Bytes;
        if (!s_origins.TryGetValue(packet, out Origin? origin))
            return edited;

        return origin.Unedited() is { } unedited ? Splice(origin, unedited, edited) : null;
    }

    private static byte[]? Splice(Origin origin, byte[] unedited, byte[] edited)
    {
        byte[] octets = origin.Octets;
        if (edited.AsSpan().SequenceEqual(unedited))
            return octets;
        if (octets.AsSpan().StartsWith(unedited))
            return [.. edited, .. octets.AsSpan(unedited.Length)];
        if (edited.Length != unedited.Length)
            return null;

        int end = AlignedEnd(origin, unedited);
        byte[] spliced = octets.ToArray();
        // Lengths and checksums are words: one is taken whole, or not at all.
        for (int word = 0; word < edited.Length; word += sizeof(ushort))
        {
            int length = Math.Min(sizeof(ushort), edited.Length - word);
            ReadOnlySpan<byte> change = edited.AsSpan(word, length), before = unedited.AsSpan(word, length);
            if (change.SequenceEqual(before))
                continue;
            if (word + length > end || !before.SequenceEqual(octets.AsSpan(word, length)))
                return null;

            change.CopyTo(spliced.AsSpan(word));
        }

        return spliced;
    }

    /// <summary>Up to where both have the same fields at the same places.</summary>
    private static int AlignedEnd(Origin origin, byte[] unedited)
    {
        LayerWalk.Walk(origin.Octets, origin.LinkType, out Layers layers);
        LayerWalk.Walk(unedited, origin.LinkType, out Layers written);
        if ((layers.Network, layers.VlanTags, layers.TransportOffset) != (written.Network, written.VlanTags, written.TransportOffset))
            return 0;

        bool hasPorts = layers.HasTransport && written.HasTransport && layers.Transport is IpProtocol.Tcp or IpProtocol.Udp
            && layers.PayloadOffset == written.PayloadOffset;
        int headers = hasPorts ? layers.PayloadOffset : layers.TransportOffset;
        return origin.Octets.AsSpan(headers).StartsWith(unedited.AsSpan(headers)) ? unedited.Length : headers;
    }

    /// <summary>The octets that a packet was made of.</summary>
    private sealed class Origin(byte[] octets, LinkType linkType)
    {
        public byte[] Octets => octets;

        public LinkType LinkType => linkType;

        /// <summary>PacketDotNet's octets for them if nobody touches the packet; null if it cannot write them at all.</summary>
        public byte[]? Unedited()
        {
            try
            {
                return PacketDotNetFrame.Parse(octets.ToArray(), linkType).Bytes;
            }
            // As in parsing: what it throws is not documented, and none of it is the rule's fault.
            catch (Exception exception) when (exception is not ThreadAbortException)
            {
                return null;
            }
        }
    }
}
