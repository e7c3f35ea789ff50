using Fluke6.Linux.Survey;
using Fluke6.Scripting;
using Fluke6.Scripting.Files;

namespace Fluke6.Command.Doctor;

/// <summary>The machine, this process's limits, and what a bridge needs beside its ports.</summary>
internal static class MachineChecks
{
    private const double SlowClock = 250, MuchSteal = 0.05;
    private const ulong LittleLockedMemory = 8 << 20;
    private const string Offer = "; type '", Alternative = "', or start with";
    private static readonly string[] s_goodClocks = ["tsc", "kvm-clock", "arch_sys_counter", "hyperv_clocksource_tsc_page", ""];
    private static readonly Version s_chargesUsers = new(5, 11);

    public static IReadOnlyList<Check> All { get; } =
    [
        new("clock", "whether the machine's clock is slow to read", Clock),
        new("governor", "whether the processor saves power", Governor),
        new("processors", "whether there are enough processors", Processors),
        new("steal", "whether the hypervisor gives processor time to others", Steal),
        new("backlog", "whether processors threw frames away that came too fast", Backlog),
        new("locked-memory", "whether the kernel may keep the fast path in memory", LockedMemory),
        new("open-files", "whether enough files may be open", OpenFiles),
        new("cache", "whether compiled rules can be kept", Cache),
        new("rules", "whether the rules (-r) may be trusted", Rules),
    ];

    private static IEnumerable<Finding> Clock(Examination about)
    {
        MachineFacts machine = about.Machine;
        if (s_goodClocks.Contains(machine.ClockSource) && machine.NanosecondsOfClock < SlowClock)
            yield break;

        string? better = machine.ClockSources.Split(' ').FirstOrDefault(source => source.Length > 0 && s_goodClocks.Contains(source)
            && source != machine.ClockSource);
        yield return new(Severity.Warning, $"the clock source is {machine.ClockSource}, and a look at the clock takes "
            + $"{machine.NanosecondsOfClock:0} ns",
            "each batch of frames and each timer looks at the clock", better is null
                ? "cat /sys/devices/system/clocksource/clocksource0/available_clocksource"
                    : $"echo {better} > /sys/devices/system/clocksource/clocksource0/current_clocksource");
    }

    private static IEnumerable<Finding> Governor(Examination about)
    {
        if (about.Machine.Governor == "powersave")
            yield return new(Severity.Note, "the processor saves power (governor powersave)",
                "frames that come now and then wait until it is awake", "cpupower frequency-set -g performance");
    }

    private static IEnumerable<Finding> Processors(Examination about)
    {
        if (about.Machine.Processors < 2)
        {
            yield return new(Severity.Note, "there is one processor for this process",
                "the bridge's thread, the kernel's, the compiler's and the report's share it",
                "taskset -pc 0-1 $$");
        }
    }

    private static IEnumerable<Finding> Steal(Examination about)
    {
        if (about.Machine.StolenShare >= MuchSteal)
        {
            yield return new(Severity.Warning, $"the hypervisor gave {about.Machine.StolenShare:P0} of this machine's time to others "
                + $"since it began",
                "frames wait meanwhile, and figures are not those of the rules", "vmstat 1");
        }
    }

    private static IEnumerable<Finding> Backlog(Examination about)
    {
        if (about.Machine.BacklogDropped > 0)
        {
            yield return new(Severity.Note, $"processors threw {about.Machine.BacklogDropped:N0} frames away since the machine began: "
                + $"they came faster than they were taken",
                "those of veth pairs, TAPs and loopback wait there: lost frames are not the rules' doing",
                    "sysctl -w net.core.netdev_max_backlog=10000");
        }
    }

    private static IEnumerable<Finding> LockedMemory(Examination about)
    {
        if (about.Machine.LockedMemory < LittleLockedMemory && about.Machine.Kernel < s_chargesUsers)
            yield return new(Severity.Note, $"this process may lock {about.Machine.LockedMemory / 1024:N0} KiB",
                "the kernel refuses the fast path's tables", "ulimit -l unlimited");
    }

    private static IEnumerable<Finding> OpenFiles(Examination about)
    {
        if (about.Machine.OpenFiles < ResourceLimits.LeastFiles)
            yield return new(Severity.Serious, $"this process may open {about.Machine.OpenFiles} files",
                $"a bridge needs {ResourceLimits.LeastFiles}", "ulimit -n 1024");
    }

    private static IEnumerable<Finding> Cache(Examination about)
    {
        if (about.UnusableCache() is { } unusable)
            yield return new(Severity.Note, unusable.Why, "a start takes a second or two more",
                $"mkdir -p -m 700 {unusable.Folder} && chmod go-rwx {unusable.Folder}");
    }

    private static IEnumerable<Finding> Rules(Examination about)
    {
        foreach (string refused in RulePaths.Refused(about.Rules, FileTrust.OfCaller))
        {
            int offer = refused.IndexOf(Offer, StringComparison.Ordinal), end = refused.IndexOf(Alternative, StringComparison.Ordinal);
            yield return new(Severity.Serious, offer < 0 ? refused : refused[..offer], "a bridge does not start with these rules",
                offer < 0 || end < 0 ? "" : refused[(offer + Offer.Length)..end]);
        }
    }
}
