using Fluke6.Linux;
using Fluke6.Ports;

namespace Fluke6.Command.Reports;

/// <summary>Which system calls of a port failed how often, by the error's name.</summary>
internal static class ErrorCounts
{
    /// <summary>The errors that occurred, such as <c>EMSGSIZE</c>, and how often.</summary>
    public static IEnumerable<(string Name, long Count)> Of(PortCounters counters)
    {
        for (int number = 0; number < counters.ErrorsByNumber.Length; number++)
        {
            long count = counters.ErrorsByNumber[number];
            if (count > 0)
                yield return (Errno.Name(number), count);
        }
    }

}
