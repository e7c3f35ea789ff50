namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>The rights that a bridge has once its ports are open, in each of its threads.</summary>
public sealed class PrivilegeTests : IDisposable
{
    private const ulong ReadAndWriteAnything = 1 << 1, NetworkAdministration = 1 << 12;
    private readonly RuleFolder _rules = new();

    public PrivilegeTests() => _rules.Write("10-watches.csx", "void Apply(ref Frame frame) => frame.Hit();\n");

    public void Dispose() => _rules.Dispose();

    [Theory]
    [InlineData(true, false, 0ul)]
    [InlineData(true, true, 0ul)]
    [InlineData(false, false, NetworkAdministration)]
    [InlineData(false, true, NetworkAdministration)]
    public void EveryThreadHasNoMoreThanItNeeds(bool packetPorts, bool supervised, ulong expected)
    {
        using var hosts = new TwoHosts(packetPorts, ["--rules", _rules.Path, .. supervised ? ["--supervise"] : (string[])[]]);
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
        // Its compiler, and either its parent or the witness of its end.
        int[] processes = [hosts.Bridge.Id, .. Descendants(hosts.Bridge.Id)];
        Assert.Equal(3, processes.Length);
        foreach (string[] status in processes.SelectMany(Threads))
        {
            Assert.Equal(expected, Set(status, "CapEff"));
            Assert.Equal(expected, Set(status, "CapPrm"));
            Assert.Equal(expected, Set(status, "CapBnd"));
            Assert.Equal(1ul, Set(status, "NoNewPrivs"));
        }
    }

    private static IEnumerable<int> Descendants(int process)
    {
        int[] children = [.. Directory.GetDirectories($"/proc/{process}/task")
            .SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(int.Parse)];
        return children.Concat(children.SelectMany(Descendants));
    }

    [Fact]
    public void KeepPrivilegesKeepsThem()
    {
        using var hosts = new TwoHosts(packetPorts: true, "--rules", _rules.Path, "--keep-privileges");
        ulong ours = Set(File.ReadAllLines("/proc/self/status"), "CapEff");
        Assert.All(Threads(hosts.Bridge.Id), status => Assert.Equal((ours, 0ul), (Set(status, "CapEff"), Set(status, "NoNewPrivs"))));
    }

    [Fact]
    public void RulesInAFolderThatIsClosedToRootWithoutRightsAreRead()
    {
        System.Diagnostics.Process.Start("chmod", ["700", _rules.Path]).WaitForExit();
        System.Diagnostics.Process.Start("chown", ["65534", _rules.Path]).WaitForExit();
        using var hosts = new TwoHosts(packetPorts: true, "--rules", _rules.Path, "--trust-any");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 1);
        Assert.All(Threads(hosts.Bridge.Id), status => Assert.Equal(ReadAndWriteAnything, Set(status, "CapEff")));
    }

    [Fact]
    public void InterfaceThatVanishedComesBackWithoutRights()
    {
        using var hosts = new TwoHosts(packetPorts: true, "--rules", _rules.Path);
        hosts.Ip(hosts.Middle, "link delete p0");
        hosts.Bridge.WaitForJson("stats", json => Port(json) == "gone");
        hosts.Ip(hosts.Left, $"link add h0 type veth peer name p0 netns {hosts.Middle}");
        hosts.Ip(hosts.Middle, "link set p0 up");
        hosts.Ip(hosts.Left, "link set h0 up");
        hosts.Ip(hosts.Left, $"address add {TwoHosts.LeftAddress}/24 dev h0");
        hosts.Bridge.WaitFor(() => Port(hosts.Bridge.LastJson("stats")) == "up", "the port to be up");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 2);
        Assert.DoesNotContain("promiscuity 0 ", hosts.Ip(hosts.Middle, "-d link show p0"));
    }

    [Fact]
    public void TapThatVanishedComesBackWithWhatIsKept()
    {
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        hosts.Ip(hosts.Left, "link delete eth0");
        hosts.Bridge.WaitForJson("stats", json => Port(json) == "gone");
        hosts.Ip(hosts.Left, "tuntap add eth0 mode tap");
        hosts.Bridge.WaitFor(() => Port(hosts.Bridge.LastJson("stats")) == "up", "the port to be up");
        hosts.Ip(hosts.Left, $"address add {TwoHosts.LeftAddress}/24 dev eth0");
        hosts.Ping(hosts.Left, TwoHosts.RightAddress, 2);
    }

    private static string? Port(System.Text.Json.JsonElement stats) => stats.GetProperty("ports").GetProperty("left").GetProperty("state").GetString();

    private static IEnumerable<string[]> Threads(int process) =>
        [.. Directory.GetDirectories($"/proc/{process}/task").Select(task => File.ReadAllLines($"{task}/status"))];

    private static ulong Set(string[] status, string name) => Convert.ToUInt64(
        status.First(line => line.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..].Trim(), 16);
}
