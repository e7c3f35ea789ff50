using Fluke6.Wire;

namespace Fluke6.Frames;

// Lengths and checksums, from the innermost header out: outer checksums cover the inner ones.
public partial struct Packet
{
    private readonly void Complete(Span<byte> octets)
    {
        for (int i = _layerCount - 1; i >= 0; i--)
        {
            PacketLayer layer = _layers[i];
            Span<byte> rest = octets[layer.Offset..];
            switch (layer.Kind)
            {
                case PacketLayerKind.Ipv4:
                    Ipv4Fields.Complete(rest);
                    break;
                case PacketLayerKind.Ipv6 or PacketLayerKind.Ipv6WithAnyHopLimit:
                    Ipv6Fields.Complete(rest);
                    break;
                case PacketLayerKind.Tcp:
                    WriteChecksum(octets, i, IpProtocol.Tcp);
                    break;
                case PacketLayerKind.Udp:
                    UdpFields.Complete(rest);
                    WriteChecksum(octets, i, IpProtocol.Udp);
                    break;
                case PacketLayerKind.UdpWithoutChecksum:
                    UdpFields.Complete(rest);
                    break;
                case PacketLayerKind.Icmpv4:
                    Icmpv4Fields.Complete(rest);
                    break;
                case PacketLayerKind.Icmpv6:
                    WriteChecksum(octets, i, IpProtocol.Icmpv6);
                    break;
                case PacketLayerKind.Gre:
                    GreFields.Complete(rest);
                    break;
                case PacketLayerKind.Pppoe:
                    PppoeHeader.Complete(rest);
                    break;
            }
        }
    }

    private readonly void WriteChecksum(Span<byte> octets, int layer, IpProtocol protocol)
    {
        int network = _layers[FindLayer(layer, static layer => layer.IsNetwork)].Offset;
        UpperLayerChecksum.Write(octets[network..], _layers[layer].Offset - network, protocol);
    }
}
