using System.Security.Cryptography;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Ports that are veth pairs: made, used, and gone again, however the bridge ends.</summary>
public sealed class VethTests : IDisposable
{
    private const string LeftAddress = "10.66.1.1", RightAddress = "10.66.1.2";
    private readonly Namespaces _namespaces = new();
    private readonly string _middle;
    private readonly string _left;
    private readonly string _right;

    public VethTests()
    {
        _middle = _namespaces.Add("middle");
        _left = _namespaces.Add("left");
        _right = _namespaces.Add("right");
    }

    private string[] Outer => [.. _namespaces.Ip(_middle, "-o link show type veth").Split('\n', StringSplitOptions.RemoveEmptyEntries)];

    public void Dispose() => _namespaces.Dispose();

    [Fact]
    public void HostsTalkAndTheHostInBetweenDoesNot()
    {
        TwoHosts.RequireTool("nc");
        using FlukeProcess bridge = Start();
        Address();
        _namespaces.Ping(_left, RightAddress, 2);
        _namespaces.Ping(_left, "2001:db8:66::2", 2);
        Assert.Equal(2, Outer.Length);
        Assert.All(Outer, link => Assert.Contains("NOARP", link, StringComparison.Ordinal));
        Assert.Empty(_namespaces.Ip(_middle, "-6 -o address show scope link").Trim());

        // Offload as on any veth: super-segments and partial checksums, from and to both hosts.
        Transfer(_left, _right, RightAddress);
        Transfer(_right, _left, LeftAddress);

        // The outer end takes what the host may send.
        _namespaces.Ip(_left, "link set eth0 mtu 9000");
        _namespaces.Ip(_right, "link set eth0 mtu 9000");
        Namespaces.Until(() => Outer.All(link => link.Contains("mtu 9000", StringComparison.Ordinal)), "both outer ends to take 9000 bytes");
        Assert.Contains(" 1 received", _namespaces.Exec(_left, "ping", "-n", "-c", "1", "-W", "20", "-M", "do", "-s", "8000", RightAddress));

        bridge.Signal("TERM");
        Assert.Equal(0, bridge.WaitForExit());
        Assert.Empty(Outer);
        Assert.Empty(_namespaces.Ip(_left, "-o link show type veth"));
        Assert.DoesNotContain(bridge.Errors, line => line.Contains("warning", StringComparison.Ordinal));
    }

    [Fact]
    public void WhatAKilledBridgeLeftTheNextOneReplaces()
    {
        using (FlukeProcess killed = Start())
        {
            string[] before = Outer;
            using var second = FlukeProcess.In(_middle, "bridge", $"veth:eth0@{_left}", "none", "--stats", "json");
            Assert.Equal(1, second.WaitForExit());
            Assert.Contains("another fluke6 (pid", Assert.Single(second.Errors), StringComparison.Ordinal);
            Assert.Equal(before, Outer);
            killed.Signal("KILL");
            killed.WaitForExit();
        }

        Assert.Equal(2, Outer.Length);
        using FlukeProcess next = Start();
        Address();
        _namespaces.Ping(_left, RightAddress, 1);
        Assert.Equal(2, Outer.Length);
        next.Signal("TERM");
        Assert.Equal(0, next.WaitForExit());
        Assert.Empty(Outer);
    }

    [Fact]
    public void PairOutlivesTheBridgesProcessUnderSupervision()
    {
        using var rules = new RuleFolder();
        rules.Write("20-ends.csx", RuleThatEndsTheProcess.At("Environment.Exit(9)"));
        using FlukeProcess bridge = Start("-r", rules.Path, "--supervise");
        Address();
        string[] before = Outer;
        _ = _namespaces.Exec(_left, "sh", "-c", $"ping -n -c 1 -W 1 {RightAddress} || true");
        bridge.WaitForJson("restart", _ => true);
        Assert.Equal(before, Outer);
        bridge.Signal("TERM");
        Assert.Equal(0, bridge.WaitForExit());
        Assert.Empty(Outer);
    }

    [Fact]
    public void NameThatIsTakenIsToldAndNothingStays()
    {
        _namespaces.Ip(_right, "link add eth0 type veth peer name eth1");
        using var bridge = FlukeProcess.In(_middle, "bridge", $"veth:eth0@{_left}", $"veth:eth0@{_right}", "--stats", "json");
        Assert.Equal(1, bridge.WaitForExit());
        string line = Assert.Single(bridge.Errors);
        Assert.Contains($"{_right} has an interface of that name", line, StringComparison.Ordinal);
        Assert.Contains($"`ip -n {_right} link delete eth0`", line, StringComparison.Ordinal);
        Assert.Empty(Outer);
    }

    private FlukeProcess Start(params string[] options) => FlukeProcess.Bridge(_middle, $"veth:eth0@{_left}", $"veth:eth0@{_right}", options);

    private void Address()
    {
        _namespaces.Address(_left, "eth0", LeftAddress, "2001:db8:66::1");
        _namespaces.Address(_right, "eth0", RightAddress, "2001:db8:66::2");
    }

    private void Transfer(string from, string to, string address)
    {
        const int Length = 20_000_000;
        string digest = _namespaces.Exec(
            to, "bash", "-c",
            $"nc -l 5201 | sha256sum & until ss -Htln | grep -q :5201; do :; done; "
                + $"ip netns exec {from} sh -c 'head -c {Length} /dev/zero | nc -N {address} 5201'; wait");
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(new byte[Length])), digest.Split(' ')[0]);
    }
}
