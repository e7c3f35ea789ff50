using Fluke6.Ports;
using Fluke6.Snapshots;

namespace Fluke6.Watching;

/// <summary>Copies a port's figures.</summary>
internal static class RecordOfPort
{
    private static readonly ReceiveLoss[] s_losses = Enum.GetValues<ReceiveLoss>();

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
            ErrorsByErrno = ByErrno(port, counters.ErrorsByNumber),
            TxDroppedByErrno = ByErrno(port, counters.TxDroppedByNumber),
            RxDroppedByReason = s_losses.Where(loss => counters.RxDroppedByReason[(int)loss] > 0)
                .ToDictionary(loss => loss.Name(), loss => counters.RxDroppedByReason[(int)loss]),
            Specification = port.Specification,
            Offload = port.Offload,
            FramesPerSecond = Math.Round(traffic.FramesPerSecond, 1),
            BitsPerSecond = Math.Round(traffic.BitsPerSecond),
            Flowing = traffic.IsFlowing,
            History = history ? traffic.History : null,
        };
    }

    private static Dictionary<string, long> ByErrno(IPort port, ReadOnlySpan<long> counts)
    {
        var named = new Dictionary<string, long>();
        for (int number = 0; number < counts.Length; number++)
        {
            if (counts[number] > 0)
                named[port.NameOfError(number)] = counts[number];
        }

        return named;
    }
}
