using Fluke6.Command.Doctor;
using Fluke6.Linux;
using Fluke6.Linux.KernelPath;
using Fluke6.Linux.Native;
using Fluke6.Linux.Survey;
using Fluke6.Ports;
using Microsoft.Win32.SafeHandles;

namespace Fluke6.Command.Tests.Doctor;

/// <summary>Troubles that are no setting: ports that are not there, sockets and programs of others, what only some cards have.</summary>
public sealed class PortTests : IDisposable
{
    private readonly DoctorLab _lab = new();

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void MissingInterfaceIsNamedWithTheWaysToFindOrMakeOne()
    {
        Finding finding = Assert.Single(DoctorLab.Look("missing", _lab.Examine("nowhere0")));
        Assert.Equal((Severity.Serious, "there is no interface nowhere0", $"ip -n {_lab.Middle} link"), (finding.Severity, finding.Seen,
            finding.Command));
        Assert.Empty(DoctorLab.Look("missing", _lab.Examine()));
        // The bridge makes these.
        Assert.Empty(DoctorLab.Look("missing", _lab.Examine("tap:t0", $"veth:x0@{_lab.Middle}")));
    }

    [Fact]
    public void SecondNameOfAnInterfaceIsTheSameInterface()
    {
        Assert.Empty(DoctorLab.Look("same-interface", _lab.Examine()));
        _lab.Do("ip link property add dev p0 altname other");
        Assert.Equal(Severity.Serious, Assert.Single(DoctorLab.Look("same-interface", _lab.Examine("p0", "other"))).Severity);
        Assert.Single(DoctorLab.Look("same-interface", _lab.Examine("tap:t0", "tap:t0")));
    }

    [Fact]
    public void BothEndsOfOnePairMakeACircle()
    {
        Assert.Empty(DoctorLab.Look("one-pair", _lab.Examine()));
        Finding finding = Assert.Single(DoctorLab.Look("one-pair", _lab.Examine("p0", "h0")));
        Assert.Equal(Severity.Serious, finding.Severity);
        Assert.Contains("circles", finding.Harm, StringComparison.Ordinal);
    }

    [Fact]
    public void InterfacesInTwoNamespacesHaveNoFastPath()
    {
        Assert.Empty(DoctorLab.Look("two-namespaces", _lab.Examine()));
        string other = _lab.Add("other");
        _lab.Do($"ip link add x0 type veth peer name x1 && ip link set x1 netns {other}");
        Assert.Equal($"ip -n {other} link set x1 netns {_lab.Middle}", Assert.Single(DoctorLab.Look("two-namespaces", _lab.Examine("x0",
            $"x1@{other}"))).Command);
    }

    [Theory]
    [InlineData("p0@fl6-no-such-namespace")]
    [InlineData("veth:x0@fl6-no-such-namespace")]
    public void NamespaceThatIsNotThereIsNamed(string port)
    {
        Assert.Empty(DoctorLab.Look("namespace", _lab.Examine()));
        Finding finding = Assert.Single(DoctorLab.Look("namespace", _lab.Examine(port)));
        Assert.Equal((Severity.Serious, "ip netns add fl6-no-such-namespace"), (finding.Severity, finding.Command));
        Assert.Empty(DoctorLab.Look("namespace", _lab.Examine("p0", $"veth:x0@{_lab.Middle}")));
        // Others see nothing there, and say nothing.
        Assert.DoesNotContain(Checks.Of(_lab.Examine(port)), found => found.Check.Name is "missing" or "down");
    }

    [Fact]
    public void LinkThatIsNotEthernetIsRefused()
    {
        Assert.Empty(DoctorLab.Look("ethernet", _lab.Examine()));
        _lab.Do("ip tuntap add u0 mode tun");
        Assert.Contains("not Ethernet", Assert.Single(DoctorLab.Look("ethernet", _lab.Examine("u0"))).Seen, StringComparison.Ordinal);
        Assert.Empty(DoctorLab.Look("ethernet", _lab.Examine("tun:u0", "none")));
    }

