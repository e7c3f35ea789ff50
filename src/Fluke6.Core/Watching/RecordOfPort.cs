using Fluke6.Ports;
using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>Copies a port's figures.</summary>
internal static class RecordOfPort
{
    /// <summary>The figures now. Any thread.</summary>
    public static PortRecord Of(IPort port, TrafficRates traffic, bool history)
    {
        PortCounters counters = port.Counters;
        return new PortRecord
        {
            Name = port.Name,
            RxFrames = counters.RxFrames,
            RxBytes = counters.RxBytes,
            KernelFrames = counters.KernelFrames,
            KernelBytes = counters.KernelBytes,
            TxFrames = counters.TxFrames,
            TxBytes = counters.TxBytes,
            TxDropped = counters.TxDropped,
            RxDropped = counters.RxDropped,
            Errors = counters.Errors,
            State = port.State.ToString().ToLowerInvariant(),
            NotUnderstood = counters.NotUnderstood,
            ErrorsByErrno = LossCounts.ErrorsOf(port),
            TxDroppedByErrno = LossCounts.SendingOf(port),
            RxDroppedByReason = LossCounts.ReceivingOf(port),
            Specification = port.Specification,
            Offload = port.Offload,
            FramesPerSecond = Math.Round(traffic.FramesPerSecond, 1),
            BitsPerSecond = Math.Round(traffic.BitsPerSecond),
            Flowing = traffic.IsFlowing,
            History = history ? traffic.History : null,
        };
    }
}
