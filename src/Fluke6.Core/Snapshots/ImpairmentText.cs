using System.Globalization;

namespace Fluke6.Snapshots;

/// <summary>The figures of impairments, in lines that a person reads: the summary's and the dashboard's.</summary>
internal static class ImpairmentText
{
    /// <summary>The lines for what was done to the packets of one direction.</summary>
    public static IEnumerable<string> Lines(ImpairmentRecord figures)
    {
        yield return string.Create(
                CultureInfo.InvariantCulture, $"from {figures.From}: {figures.Packets:N0} packets, {figures.Departed:N0} went on, {Rate(figures.BitsPerSecond)}");
        if (figures.Lost + figures.QueueDropped + figures.NoRoom > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"lost {figures.LossRatio:0.###%}: {figures.Lost:N0} in {figures.LossPeriods:N0} runs of "
                + $"{figures.MeanLossPeriod:0.##} on average, {figures.LongestLossPeriod:N0} at most; {figures.QueueDropped:N0} by the queue"
                + $"{(figures.NoRoom == 0 ? "" : $"; {figures.NoRoom:N0} for want of memory")}");
        }

        if (figures.DelayMost > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"delay {Milliseconds(figures.DelayLeast)} least, {Milliseconds(figures.DelayMedian)} median, "
                + $"{Milliseconds(figures.DelayMean)} mean, {Milliseconds(figures.Delay99)} of 99 %, {Milliseconds(figures.DelayMost)} most; "
                + $"later than asked by {Microseconds(figures.LatenessMedian)} median, "
                + $"{Microseconds(figures.Lateness99)} of 99 %");
        }

        if (figures.Reordered > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"reordered {figures.ReorderedRatio:0.###%}: {figures.Reordered:N0}, passed by {figures.ReorderingExtent:N0} packets at most");
        if (figures.Duplicated > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"duplicated {figures.DuplicationRatio:0.###%}: {figures.Duplicated:N0}");
        if (figures.Corrupted > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"corrupted {figures.Corrupted:N0}, {figures.CorruptedBits:N0} bits");
        if (figures.MostQueued > 0)
            yield return string.Create(
                CultureInfo.InvariantCulture, $"queue: {figures.Queued:N0} packets now, {figures.MostQueued:N0} at most{(figures.CrossTraffic == 0 ? "" : $"; {figures.CrossTraffic:N0} of cross-traffic were sent")}");
    }

    private static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.###} ms");

    private static string Microseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds * 1e3:0.#} us");

    private static string Rate(long bits) => bits switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e9:0.##} Gbit/s"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e6:0.##} Mbit/s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bits / 1e3:0.#} kbit/s"),
    };
}
