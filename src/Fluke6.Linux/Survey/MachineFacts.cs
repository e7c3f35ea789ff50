using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Fluke6.Linux.Survey;

/// <summary>What the kernel says of the machine, and of this process's rights and limits.</summary>
internal sealed unsafe partial record MachineFacts
{
    private const int LimitOfLockedMemory = 8, LimitOfFiles = 7;    // RLIMIT_MEMLOCK, RLIMIT_NOFILE
    private const int ReadsOfTheClock = 2000;

    /// <summary>The rights.</summary>
    public Capabilities Rights { get; init; } = Privilege.Held;

    /// <summary>Whether TAP and TUN interfaces can be asked for here.</summary>
    public bool HasTunDevice { get; init; } = File.Exists("/dev/net/tun");

    /// <summary>Whether the kernel has packet sockets.</summary>
    public bool HasPacketSockets { get; init; } = File.Exists("/proc/thread-self/net/packet");

    /// <summary>The kernel's version.</summary>
    public Version Kernel { get; init; } = Environment.OSVersion.Version;

    /// <summary>The clock that all others are made from, such as <c>tsc</c>; empty if it is not known.</summary>
    public string ClockSource { get; init; } = Text("/sys/devices/system/clocksource/clocksource0/current_clocksource");

    /// <summary>Those that there are.</summary>
    public string ClockSources { get; init; } = Text("/sys/devices/system/clocksource/clocksource0/available_clocksource");

    /// <summary>How long a look at the clock takes, in nanoseconds.</summary>
    public double NanosecondsOfClock { get; init; } = MeasureClock();

    /// <summary>How the processors' frequency is chosen, such as <c>powersave</c>; empty if that is not known here.</summary>
    public string Governor { get; init; } = Text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");

    /// <summary>How many processors this process may use.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>The time that the hypervisor gave to others although it was asked for, of all since the machine began, from 0 to
    /// 1.</summary>
    public double StolenShare { get; init; } = Steal();

    /// <summary>How many bytes this process may keep in memory for good.</summary>
    public ulong LockedMemory { get; init; } = Limit(LimitOfLockedMemory);

    /// <summary>How many files this process may hold open.</summary>
    public ulong OpenFiles { get; init; } = Limit(LimitOfFiles);

    /// <summary>How many frames the processors threw away since their queue of arrivals was full, since the machine began.</summary>
    public long BacklogDropped { get; init; } = Backlog();

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim();
        }
        // A container without /sys, a processor without frequencies.
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static double MeasureClock()
    {
        double best = double.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < ReadsOfTheClock; i++)
                Stopwatch.GetTimestamp();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / ReadsOfTheClock);
        }

        return best;
    }

    // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal.
    private static double Steal()
    {
        long[] times = [.. Text("/proc/stat").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8)
            .Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        return times.Length < 8 || times.Sum() == 0 ? 0 : (double)times[7] / times.Sum();
    }

    // /proc/net/softnet_stat: a line for each processor, whose second number is what was dropped. Of the machine, not of a namespace.
    private static long Backlog() => Text("/proc/net/softnet_stat").Split('\n').Select(line => line.Split(' '))
        .Where(words => words.Length > 1).Sum(words => long.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));

    private static ulong Limit(int resource)
    {
        nuint* limits = stackalloc nuint[2];
        return getrlimit(resource, limits) < 0 ? ulong.MaxValue : limits[0];
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, nuint* limits);
}
