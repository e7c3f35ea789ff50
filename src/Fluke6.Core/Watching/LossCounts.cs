using Fluke6.Ports;

namespace Fluke6.Watching;

/// <summary>A port's lost frames and failed system calls, for each reason that there was. Any thread.</summary>
internal static class LossCounts
{
    private static readonly ReceiveLoss[] s_losses = Enum.GetValues<ReceiveLoss>();

    /// <summary>The errors that occurred, such as <c>EMSGSIZE</c>, and how often.</summary>
    public static Dictionary<string, long> ErrorsOf(IPort port) => ByErrno(port, port.Counters.ErrorsByNumber);

    /// <summary>How many frames were not sent for each error.</summary>
    public static Dictionary<string, long> SendingOf(IPort port) => ByErrno(port, port.Counters.TxDroppedByNumber);

    /// <summary>How many frames never reached the bridge for each reason, such as <c>socketFull</c>.</summary>
    public static Dictionary<string, long> ReceivingOf(IPort port)
    {
        var named = new Dictionary<string, long>();
        foreach (ReceiveLoss loss in s_losses)
        {
            if (port.Counters.RxDroppedByReason[(int)loss] is > 0 and long frames)
                named[loss.Name()] = frames;
        }

        return named;
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
