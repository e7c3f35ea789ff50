using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

// ICMP errors about the packet: whom they may be sent to, and how much of the packet they quote. RFC 1122 §3.2.2, RFC 1812 §4.3.2, RFC 4443 §2.4.
public ref partial struct Frame
{
    /// <summary>The smallest MTU that a link may have: of IPv4 (RFC 791 §3.2), and of IPv6 (RFC 8200 §5).</summary>
    private const int MinMtuOfIpv4 = 68, MinMtuOfIpv6 = 1280;

    // RFC 1812 §4.3.2.3: the whole error takes no more than 576 bytes; RFC 4443 §2.4(c): than the smallest MTU.
    private const int LongestErrorOfIpv4 = 576, LongestErrorOfIpv6 = MinMtuOfIpv6;

    // RFC 1812 §4.3.2.5: "INTERNETWORK CONTROL".
    private const byte InternetworkControl = 0x30;

    /// <summary>
    /// Acts as the link beyond had a smaller MTU: a packet that is longer, and that no router may fragment, becomes the error which tells its
    /// sender so: fragmentation needed (RFC 1191 §4), or packet too big (RFC 4443 §3.2). In a super-segment each segment is such a packet.
    /// </summary>
    /// <remarks>
    /// It comes from the address that the packet was sent to. IPv6 packets of up to 1,280 bytes pass whatever <paramref name="mtu"/> is, as
    /// every link takes these. How often a sender is told is the rule's to limit (RFC 4443 §2.4(f)).
    /// </remarks>
    /// <param name="mtu">The longest packet that passes, from its IP header on, in bytes: 68 to 65,535.</param>
    /// <returns>
    /// <see cref="Verdict.Continue"/>, the frame untouched, if it passes: it is short enough, no IP, or IPv4 that a router would fragment.
    /// <see cref="Verdict.Reflect"/> if it has become the error. <see cref="Verdict.Drop"/> if nobody may be told, as of a packet to a
    /// group, of a later fragment, or of an error itself.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">No link has such an MTU.</exception>
    public readonly Verdict AnswerPacketTooBig(int mtu)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mtu, MinMtuOfIpv4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mtu, ushort.MaxValue);
        if (TryGetIpv4(out Ipv4Header ipv4))
        {
            return LongestPacket() <= mtu || !ipv4.DontFragment ? Verdict.Continue
                : AnswerError(Icmpv4Fields.DestinationUnreachable(code: 4, (ushort)mtu));
        }

        int least = Math.Max(mtu, MinMtuOfIpv6);
        return !TryGetIpv6(out _) || LongestPacket() <= least ? Verdict.Continue : AnswerError(Icmpv6Fields.PacketTooBig((uint)least));
    }

    /// <summary>
    /// Turns the packet into the error which tells its sender that it is not delivered. RFC 792, RFC 4443 §3.1. It comes from the address that
    /// the packet was sent to.
    /// </summary>
    /// <param name="reason">Why not.</param>
    /// <returns>
    /// <see cref="Verdict.Reflect"/>; <see cref="Verdict.Drop"/> if nobody may be told, as of a packet to a group, of a later fragment, or of
    /// an error itself; <see cref="Verdict.Continue"/>, the frame untouched, if it is no IP packet.
    /// </returns>
    public readonly Verdict AnswerUnreachable(UnreachableReason reason) =>
        TryGetIpv4(out _) ? AnswerError(Icmpv4Fields.DestinationUnreachable(reason switch
        {
            UnreachableReason.NoRoute => 0,
            UnreachableReason.Host => 1,
            UnreachableReason.Port => 3,
            _ => 13,
        }))
        : TryGetIpv6(out _) ? AnswerError(Icmpv6Fields.DestinationUnreachable(reason switch
        {
            UnreachableReason.NoRoute => 0,
            UnreachableReason.Host => 3,
            UnreachableReason.Port => 4,
            _ => 1,
        }))
        : Verdict.Continue;

    private readonly Verdict AnswerError(Icmpv4Fields error, [CallerMemberName] string edit = "")
    {
        if (!MayBeAnsweredByError() || !TryGetIpv4(out Ipv4Header ipv4))
            return Verdict.Drop;

        Span<byte> packet = stackalloc byte[LongestErrorOfIpv4];
        const int Headers = Ipv4Header.MinLength + Icmpv4Header.Length;
        Ipv4Address sender = ipv4.Source, receiver = ipv4.Destination;
        packet = packet[..(Headers + Quote(packet[Headers..]))];
        var header = new Ipv4Fields(receiver, sender, IpProtocol.Icmpv4) { DifferentiatedServices = InternetworkControl };
        header.Write(packet);
        error.Write(packet[Ipv4Header.MinLength..]);
        return ReplaceByError(packet, edit);
    }

    private readonly Verdict AnswerError(Icmpv6Fields error, [CallerMemberName] string edit = "")
    {
        if (!MayBeAnsweredByError() || !TryGetIpv6(out Ipv6Header ipv6))
            return Verdict.Drop;

        Span<byte> packet = stackalloc byte[LongestErrorOfIpv6];
        const int Headers = Ipv6Header.Length + Icmpv6Header.Length;
        Ipv6Address sender = ipv6.Source, receiver = ipv6.Destination;
        packet = packet[..(Headers + Quote(packet[Headers..]))];
        new Ipv6Fields(receiver, sender, IpProtocol.Icmpv6).Write(packet);
        error.Write(packet[Ipv6Header.Length..]);
        UpperLayerChecksum.Write(packet, Ipv6Header.Length, IpProtocol.Icmpv6);
        return ReplaceByError(packet, edit);
    }

    /// <summary>How long the packet is on a wire, from its IP header on; of a super-segment, each of its segments but the last.</summary>
    private readonly int LongestPacket()
    {
        ref readonly Layers layers = ref Layers;
        int end = SegmentSize > 0 && layers.HasTransport ? Math.Min(layers.PayloadOffset + SegmentSize, layers.NetworkEnd) : layers.NetworkEnd;
        return end - layers.NetworkOffset;
    }

    // RFC 1122 §3.2.2; RFC 4443 §2.4(e). Of a fragment other than the first, and of a message that is cut short, nobody knows what it is.
    private readonly bool MayBeAnsweredByError()
    {
        ref readonly Layers layers = ref Layers;
        if (HasFixedLength || layers.HasOtherAddresses || layers.IsQuoted || !SourceIsOneHost() || !DestinationIsOneHost()
            || (layers.IsFragment && !layers.HasTransport))
        {
            return false;
        }

        if (layers.Transport == IpProtocol.Icmpv4)
        {
            return TryGetIcmpv4(out Icmpv4Header icmp) && icmp.Type is not (Icmpv4Type.DestinationUnreachable or Icmpv4Type.SourceQuench
                or Icmpv4Type.Redirect or Icmpv4Type.TimeExceeded or Icmpv4Type.ParameterProblem);
        }

        // Below 128 all are errors, those that nobody knows yet included.
        return layers.Transport != IpProtocol.Icmpv6
            || (TryGetIcmpv6(out Icmpv6Header icmpv6) && (byte)icmpv6.Type >= (byte)Icmpv6Type.EchoRequest && icmpv6.Type != Icmpv6Type.Redirect);
    }

    /// <summary>Copies as much of the packet as there is room for, as it would stand on a wire; of a super-segment, its first segment.</summary>
    /// <returns>How much that is, in octets.</returns>
    private readonly int Quote(Span<byte> destination)
    {
        ref readonly Layers layers = ref Layers;
        int length = LongestPacket(), start = layers.TransportOffset - layers.NetworkOffset;
        _buffer.BeforeWholeEdit();
        Span<byte> packet = _buffer.Octets.Slice(layers.NetworkOffset, length);
        // A checksum that was wrong is quoted as wrong.
        if (length < layers.NetworkEnd - layers.NetworkOffset && layers.Network == EtherType.Ipv4)
            Ipv4Fields.CompletePiece(packet, index: 0);
        else if (length < layers.NetworkEnd - layers.NetworkOffset)
            Ipv6Fields.Complete(packet);
        if (_buffer.HasOffload && _buffer.Offload.NeedsCsum && _buffer.Offload.ChecksumStart == layers.TransportOffset
            && layers.Transport is IpProtocol.Tcp or IpProtocol.Udp)
        {
            UpperLayerChecksum.Write(packet, start, layers.Transport);
        }

        int quoted = Math.Min(length, destination.Length);
        packet[..quoted].CopyTo(destination);
        return quoted;
    }

    private readonly Verdict ReplaceByError(ReadOnlySpan<byte> packet, string edit)
    {
        if (LinkType == LinkType.Ethernet)
            SwapHalves(_buffer.Octets[..(2 * MacAddress.Length)]);
        ReplacePacket(packet, edit);
        return Verdict.Reflect;
    }
}
