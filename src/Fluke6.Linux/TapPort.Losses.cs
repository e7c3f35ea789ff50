using System.Runtime.InteropServices;
using Fluke6.Linux.Native;
using Fluke6.Ports;
using static Tmds.Linux.LibC;

namespace Fluke6.Linux;

// Frames that the kernel was to send on the interface and that never got here.
internal sealed unsafe partial class TapPort
{
    // All interfaces of a namespace come in one list: about once a second is often enough.
    private const int LooksBetweenStatistics = 9;

    // The kernel counts all that it ever dropped on the interface, which may be older than this port.
    private readonly InterfaceStatistics _statistics;
    private long _droppedBefore = -1;
    private int _untilStatistics;

    /// <inheritdoc/>
    private protected override bool Discard(byte* buffer, int length)
    {
        while (Unistd.read(_descriptor, buffer, (nuint)length) < 0)
        {
            if (Marshal.GetLastSystemError() != EINTR)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    private protected override void CountDrops()
    {
        if (!_statistics.TryGetTransmitDropped(_name, out long dropped))
            return;

        if (_droppedBefore >= 0 && dropped > _droppedBefore)
            Counters.CountRxDropped(ReceiveLoss.QueueFull, dropped - _droppedBefore);
        _droppedBefore = dropped;
    }

    private void CountDropsNowAndThen()
    {
        if (--_untilStatistics >= 0)
            return;

        _untilStatistics = LooksBetweenStatistics;
        CountDrops();
    }
}
