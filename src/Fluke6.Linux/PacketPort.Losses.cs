using Fluke6.Linux.Native;
using Fluke6.Ports;
using Tmds.Linux;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

// Frames that reached the socket and never the bridge.
internal sealed unsafe partial class PacketPort
{
    /// <inheritdoc/>
    private protected override int UnreadInHand =>
        !HasStaged || _staging is null ? 0 : _staging.Count - _nextStaged + (_cut.HasNext ? 1 : 0);

    /// <inheritdoc/>
    private protected override void StopArrivals()
    {
        // A filter of one instruction, which takes no frame.
        var none = new sock_filter { code = Filter.BPF_RET };
        var program = new sock_fprog { len = 1, filter = &none };
        if (setsockopt(_descriptor, SOL_SOCKET, Filter.SO_ATTACH_FILTER, &program, sizeof(sock_fprog)) < 0)
            Counters.CountError(errno);
    }

    /// <inheritdoc/>
    private protected override bool Discard(byte* buffer, int length)
    {
        while (recv(_descriptor, buffer, length, MSG_DONTWAIT) < 0)
        {
            // The kernel takes a frame that it cannot hand over off the queue.
            if (errno == EINVAL)
                return true;
            // That it went down comes before the frames from when it was up.
            if (errno != EINTR && errno != ENETDOWN)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    private protected override void CountDrops()
    {
        tpacket_stats statistics;
        socklen_t length = sizeof(tpacket_stats);
        if (getsockopt(_descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &length) == 0)
            Counters.CountRxDropped(ReceiveLoss.SocketFull, statistics.tp_drops);
    }
}
