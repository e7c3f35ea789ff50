using Fluke6.Flows;
using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Streams;

// ICMP errors: they quote a segment as the receiver's side knows it, and its sender knows it otherwise. RFC 792, RFC 4443 §2.4.
internal sealed partial class StreamWork
{
    // RFC 792: eight octets of the transport's header are quoted at least, which hold ports and sequence number.
    private const int LeastQuoted = 8;

    private Verdict Quoted(ref Frame frame)
    {
        IsUnmet = false;
        if (_flows.Count == 0 || !frame.TryGetInner(out Frame quoted))
            return Verdict.Continue;

        ref readonly Layers layers = ref quoted.Layers;
        if (layers.NextProtocol != IpProtocol.Tcp || layers.IsFragment || layers.TransportOffset + LeastQuoted > quoted.Length)
            return Verdict.Continue;

        ReadOnlySpan<byte> segment = quoted.Octets[layers.TransportOffset..];
        if (FindQuoted(in frame, in quoted, segment, out bool isUpper) is not { IsEstablished: true } flow)
            return Verdict.Continue;

        StreamDirection direction = isUpper == flow.ClientIsUpper ? flow.FromClient : flow.FromServer;
        if (PathMtu(in frame) is { } mtu)
            direction.Template.LimitPath(mtu);
        uint number = QuotedSegment.SequenceNumber(segment), mapped = direction.ToSender(number);
        if (mapped == number)
            return Verdict.Continue;

        Span<byte> octets = stackalloc byte[QuotedSegment.SequenceNumberLength];
        QuotedSegment.Write(octets, mapped);
        frame.WritePayload(layers.TransportOffset + QuotedSegment.SequenceNumberOffset, octets);
        return Verdict.Continue;
    }

    private StreamFlow? FindQuoted(ref readonly Frame frame, ref readonly Frame quoted, ReadOnlySpan<byte> segment, out bool isUpper)
    {
        ReadOnlySpan<byte> network = quoted.Octets[quoted.Layers.NetworkOffset..];
        ushort source = ReadUInt16BigEndian(segment), destination = ReadUInt16BigEndian(segment[2..]);
        uint vlans = FlowKeyReader.Vlans(frame.Octets, frame.Layers);
        FlowKey key = quoted.Layers.Network == EtherType.Ipv4
            ? FlowKey.Between(
                (0, ReadUInt32BigEndian(network[12..])), (0, ReadUInt32BigEndian(network[16..])), source, destination,
                FlowKey.Kind(FlowFamily.Ipv4, EtherType.Ipv4, IpProtocol.Tcp), vlans, out isUpper)
            : FlowKey.Between(
                (ReadUInt64BigEndian(network[8..]), ReadUInt64BigEndian(network[16..])),
                (ReadUInt64BigEndian(network[24..]), ReadUInt64BigEndian(network[32..])), source, destination,
                FlowKey.Kind(FlowFamily.Ipv6, EtherType.Ipv6, IpProtocol.Tcp), vlans, out isUpper);
        return Find(key);
    }

    private static int? PathMtu(ref readonly Frame frame)
    {
        ReadOnlySpan<byte> message = frame.Octets[frame.Layers.TransportOffset..];
        return frame.Layers.Transport == IpProtocol.Icmpv4
            ? message[0] == (byte)Icmpv4Type.DestinationUnreachable && message[1] == 4 && ReadUInt16BigEndian(message[6..]) is > 0 and var mtu ? mtu : null
            : message[0] == (byte)Icmpv6Type.PacketTooBig ? (int)Math.Min(ReadUInt32BigEndian(message[4..]), ushort.MaxValue) : null;
    }
}
