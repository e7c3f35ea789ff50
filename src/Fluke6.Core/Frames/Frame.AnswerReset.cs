using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>Room for a reset with its link header, in octets: that of Ethernet, VLAN tags, IP and TCP.</summary>
    internal const int MaxReset = 128;

    /// <summary>
    /// Turns a TCP segment into the reset that a closed port answers it with. RFC 9293 §3.10.7.1: with the segment's acknowledgment number
    /// as sequence number or, where it acknowledges nothing, with 0 and an acknowledgment of all that it holds. Options, payload and
    /// extension headers go; time to live and hop limit are 64.
    /// </summary>
    /// <returns><see cref="Verdict.Continue"/>, the frame untouched, if this is no whole TCP segment from one host to one host, or is itself a reset, which nobody answers.</returns>
    public readonly Verdict AnswerWithReset()
    {
        if (!MayBeReset(out TcpHeader tcp))
            return Verdict.Continue;

        Span<byte> packet = stackalloc byte[Ipv6Header.Length + TcpHeader.MinLength];
        packet = packet[..WriteReset(packet, ResetOf(tcp), toSender: true)];

        // Not longer than the headers that it takes the place of: a payload, however large, need not be saved.
        _buffer.BeforeHeaderEdit();
        if (LinkType == LinkType.Ethernet)
            SwapHalves(_buffer.Octets[..(2 * MacAddress.Length)]);
        ReplacePacket(packet);
        return Verdict.Reflect;
    }

    /// <summary>Writes the reset for the segment's sender, which <see cref="AnswerWithReset"/> would make of it, as a frame of its own.</summary>
    /// <returns>Its length; 0 where there is none.</returns>
    internal readonly int WriteResetForSender(Span<byte> frame)
    {
        if (!MayBeReset(out TcpHeader tcp) || Layers.NetworkOffset + Ipv6Header.Length + TcpHeader.MinLength > frame.Length)
            return 0;

        Span<byte> packet = CopyLinkHeader(frame);
        if (LinkType == LinkType.Ethernet)
            SwapHalves(frame[..(2 * MacAddress.Length)]);
        return Layers.NetworkOffset + WriteReset(packet, ResetOf(tcp), toSender: true);
    }

    /// <summary>
    /// Writes the reset for whom the segment is sent to, as if from its sender. RFC 5961 §3.2: it counts only with the very sequence number that the receiver
    /// waits for. That is the segment's or, where the receiver has the segment already, the one after it.
    /// </summary>
    /// <param name="frame">Room for it.</param>
    /// <param name="after">Whether the receiver has the segment already.</param>
    /// <returns>Its length; 0 where there is none: nobody knows yet of a connection that a SYN asks for.</returns>
    internal readonly int WriteResetForReceiver(Span<byte> frame, bool after)
    {
        if (!MayBeReset(out TcpHeader tcp) || !tcp.Ack || Layers.NetworkOffset + Ipv6Header.Length + TcpHeader.MinLength > frame.Length)
            return 0;

        uint length = SequenceLengthOf(tcp);
        if (after && length == 0)
            return 0;

        var reset = new TcpFields(tcp.SourcePort, tcp.DestinationPort, TcpFlags.Rst | TcpFlags.Ack)
        {
            SequenceNumber = tcp.SequenceNumber + (after ? length : 0), AcknowledgmentNumber = tcp.AcknowledgmentNumber, Window = 0,
        };
        return Layers.NetworkOffset + WriteReset(CopyLinkHeader(frame), reset, toSender: false);
    }

    private readonly bool MayBeReset(out TcpHeader tcp) =>
        TryGetTcp(out tcp) && !tcp.Rst && !HasFixedLength && !Layers.HasOtherAddresses && SourceIsOneHost() && DestinationIsOneHost();

    /// <summary>Copies what stands before the IP header.</summary>
    /// <returns>The rest of the room.</returns>
    private readonly Span<byte> CopyLinkHeader(Span<byte> frame)
    {
        _buffer.Octets[..Layers.NetworkOffset].CopyTo(frame);
        return frame[Layers.NetworkOffset..];
    }

    /// <summary>Writes a packet with a reset, between the two hosts of this one.</summary>
    /// <returns>Its length.</returns>
    private readonly int WriteReset(Span<byte> packet, TcpFields reset, bool toSender)
    {
        int header = Ipv6Header.Length;
        if (TryGetIpv4(out Ipv4Header ipv4))
        {
            header = Ipv4Header.MinLength;
            packet = packet[..(header + TcpHeader.MinLength)];
            (Ipv4Address source, Ipv4Address destination) = toSender ? (ipv4.Destination, ipv4.Source) : (ipv4.Source, ipv4.Destination);
            new Ipv4Fields(source, destination, IpProtocol.Tcp).Write(packet);
        }
        else if (TryGetIpv6(out Ipv6Header ipv6))
        {
            packet = packet[..(header + TcpHeader.MinLength)];
            (Ipv6Address source, Ipv6Address destination) = toSender ? (ipv6.Destination, ipv6.Source) : (ipv6.Source, ipv6.Destination);
            new Ipv6Fields(source, destination, IpProtocol.Tcp).Write(packet);
        }

        reset.Write(packet[header..]);
        UpperLayerChecksum.Write(packet, header, IpProtocol.Tcp);
        return packet.Length;
    }

    private readonly TcpFields ResetOf(TcpHeader tcp)
    {
        var reset = new TcpFields(tcp.DestinationPort, tcp.SourcePort, TcpFlags.Rst) { Window = 0 };
        return tcp.Ack
            ? reset with { SequenceNumber = tcp.AcknowledgmentNumber }
            : reset with { Flags = TcpFlags.Rst | TcpFlags.Ack, AcknowledgmentNumber = tcp.SequenceNumber + SequenceLengthOf(tcp) };
    }

    // RFC 9293 §3.4: SYN and FIN take up a sequence number each.
    private readonly uint SequenceLengthOf(TcpHeader tcp) =>
        (uint)(Layers.PayloadEnd - Layers.PayloadOffset + (tcp.Syn ? 1 : 0) + (tcp.Fin ? 1 : 0));
}