    [Fact]
    public void AnotherFluke6IsNamedAndOneThatHasBothIsTheOneLookedAt()
    {
        Assert.Empty(DoctorLab.Look("another-fluke6", _lab.Examine()));
        using (IPort left = Open("p0"))
        {
            Finding taken = Assert.Single(DoctorLab.Look("another-fluke6", _lab.Examine()));
            Assert.Equal((Severity.Serious, $"kill {Environment.ProcessId}"), (taken.Severity, taken.Command));
            Assert.Empty(DoctorLab.Look("packet-socket", _lab.Examine()));
            Assert.Empty(DoctorLab.Look("promiscuity", _lab.Examine()));
            using IPort right = Open("p1");
            Assert.Equal(Severity.Note, Assert.Single(DoctorLab.Look("another-fluke6", _lab.Examine())).Severity);
        }

        Assert.Empty(DoctorLab.Look("another-fluke6", _lab.Examine()));
    }

    [Fact]
    public void BridgedInterfaceThatIsNotPromiscuousIsSeen()
    {
        int index = _lab.Examine().Left.Link!.Index;
        using (_lab.In(() => InterfaceLock.Take(index, "p0", mayWait: false)))
        {
            Finding finding = Assert.Single(DoctorLab.Look("promiscuity", _lab.Examine()));
            Assert.Equal((Severity.Serious, $"ip -n {_lab.Middle} link set p0 promisc on"), (finding.Severity, finding.Command));
            _lab.Mends("promiscuity", finding);
        }
    }

    [Fact]
    public void PacketSocketOfAnotherProgramIsNamed()
    {
        Assert.Empty(DoctorLab.Look("packet-socket", _lab.Examine()));
        using (System.Net.Sockets.Socket _ = PacketSocket.Open(_lab.Middle, _lab.Examine().Left.Link!.Index))
        {
            Finding finding = Assert.Single(DoctorLab.Look("packet-socket", _lab.Examine()));
            Assert.Contains($"(pid {Environment.ProcessId}) has a packet socket at p0", finding.Seen, StringComparison.Ordinal);
            Assert.Equal($"kill {Environment.ProcessId}", finding.Command);
        }

        // A process that another test is just starting holds a copy of the descriptor until it becomes its program.
        Namespaces.Until(() => DoctorLab.Look("packet-socket", _lab.Examine()).Count == 0, "the socket to be closed");
    }

    [Theory]
    [InlineData("xdp", 37u, 6u, "an XDP program is attached to p0")]
    [InlineData("tcx", Bpf.BPF_TCX_INGRESS, Bpf.BPF_PROG_TYPE_SCHED_CLS, "programs see what arrives at p0")]
    [InlineData("tcx", Bpf.BPF_TCX_EGRESS, Bpf.BPF_PROG_TYPE_SCHED_CLS, "programs see what leaves by p0")]
    public void ProgramsOfOthersAreSeen(string check, uint at, uint type, string seen)
    {
        Assert.Empty(DoctorLab.Look(check, _lab.Examine()));
        var code = new BpfCode();
        code.Do(Operation.Move, Register.R0, 2);    // XDP_PASS; the other kind is done with the frame
        code.Exit();
        using SafeFileHandle program = BpfObjects.Load(type, code.ToArray());
        int index = _lab.Examine().Left.Link!.Index;
        using (_lab.In(() => BpfObjects.Attach(program, index, at)))
        {
            Finding finding = Assert.Single(DoctorLab.Look(check, _lab.Examine()));
            Assert.StartsWith(seen, finding.Seen, StringComparison.Ordinal);
            Assert.Equal(Severity.Warning, finding.Severity);
        }

        Namespaces.Until(() => DoctorLab.Look(check, _lab.Examine()).Count == 0, "the program to be gone");
    }

