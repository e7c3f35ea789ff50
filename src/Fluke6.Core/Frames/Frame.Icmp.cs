using System.Runtime.CompilerServices;
using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>The ICMPv4 message; false for other protocols, for what is cut short and for fragments other than the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetIcmpv4(out Icmpv4Header icmp)
    {
        if (Layers.Transport != IpProtocol.Icmpv4)
        {
            icmp = default;
            return false;
        }

        icmp = Icmpv4();
        return true;
    }

    /// <summary>The ICMPv6 message; false for other protocols, for what is cut short and for fragments other than the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly bool TryGetIcmpv6(out Icmpv6Header icmp)
    {
        if (Layers.Transport != IpProtocol.Icmpv6)
        {
            icmp = default;
            return false;
        }

        icmp = Icmpv6();
        return true;
    }

    private readonly Icmpv4Header Icmpv4() => new(_buffer.Octets[Layers.TransportOffset..Layers.PayloadEnd], TransportChecksum());

    private readonly Icmpv6Header Icmpv6() => new(_buffer.Octets[Layers.TransportOffset..Layers.PayloadEnd], TransportChecksum());
}
