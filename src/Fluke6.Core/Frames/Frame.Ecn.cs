using Fluke6.Wire;

namespace Fluke6.Frames;

public ref partial struct Frame
{
    /// <summary>
    /// Takes explicit congestion notification from the packet, as some middleboxes do: not-ECT in the IP header, and in SYNs none of the flags by which TCPs
    /// agree on it (ECE, CWR, AE), so that neither end uses it. RFC 3168 §5, §6.1.1; RFC 9768 §3.1.
    /// </summary>
    /// <returns><see cref="EditResult.Unchanged"/> if there is none of it.</returns>
    public readonly EditResult StripEcn()
    {
        bool changed = false;
        if (TryGetIpv4(out Ipv4Header ipv4) && ipv4.ExplicitCongestionNotification != 0)
        {
            ipv4.ExplicitCongestionNotification = 0;
            changed = true;
        }
        else if (TryGetIpv6(out Ipv6Header ipv6) && (ipv6.TrafficClass & 3) != 0)
        {
            ipv6.TrafficClass &= 0xFC;
            changed = true;
        }

        const TcpFlags Agreement = TcpFlags.Ece | TcpFlags.Cwr | TcpFlags.Ae;
        if (TryGetTcp(out TcpHeader tcp) && tcp.Syn && (tcp.Flags & Agreement) != 0)
        {
            tcp.Flags &= ~Agreement;
            changed = true;
        }

        return changed ? EditResult.Changed : EditResult.Unchanged;
    }
}
