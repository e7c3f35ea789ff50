using Fluke6.Frames;
using PacketDotNet;
using EditResult = Fluke6.Wire.EditResult;
using Packet = PacketDotNet.Packet;

namespace Fluke6.Scripting;

/// <summary>Frames as PacketDotNet's object model, for who prefers it. Convenient, and slower than the views: every call allocates.</summary>
public static class PacketDotNetFrame
{
    extension(ref Frame frame)
    {
        /// <summary>
        /// A copy of the frame as a packet object, with its checksum completed; null if PacketDotNet cannot parse it, or not
        /// write it again. Ask it with
        /// <c>frame.ToPacket()?.Extract&lt;TcpPacket&gt;()</c>.
        /// </summary>
        public Packet? ToPacket()
        {
            byte[] octets = frame.ToArray();
            try
            {
                // Setters of the packet write into the array that it was made of.
                Packet packet = Parse(octets.ToArray(), frame.LinkType);
                PacketOrigin.Remember(packet, octets, frame.LinkType);
                return packet;
            }
            // Its exceptions for malformed octets are not documented and differ from layer to layer. None of it is the rule's fault.
            catch (Exception exception) when (exception is not ThreadAbortException)
            {
                return null;
            }
        }

        /// <summary>
        /// Makes the packet the whole frame. Of a packet that <c>ToPacket</c> made, the fields that the rule changed are written into the
        /// frame as it was then, and all else, padding and wrong checksums included, stays octet for octet: unedited, it changes nothing.
        /// Of one that the rule composed, the octets are the frame. Lengths and checksums are taken as the packet holds them: call its
        /// <c>UpdateCalculatedValues</c> and checksum methods first.
        /// </summary>
        /// <param name="packet">The packet; null, as of a frame that cannot be parsed, changes nothing.</param>
        /// <returns>
        /// <see cref="EditResult.Refused"/>, with the frame as it was, if the packet is larger than the ports take, or if the change is to
        /// something that PacketDotNet does not write as it read it: the options of neighbour discovery messages, the UDP checksum of a first
        /// fragment, a length that was wrong. The frame's own views edit those.
        /// </returns>
        public EditResult Replace(Packet? packet)
        {
            if (packet is null)
                return EditResult.Unchanged;

            return PacketOrigin.Octets(packet) is { } octets ? frame.Replace(octets) : EditResult.Refused;
        }
    }

    internal static Packet Parse(byte[] octets, LinkType linkType)
    {
        Packet packet = Packet.ParsePacket(linkType == LinkType.Ethernet ? LinkLayers.Ethernet : LinkLayers.Raw, octets);

        // PacketDotNet parses a layer when it is first asked for, and throws then, or when it writes it: better here than in the middle of a rule.
        int start = -1, layersThere = 0;
        for (Packet? layer = packet; layer is not null; layer = layer.PayloadPacket)
        {
            _ = layer.PayloadDataSegment;
            // An IPv4 header that calls itself empty and says that another one follows is that other one, and so on for ever. A packet without
            // a link layer is one of two layers at the same place.
            layersThere = layer.HeaderDataSegment.Offset == start ? layersThere + 1 : 1;
            start = layer.HeaderDataSegment.Offset;
            if (layersThere > 2)
                throw new InvalidDataException("A layer of the packet is its own payload.");
        }

        _ = packet.Bytes;
        return packet;
    }
}
