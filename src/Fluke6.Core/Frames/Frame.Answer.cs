using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

// Answers turn the frame into its own reply, VLAN tags kept, and return the verdict on it: Reflect, or Continue, the frame untouched, where it
// is not a message that asks for such a reply.
public ref partial struct Frame
{
    /// <summary>The hop limit and time to live of answers that say nothing else. IANA "IP Parameters", RFC 1700.</summary>
    private const byte DefaultHopLimit = 64;

    /// <summary>Turns an ARP request into a reply to its sender. RFC 826 "Packet Reception".</summary>
    /// <param name="fields">What to say, as <see cref="ArpFields.Reply"/> makes it; whom it is for is the request's sender.</param>
    /// <returns><see cref="Verdict.Continue"/>, the frame untouched, if this is no ARP request for IPv4 over Ethernet.</returns>
    public readonly Verdict Answer(ArpFields fields)
    {
        if (!TryGetArp(out ArpPacket arp) || arp.Operation != ArpOperation.Request || arp.SenderHardwareAddress.IsMulticast)
            return Verdict.Continue;

        ArpFields request = ArpFields.Read(arp);
        _buffer.BeforeHeaderEdit();
        (fields with
        {
            TargetHardwareAddress = request.SenderHardwareAddress, TargetProtocolAddress = request.SenderProtocolAddress,
        }).Write(_buffer.Octets[Layers.NetworkOffset..]);
        if (TryGetEthernet(out EthernetHeader ethernet))
        {
            ethernet.Destination = request.SenderHardwareAddress;
            ethernet.Source = fields.SenderHardwareAddress;
        }

        return Verdict.Reflect;
    }

    /// <summary>Whether a reply can go back to where this IP packet says it comes from: one host, on IP and on Ethernet.</summary>
    internal readonly bool SourceIsOneHost()
    {
        if (TryGetEthernet(out EthernetHeader ethernet) && ethernet.Source.IsMulticast)
            return false;
        if (TryGetIpv6(out Ipv6Header ipv6))
            return !ipv6.Source.IsUnspecified && !ipv6.Source.IsMulticast;

        return TryGetIpv4(out Ipv4Header ipv4)
            && ipv4.Source != Ipv4Address.Any && ipv4.Source != Ipv4Address.Broadcast && !ipv4.Source.IsMulticast;
    }

    /// <summary>Whether a reply can come from where this IP packet was sent to. RFC 1122 §3.2.1.3.</summary>
    internal readonly bool DestinationIsOneHost()
    {
        if (TryGetEthernet(out EthernetHeader ethernet) && ethernet.Destination.IsMulticast)
            return false;
        if (TryGetIpv6(out Ipv6Header ipv6))
            return !ipv6.Destination.IsUnspecified && !ipv6.Destination.IsMulticast;

        return TryGetIpv4(out Ipv4Header ipv4)
            && ipv4.Destination != Ipv4Address.Any && ipv4.Destination != Ipv4Address.Broadcast && !ipv4.Destination.IsMulticast;
    }

    /// <summary>Puts another packet behind the link header; nothing stands after it.</summary>
    private readonly void ReplacePacket(ReadOnlySpan<byte> packet, [CallerMemberName] string edit = "")
    {
        int offset = Layers.NetworkOffset, growth = offset + packet.Length - Length;
        _buffer.MakeRoom(offset + packet.Length);
        packet.CopyTo(_buffer.Octets[offset..]);
        _buffer.Resize(offset + packet.Length);
        _buffer.Offload.Clear();
        _buffer.OctetsMoved(growth, edit);
    }
}
