using Fluke6.Command.Doctor;
using Fluke6.Linux;
using Fluke6.Linux.Survey;
using Fluke6.Scripting.Compiling;

namespace Fluke6.Command.Tests.Doctor;

/// <summary>The machine, the user's rights and limits, rules and the folder where compiled ones are kept.</summary>
public sealed class MachineTests
{
    private static readonly MachineFacts s_good = new()
    {
        Rights = Capabilities.NetworkAdministration | Capabilities.PacketSockets | Capabilities.SystemAdministration,
        HasTunDevice = true,
        HasPacketSockets = true,
        Kernel = new Version(6, 12),
        ClockSource = "tsc",
        ClockSources = "tsc hpet",
        NanosecondsOfClock = 20,
        Governor = "performance",
        Processors = 4,
        StolenShare = 0.001,
        LockedMemory = 64 << 20,
        OpenFiles = 1024,
        BacklogDropped = 0,
    };

    /// <summary>Each makes one thing worse.</summary>
    private static readonly Dictionary<string, Func<MachineFacts, MachineFacts>> s_worse = new()
    {
        ["rights"] = facts => facts with { Rights = Capabilities.NetworkAdministration },
        ["tun-device"] = facts => facts with { HasTunDevice = false },
        ["packet-sockets"] = facts => facts with { HasPacketSockets = false },
        ["kernel"] = facts => facts with { Kernel = new Version(5, 15) },
        ["clock"] = facts => facts with { ClockSource = "hpet", NanosecondsOfClock = 900 },
        ["governor"] = facts => facts with { Governor = "powersave" },
        ["processors"] = facts => facts with { Processors = 1 },
        ["steal"] = facts => facts with { StolenShare = 0.2 },
        ["backlog"] = facts => facts with { BacklogDropped = 12 },
        ["locked-memory"] = facts => facts with { LockedMemory = 64 << 10, Kernel = new Version(5, 4) },
        ["open-files"] = facts => facts with { OpenFiles = 100 },
    };

    [Theory]
    [InlineData("rights", "this user lacks CAP_NET_RAW", "sudo fluke6 bridge eth1 tap:t0", "Serious")]
    [InlineData("tun-device", "there is no /dev/net/tun", "modprobe tun", "Serious")]
    [InlineData("packet-sockets", "the kernel has no packet sockets", "modprobe af_packet", "Serious")]
    [InlineData("kernel", "the kernel is Linux 5.15", "uname -r", "Note")]
    [InlineData("clock", "the clock source is hpet, and a look at the clock takes 900 ns",
        "echo tsc > /sys/devices/system/clocksource/clocksource0/current_clocksource", "Warning")]
    [InlineData("governor", "the processor saves power (governor powersave)", "cpupower frequency-set -g performance", "Note")]
    [InlineData("processors", "there is one processor for this process", "taskset -pc 0-1 $$", "Note")]
    [InlineData("steal", "the hypervisor gave 20 % of this machine's time to others since it began", "vmstat 1", "Warning")]
    [InlineData("backlog", "processors threw 12 frames away since the machine began: they came faster than they were taken",
        "sysctl -w net.core.netdev_max_backlog=10000", "Note")]
    [InlineData("locked-memory", "this process may lock 64 KiB", "ulimit -l unlimited", "Note")]
    [InlineData("open-files", "this process may open 100 files", "ulimit -n 1024", "Serious")]
    public void WorseMachineIsSeen(string check, string seen, string command, string severity)
    {
        Assert.Empty(DoctorLab.Look(check, About(s_good)));
        Finding finding = Assert.Single(DoctorLab.Look(check, About(s_worse[check](s_good))));
        Assert.Equal((seen, command, severity), (finding.Seen, finding.Command, $"{finding.Severity}"));
    }

