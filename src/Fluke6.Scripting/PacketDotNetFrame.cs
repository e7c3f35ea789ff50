using Fluke6.Frames;
using PacketDotNet;

namespace Fluke6.Scripting;

/// <summary>Frames as PacketDotNet's object model, for who prefers it. Convenient, and slower than the views: every call allocates.</summary>
public static class PacketDotNetFrame
{
    extension(ref Frame frame)
    {
        /// <summary>
        /// A copy of the frame as a packet object, with its checksum completed; null if PacketDotNet cannot parse it. Ask it with
        /// <c>frame.ToPacket()?.Extract&lt;TcpPacket&gt;()</c>.
        /// </summary>
        public Packet? ToPacket()
        {
            byte[] octets = frame.ToArray();
            try
            {
                Packet packet = Packet.ParsePacket(
                    frame.LinkType == LinkType.Ethernet ? LinkLayers.Ethernet : LinkLayers.Raw, octets);

                // PacketDotNet parses a layer when it is first asked for, and throws then: better here than in the middle of a rule.
                for (Packet? layer = packet; layer is not null; layer = layer.PayloadPacket)
                    _ = layer.PayloadDataSegment;
                return packet;
            }
            // What it throws on malformed octets is not documented and differs from layer to layer. None of it is the rule's fault.
            catch (Exception exception) when (exception is not ThreadAbortException)
            {
                return null;
            }
        }

        /// <summary>
        /// Makes the packet's octets the whole frame. Lengths and checksums are taken as the packet holds them: call its
        /// <c>UpdateCalculatedValues</c> and checksum methods first.
        /// </summary>
        /// <returns>False, with the frame as it was, if the packet is larger than the ports take.</returns>
        public bool Replace(Packet packet) => frame.Replace(packet.Bytes);
    }
}
