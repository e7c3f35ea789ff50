using System.Globalization;
using Fluke6.Engine;
using Fluke6.Linux.Native;

namespace Fluke6.Linux;

/// <summary>The process's threads, as Linux knows them.</summary>
internal sealed class LinuxThreads : IThreads
{
    // proc_pid_stat(5), counted from after the name in parentheses, which is the second field and may hold anything.
    private const int UserTime = 14 - 3, SystemTime = 15 - 3;
    private const int Niceness = 5;
    private const double TicksPerSecond = 100;    // USER_HZ, part of the kernel's interface

    /// <inheritdoc/>
    public int Current => Scheduler.gettid();

    /// <inheritdoc/>
    /// <remarks>
    /// It gets a quarter of a processor that the bridge wants as well. With less (SCHED_IDLE, nice 19 or 10 were measured), other processes
    /// keep it from running for seconds, and with it all that wait until it lets them collect garbage: the bridge among them.
    /// </remarks>
    public void Demote(int thread) => _ = Scheduler.setpriority(Scheduler.PRIO_PROCESS, thread, Niceness);

    /// <inheritdoc/>
    public TimeSpan? ProcessorTime(int thread)
    {
        string text;
        try
        {
            text = File.ReadAllText($"/proc/self/task/{thread}/stat");
        }
        // It has ended.
        catch (IOException)
        {
            return null;
        }

        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        long ticks = long.Parse(fields[UserTime], CultureInfo.InvariantCulture)
            + long.Parse(fields[SystemTime], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }
}