    [Fact]
    public void ThisMachineIsLookedAt()
    {
        var facts = new MachineFacts();
        Assert.InRange(facts.NanosecondsOfClock, 1, 1e6);
        Assert.InRange(facts.StolenShare, 0, 1);
        Assert.InRange(facts.OpenFiles, 192UL, ulong.MaxValue);
        Assert.True(facts.Kernel >= new Version(4, 20));
        Assert.Equal(File.ReadAllText("/sys/devices/system/clocksource/clocksource0/current_clocksource").Trim(), facts.ClockSource);
    }

    [Fact]
    public void RulesThatOthersMayWriteAreSeenAndMended()
    {
        using var folder = new RuleFolder();
        string rule = folder.Write("10-x.csx", "void Apply(ref Frame frame) { }\n");
        Examination about = About(s_good) with { Rules = [folder.Path] };
        Assert.Empty(DoctorLab.Look("rules", about));
        File.SetUnixFileMode(rule, (UnixFileMode)0x1B6);    // 0666
        Finding finding = Assert.Single(DoctorLab.Look("rules", about));
        Assert.Equal((Severity.Serious, $"chmod go-w {rule}"), (finding.Severity, finding.Command));
        Run(finding.Command);
        Assert.Empty(DoctorLab.Look("rules", about));
    }

    [Fact]
    public void FolderForCompiledRulesThatOthersMayReadIsSeenAndMended()
    {
        using var folder = new RuleFolder();
        string cache = Directory.CreateDirectory(folder["cache"]).FullName;
        Examination about = About(s_good) with { UnusableCache = () => new CompiledRuleCache(cache, 1 << 20, TimeSpan.FromMinutes(1))
            .Unusable() };
        File.SetUnixFileMode(cache, (UnixFileMode)0x1FF);    // 0777
        Finding finding = Assert.Single(DoctorLab.Look("cache", about));
        Assert.Equal(Severity.Note, finding.Severity);
        Run(finding.Command);
        Assert.Empty(DoctorLab.Look("cache", about));
    }

    [Fact]
    public void FolderForCompiledRulesThatCannotBeMadeIsSeenAndNoneIsNoTrouble()
    {
        using var folder = new RuleFolder();
        string file = folder.Write("file", "");
        Examination about = About(s_good) with { UnusableCache = () => new CompiledRuleCache($"{file}/cache", 1 << 20,
            TimeSpan.FromMinutes(1)).Unusable() };
        Assert.Contains("cannot be made", Assert.Single(DoctorLab.Look("cache", about)).Seen, StringComparison.Ordinal);
        Assert.Empty(DoctorLab.Look("cache", about with { UnusableCache = () => new CompiledRuleCache(null, 0, TimeSpan.Zero)
            .Unusable() }));
    }

    [Theory]
    [InlineData("NetworkManager/devices", "[device]\nmanaged=true\n", "[device]\nmanaged=false\n", "nmcli device set lo managed no")]
    [InlineData("systemd/netif/links", "ADMIN_STATE=configured\n", "ADMIN_STATE=unmanaged\n", "networkctl reload")]
    public void ProgramThatManagesAnInterfaceIsSeen(string path, string managed, string unmanaged, string command)
    {
        using var folder = new RuleFolder();
        Examination about = Examination.Of(PortSpecification.Parse("lo"), PortSpecification.Parse("none")) with { RunFolder = folder.Path };
        Assert.Empty(DoctorLab.Look("manager", about));
        string file = $"{path}/{about.Left.Link!.Index}";
        folder.Write(file, unmanaged);
        Assert.Empty(DoctorLab.Look("manager", about));
        folder.Write(file, managed);
        Assert.Contains(command, Assert.Single(DoctorLab.Look("manager", about)).Command, StringComparison.Ordinal);
    }

    private static Examination About(MachineFacts machine) =>
        Examination.Of(PortSpecification.Parse("eth1"), PortSpecification.Parse("tap:t0")) with { Machine = machine };

    private static void Run(string command)
    {
        using System.Diagnostics.Process shell = System.Diagnostics.Process.Start("sh", ["-c", command]);
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
