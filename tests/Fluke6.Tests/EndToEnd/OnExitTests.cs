using System.Diagnostics;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>After the end of a bridge, however it came, the kernel forwards everything or nothing, as the user chose; the next bridge takes over.</summary>
public sealed class OnExitTests : IDisposable
{
    // The names of links go with the file system that they are in, which goes with the last process that sees it.
    private static readonly string[] s_launcher = ["bash", "-c", "mount -t bpf bpf /sys/fs/bpf && \"$@\"; exec sleep 600", "bash"];
    private readonly RuleFolder _rules = new();

    public OnExitTests() => _rules.Write("10-drop.csx", "When(Guard.Icmpv4());\nVerdict Apply(ref Frame frame) => Verdict.Drop;\n");

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void OpenBridgeThatIsKilledIsPassedByAndTheNextTakesOver()
    {
        using var hosts = new TwoHosts(packetPorts: true, s_launcher, ["--rules", _rules.Path, "--on-exit", "open"]);
        IsDropped(hosts);
        Process.Start("kill", ["-KILL", $"{hosts.Bridge.Child}"]).WaitForExit();
        Namespaces.Until(() => LinkNames(hosts).Length == 2 && !hosts.Exec(hosts.Middle, "ss", "-0lnH").Contains("p0", StringComparison.Ordinal), "the bridge's end");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 2);

        using (FlukeProcess next = Next(hosts, "--on-exit", "open"))
        {
            IsDropped(hosts);
            next.Signal("INT");
            Assert.Equal(0, next.WaitForExit());
            Assert.Contains(next.Errors, line => line.StartsWith("fluke6: the kernel forwards everything between p0 and p1 from now on; `rm /sys/fs/bpf/fluke6_", StringComparison.Ordinal));
        }

        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 2);
        // One that is closed leaves nothing, also where it forwards without the kernel's path.
        using FlukeProcess last = Next(hosts, "--fast-path", "off");
        Assert.Empty(LinkNames(hosts));
        IsDropped(hosts);
        last.Signal("INT");
        Assert.Equal(0, last.WaitForExit());
        IsDropped(hosts);
    }

    [Theory]
    [InlineData("--on-exit open and --supervise exclude each other: with --supervise, frames wait while the bridge is restarted", "p0", "--supervise")]
    [InlineData("--on-exit open and --no-offload exclude each other: the kernel forwards frames as they come", "p0", "--no-offload")]
    [InlineData("--on-exit open needs the kernel's path, which --fast-path off leaves out", "p0", "--fast-path", "off")]
    [InlineData("--on-exit open: the kernel cannot forward between tun:fl6open and none: tun:fl6open is no interface that was there before; --on-exit closed does without", "tun:fl6open")]
    public void PortsAndOptionsThatCannotBeOpenAreRefused(string message, string port, params string[] options)
    {
        using var fluke = new FlukeProcess(["bridge", port, "none", "--headless", "--control", "none", "--on-exit", "open", .. options]);
        Assert.NotEqual(0, fluke.WaitForExit());
        Assert.Contains(message, fluke.Errors[0], StringComparison.Ordinal);
    }

    private FlukeProcess Next(TwoHosts hosts, params string[] options)
    {
        var bridge = FlukeProcess.Under(
            ["nsenter", "-t", $"{hosts.Bridge.Id}", "-m", "-n"], ["bridge", "p0", "p1", "--stats", "json", "--rules", _rules.Path, .. options]);
        bridge.WaitFor(() => bridge.TryFindJson("ready", _ => true, out _), "readiness");
        return bridge;
    }

    private static void IsDropped(TwoHosts hosts) => Assert.Contains(
        " 0 received", hosts.Exec(hosts.Left, "sh", "-c", $"ping -n -c 2 -i 0.1 -W 1 {TwoHosts.RightAddress} || true"), StringComparison.Ordinal);

    private static string[] LinkNames(TwoHosts hosts) =>
        Directory.GetFiles($"/proc/{hosts.Bridge.Id}/root/sys/fs/bpf", "fluke6_*");
}
