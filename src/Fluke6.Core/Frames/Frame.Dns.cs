using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>The DNS message in a datagram from or to port 53. RFC 1035 §4.2.1.</summary>
    public readonly bool TryGetDns(out DnsMessage message) => TryGetDns(DnsPort, out message);

    /// <summary>The DNS message in a datagram from or to another port, such as 5353. RFC 6762 §3.</summary>
    /// <param name="port">The port.</param>
    /// <param name="message">The message. Only its header is sure to be there.</param>
    public readonly bool TryGetDns(ushort port, out DnsMessage message)
    {
        message = default;
        // A super-segment holds many datagrams' data.
        if (!TryGetUdp(out UdpHeader udp) || (udp.SourcePort != port && udp.DestinationPort != port) || SegmentSize != 0)
            return false;

        return DnsMessage.TryRead(UdpPayload, out message, TransportChecksum()) || IsMalformed();
    }

    private const ushort DnsPort = 53;
}
