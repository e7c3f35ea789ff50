using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>The ICMPv4 message; false for other protocols, for what is cut short and for fragments other than the first.</summary>
    public readonly bool TryGetIcmpv4(out Icmpv4Header icmp)
    {
        ref readonly Layers layers = ref Layers;
        bool found = layers.Transport == IpProtocol.Icmpv4;
        icmp = found ? new Icmpv4Header(_buffer.Octets[layers.TransportOffset..layers.PayloadEnd], TransportChecksum()) : default;
        return found;
    }

    /// <summary>The ICMPv6 message; false for other protocols, for what is cut short and for fragments other than the first.</summary>
    public readonly bool TryGetIcmpv6(out Icmpv6Header icmp)
    {
        ref readonly Layers layers = ref Layers;
        bool found = layers.Transport == IpProtocol.Icmpv6;
        icmp = found ? new Icmpv6Header(_buffer.Octets[layers.TransportOffset..layers.PayloadEnd], TransportChecksum()) : default;
        return found;
    }
}
