using System.Net.Sockets;
using System.Text.Json;
using Fluke6.Command.Doctor;
using Fluke6.Frames;
using Fluke6.Linux;
using Fluke6.Linux.Survey;
using Fluke6.Ports;

namespace Fluke6.Command.Tests.Doctor;

/// <summary>With traffic: why frames that arrive on one side do not leave by the other. And the command itself.</summary>
public sealed class TrafficTests : IDisposable
{
    private static readonly byte[] s_frame = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5, .. new byte[46]];
    private readonly DoctorLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void WithoutABridgeItSaysSo()
    {
        var watch = new TrafficWatch(_lab.Examine());
        Send("h0");
        IReadOnlyList<Finding> findings = watch.Compare();
        Assert.Equal(Severity.Serious, findings[0].Severity);
        Assert.Equal("3 frames arrived at p0 and 0 left by p1", findings[0].Seen);
        Assert.Equal("no fluke6 bridges these ports", findings[0].Harm);
        Assert.Contains(findings, finding => finding.Seen.StartsWith("no frame arrived at p1", StringComparison.Ordinal));
    }

    [Fact]
    public void WhereFramesPassItSaysHowMany()
    {
        var watch = new TrafficWatch(_lab.Examine());
        Send("h0");
        Send("p1");
        Assert.Contains(watch.Compare(), finding => finding is { Severity: Severity.Note,
            Seen: "3 frames arrived at p0 and 3 left by p1" });
    }

    [Theory]
    [InlineData("", "MAC spoof protection", "tcpdump -c 1 -ni p0 inbound")]
    [InlineData("hv_netvsc", "Hyper-V drops frames", "Set-VMNetworkAdapter -VMName NAME -MacAddressSpoofing On")]
    public void WhereFramesLeaveAndNothingComesBackTheHostMayKeepThemAway(string driver, string harm, string command)
    {
        const string Seen = "3 frames left by p0, and none arrived there meanwhile";
        var watch = new TrafficWatch(driver.Length == 0 ? _lab.Examine() : _lab.WithCard(new CardFacts { Driver = driver }));
        Send("h1");
        Send("p0");
        IReadOnlyList<Finding> findings = watch.Compare();
        Assert.Contains(findings, finding => finding.Seen == "3 frames arrived at p1 and 3 left by p0");
        Finding silent = Assert.Single(findings, finding => finding.Seen == Seen);
        Assert.Equal(Severity.Warning, silent.Severity);
        Assert.Contains(harm, silent.Harm, StringComparison.Ordinal);
        Assert.EndsWith(command, silent.Command, StringComparison.Ordinal);

        // Where something comes back, nobody keeps it away.
        Send("h0");
        Assert.DoesNotContain(watch.Compare(), finding => finding.Seen == Seen);
    }

    [Fact]
    public void WhatTheOtherSideLacksIsTheCause()
    {
        using IPort left = PortSpecification.Parse($"p0@{_lab.Middle}").Open(offload: true);
        using IPort right = PortSpecification.Parse($"p1@{_lab.Middle}").Open(offload: true);
        Cause("", "the rules drop or answer them", "bytes of frames wait");
        _lab.Do("ip link set h1 down");
        Namespaces.Until(() => !_lab.Examine().Right.Link!.HasCarrier, "p1 to have no signal");
        Cause("", "p1 has no signal");
        Cause("ip link set p1 down", "p1 is down");
    }

    [Fact]
    public void TapsHostSendsWhatArrivesThere()
    {
        _lab.Do("ip tuntap add t0 mode tap");
        using IPort tap = PortSpecification.Parse($"tap:t0@{_lab.Middle}").Open(offload: true);
        var watch = new TrafficWatch(_lab.Examine("tap:t0", "p1"));
        Send("t0");
        var batch = new FrameBatch(tap.BatchSize, new FrameUndo());
        Namespaces.Until(() =>
        {
            tap.Receive(batch, Side.Left, 1500);
            return tap.Counters.RxFrames >= 3;
        }, "the frames");
        Assert.Contains(watch.Compare(), finding => finding.Seen == $"{tap.Counters.RxFrames} frames arrived at t0 and 0 left by p1");
    }

    [Fact]
    public void CommandFindsABridgeThatIsStoppedAndWhatThatOneWarnedOf()
    {
        _lab.Do("ip address add 192.0.2.1/24 dev p0 && ip address add 198.51.100.1/24 dev p1 && sysctl -qw net.ipv4.conf.all.forwarding=1");
        using FlukeProcess bridge = FlukeProcess.Bridge(_lab.Middle, "p0", "p1", "--fast-path", "off");
        bridge.WaitFor(() => bridge.Errors.Any(line => line.StartsWith("fluke6: warning: the kernel forwards IPv4 between p0 and p1",
            StringComparison.Ordinal)), "the warning");
        bridge.Signal("STOP");
        try
        {
            var watch = new TrafficWatch(_lab.Examine());
            Send("h0");
            Assert.Equal($"kill -CONT {bridge.Id}", watch.Compare()[0].Command);
            using FlukeProcess doctor = FlukeProcess.In(_lab.Middle, "doctor", "p0", "p1", "--json", "--watch", "0.1");
            Assert.Equal(1, doctor.WaitForExit());
            JsonElement[] lines = [.. doctor.Output.Select(line => JsonDocument.Parse(line).RootElement)];
            JsonElement forwarding = Assert.Single(lines, line => line.GetProperty("type").GetString() == "finding"
                && line.GetProperty("check").GetString() == "forwarding");
            Assert.Equal(("serious", "sysctl -w net/ipv4/conf/p0/forwarding=0 net/ipv4/conf/p1/forwarding=0"),
                (forwarding.GetProperty("severity").GetString(), forwarding.GetProperty("command").GetString()));
            Assert.Equal(("doctor", Checks.All.Count + 1), (lines[^1].GetProperty("type").GetString(), lines[^1].GetProperty("checks")
                .GetInt32()));
            Assert.Empty(doctor.Errors);
        }
        finally
        {
            bridge.Signal("CONT");
        }
    }

    private void Cause(string command, params string[] causes)
    {
        if (command.Length > 0)
            _lab.Do(command);
        var watch = new TrafficWatch(_lab.Examine());
        Send("h0");
        string harm = Assert.Single(watch.Compare(), finding => finding.Severity == Severity.Serious).Harm;
        Assert.Contains(causes, cause => harm.Contains(cause, StringComparison.Ordinal));
    }

    private void Send(string name)
    {
        using Socket socket = PacketSocket.Open(_lab.Middle, _lab.Examine(name).Left.Link!.Index);
        for (int i = 0; i < 3; i++)
            socket.Send(s_frame);
    }
}
