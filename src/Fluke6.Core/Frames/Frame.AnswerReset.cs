using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    private const byte Rst = 0x04, Ack = 0x10;   // RFC 9293 §3.1

    /// <summary>
    /// Turns a TCP segment into the reset that a closed port answers it with. RFC 9293 §3.10.7.1: with the segment's acknowledgment number
    /// as sequence number or, where it acknowledges nothing, with 0 and an acknowledgment of all that it holds. Options, payload and
    /// extension headers go; time to live and hop limit are 64.
    /// </summary>
    /// <returns>False if this is no whole TCP segment from one host to one host, or is itself a reset, which nobody answers.</returns>
    public readonly bool AnswerWithReset()
    {
        ref readonly Layers layers = ref Layers;
        if (!TryGetTcp(out TcpHeader tcp) || tcp.Rst || layers.IsFragment || layers.HasOtherAddresses
            || !SourceIsOneHost() || !DestinationIsOneHost())
        {
            return false;
        }

        Span<byte> packet = stackalloc byte[Ipv6Header.Length + TcpHeader.MinLength];
        packet.Clear();
        ReadOnlySpan<byte> network = _buffer.Octets[layers.NetworkOffset..];
        Span<byte> segment = packet[Ipv6Header.Length..];
        ushort pseudoHeader;
        if (layers.Network == EtherType.Ipv4)
        {
            packet = packet[..(Ipv4Header.MinLength + TcpHeader.MinLength)];
            segment = packet[Ipv4Header.MinLength..];
            packet[0] = (4 << 4) | (Ipv4Header.MinLength / 4);
            WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
            packet[6] = 0x40;   // Don't Fragment, so that the identification may be 0: RFC 6864 §4.1
            packet[8] = DefaultHopLimit;
            packet[9] = (byte)IpProtocol.Tcp;
            network.Slice(12, 8).CopyTo(packet[12..]);
            SwapHalves(packet.Slice(12, 8));
            WriteUInt16BigEndian(packet[10..], InternetChecksum.Compute(packet[..Ipv4Header.MinLength]));
            pseudoHeader = InternetChecksum.PseudoHeaderSum(packet.Slice(12, 8), (byte)IpProtocol.Tcp, segment.Length);
        }
        else
        {
            packet[0] = 6 << 4;
            WriteUInt16BigEndian(packet[4..], (ushort)segment.Length);
            packet[6] = (byte)IpProtocol.Tcp;
            packet[7] = DefaultHopLimit;
            network.Slice(8, 32).CopyTo(packet[8..]);
            SwapHalves(packet.Slice(8, 32));
            pseudoHeader = InternetChecksum.PseudoHeaderSum(packet.Slice(8, 32), (byte)IpProtocol.Tcp, segment.Length);
        }

        WriteReset(tcp, layers.PayloadEnd - layers.PayloadOffset, segment);
        WriteUInt16BigEndian(segment[16..], InternetChecksum.Compute(segment, pseudoHeader));

        // Not longer than the headers that it takes the place of: a payload, however large, need not be saved.
        _buffer.BeforeHeaderEdit();
        if (LinkType == LinkType.Ethernet)
            SwapHalves(_buffer.Octets[..(2 * MacAddress.Length)]);

        ReplacePacket(packet);
        return true;
    }

    private static void WriteReset(TcpHeader tcp, int payloadLength, Span<byte> segment)
    {
        WriteUInt16BigEndian(segment, tcp.DestinationPort);
        WriteUInt16BigEndian(segment[2..], tcp.SourcePort);
        segment[12] = (TcpHeader.MinLength / 4) << 4;
        if (tcp.Ack)
        {
            WriteUInt32BigEndian(segment[4..], tcp.AcknowledgmentNumber);
            segment[13] = Rst;
        }
        else
        {
            // RFC 9293 §3.4: SYN and FIN take up a sequence number each.
            int length = payloadLength + (tcp.Syn ? 1 : 0) + (tcp.Fin ? 1 : 0);
            WriteUInt32BigEndian(segment[8..], tcp.SequenceNumber + (uint)length);
            segment[13] = Rst | Ack;
        }
    }
}