    [Theory]
    [InlineData("lro", "rx-lro", "ethtool -K p0 lro off")]
    [InlineData("gro-hw", "rx-gro-hw", "ethtool -K p0 rx-gro-hw off")]
    [InlineData("ntuple", "rx-ntuple-filter", "ethtool -K p0 ntuple off")]
    [InlineData("tc-offload", "hw-tc-offload", "ethtool -K p0 hw-tc-offload off")]
    [InlineData("vlan-filter", "rx-vlan-filter", "ethtool -K p0 rx-vlan-filter off")]
    public void FeaturesThatHideFramesAreSeen(string check, string feature, string command)
    {
        Assert.Empty(DoctorLab.Look(check, _lab.Examine()));
        CardFacts card = _lab.Examine().Left.Network.CardOf(_lab.Examine().Left.Link!);
        Assert.Contains("tx-checksum-ip-generic", card.Features);
        Finding finding = Assert.Single(DoctorLab.Look(check,
            _lab.WithCard(card with { Features = new HashSet<string>(card.Features) { feature } })));
        Assert.Equal($"ip netns exec {_lab.Middle} {command}", finding.Command);
    }

    [Theory]
    [InlineData("hv_netvsc", "MacAddressSpoofing", "Warning")]
    [InlineData("vmxnet3", "--allow-promiscuous=true", "Warning")]
    [InlineData("virtio_net", "--disable-port-security", "Note")]
    public void CardsOfHypervisorsAreNamedWithWhatTheirHostsNeed(string driver, string command, string severity)
    {
        Assert.Equal("veth", _lab.Examine().Left.Network.CardOf(_lab.Examine().Left.Link!).Driver);
        Assert.Empty(DoctorLab.Look("hypervisor", _lab.Examine()));
        Finding finding = Assert.Single(DoctorLab.Look("hypervisor", _lab.WithCard(new CardFacts { Driver = driver })));
        Assert.Contains(command, finding.Command, StringComparison.Ordinal);
        Assert.Equal(severity, $"{finding.Severity}");
    }

    [Fact]
    public void RadioIsSeen()
    {
        Assert.Empty(DoctorLab.Look("wireless", _lab.Examine()));
        Assert.Equal(Severity.Serious, Assert.Single(DoctorLab.Look("wireless", _lab.WithCard(new CardFacts { IsWireless = true })))
            .Severity);
    }

    [Fact]
    public void FramesThatACardHadNoRoomForAreSeen()
    {
        Assert.Empty(DoctorLab.Look("ring", _lab.Examine()));
        Examination about = _lab.WithLink(link => link with { Counters = new LinkCounters { Overruns = 7 } });
        Assert.Contains("no room for 7 frames", Assert.Single(DoctorLab.Look("ring", about)).Seen, StringComparison.Ordinal);
        Assert.Equal("ethtool -G p0 rx 4096", CardChecks.RingCommand(new ExaminedPort(PortSpecification.Parse("p0"),
            new NetworkFacts(null)),
            about.Left.Link!, new CardFacts { ReceiveRing = 512, LargestReceiveRing = 4096 }));
    }

    [Fact]
    public void MembersOfBondsAndLinksThatWaitForAnAuthenticationAreSeen()
    {
        Assert.Empty(DoctorLab.Look("member", _lab.Examine()));
        Assert.Equal(Severity.Serious, Assert.Single(DoctorLab.Look("member", _lab.WithLink(link => link with { Master = 99,
            MasterKind = "bond" }))).Severity);
        Assert.Equal(Severity.Note, Assert.Single(DoctorLab.Look("member", _lab.WithLink(link => link with { Master = 99 }))).Severity);
        Assert.Empty(DoctorLab.Look("dormant", _lab.Examine()));
        Assert.Contains("dormant", Assert.Single(DoctorLab.Look("dormant", _lab.WithLink(link =>
            link with { State = OperationalState.Dormant }))).Seen, StringComparison.Ordinal);
    }

    [Fact]
    public void HostOfATapHasAddressesAndThatIsNoTrouble()
    {
        _lab.Do("ip tuntap add t0 mode tap && ip address add 192.0.2.1/24 dev t0");
        Assert.Empty(DoctorLab.Look("address", _lab.Examine("tap:t0", "none")));
        Assert.Single(DoctorLab.Look("address", _lab.Examine("t0", "none")));
    }

    private IPort Open(string name) => PortSpecification.Parse($"{name}@{_lab.Middle}").Open(offload: true);
}
