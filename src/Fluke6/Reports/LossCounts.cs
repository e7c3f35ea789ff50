using Fluke6.Linux;
using Fluke6.Ports;

namespace Fluke6.Command.Reports;

/// <summary>A port's lost frames and failed system calls, for each reason that there was.</summary>
internal static class LossCounts
{
    /// <summary>The errors that occurred, such as <c>EMSGSIZE</c>, and how often.</summary>
    public static IEnumerable<(string Name, long Count)> ErrorsOf(PortCounters counters) => ByErrno(counters.ErrorsByNumber.ToArray());

    /// <summary>How many frames were not sent for each error.</summary>
    public static IEnumerable<(string Name, long Count)> SendingOf(PortCounters counters) => ByErrno(counters.TxDroppedByNumber.ToArray());

    /// <summary>How many frames never reached the bridge for each reason, such as <c>socketFull</c>.</summary>
    public static IEnumerable<(string Name, long Count)> ReceivingOf(PortCounters counters) =>
        Enum.GetValues<ReceiveLoss>().Select(loss => (loss.Name(), counters.RxDroppedByReason[(int)loss])).Where(count => count.Item2 > 0);

    private static IEnumerable<(string Name, long Count)> ByErrno(long[] counts) =>
        counts.Select((count, number) => (Errno.Name(number), count)).Where(count => count.count > 0);
}
