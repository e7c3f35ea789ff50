using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// Turns a TCP segment into the reset that a closed port answers it with. RFC 9293 §3.10.7.1: with the segment's acknowledgment number
    /// as sequence number or, where it acknowledges nothing, with 0 and an acknowledgment of all that it holds. Options, payload and
    /// extension headers go; time to live and hop limit are 64.
    /// </summary>
    /// <returns><see cref="Verdict.Continue"/>, the frame untouched, if this is no whole TCP segment from one host to one host, or is itself a reset, which nobody answers.</returns>
    public readonly Verdict AnswerWithReset()
    {
        ref readonly Layers layers = ref Layers;
        if (!TryGetTcp(out TcpHeader tcp) || tcp.Rst || HasFixedLength || layers.HasOtherAddresses
            || !SourceIsOneHost() || !DestinationIsOneHost())
        {
            return Verdict.Continue;
        }

        TcpFields reset = ResetOf(tcp, layers.PayloadEnd - layers.PayloadOffset);
        Span<byte> packet = stackalloc byte[Ipv6Header.Length + TcpHeader.MinLength];
        int header = Ipv6Header.Length;
        if (TryGetIpv4(out Ipv4Header ipv4))
        {
            header = Ipv4Header.MinLength;
            packet = packet[..(header + TcpHeader.MinLength)];
            new Ipv4Fields(ipv4.Destination, ipv4.Source, IpProtocol.Tcp).Write(packet);
        }
        else if (TryGetIpv6(out Ipv6Header ipv6))
        {
            new Ipv6Fields(ipv6.Destination, ipv6.Source, IpProtocol.Tcp).Write(packet);
        }

        reset.Write(packet[header..]);
        UpperLayerChecksum.Write(packet, header, IpProtocol.Tcp);

        // Not longer than the headers that it takes the place of: a payload, however large, need not be saved.
        _buffer.BeforeHeaderEdit();
        if (LinkType == LinkType.Ethernet)
            SwapHalves(_buffer.Octets[..(2 * MacAddress.Length)]);
        ReplacePacket(packet);
        return Verdict.Reflect;
    }

    private static TcpFields ResetOf(TcpHeader tcp, int payloadLength)
    {
        // RFC 9293 §3.4: SYN and FIN take up a sequence number each.
        int length = payloadLength + (tcp.Syn ? 1 : 0) + (tcp.Fin ? 1 : 0);
        var reset = new TcpFields(tcp.DestinationPort, tcp.SourcePort, TcpFlags.Rst) { Window = 0 };
        return tcp.Ack
            ? reset with { SequenceNumber = tcp.AcknowledgmentNumber }
            : reset with { Flags = TcpFlags.Rst | TcpFlags.Ack, AcknowledgmentNumber = tcp.SequenceNumber + (uint)length };
    }
}
