using System.Runtime.InteropServices;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Scripting.Filters;
using Fluke6.Testing.Packets;
using Fluke6.Wire;

namespace Fluke6.Scripting.Tests;

/// <summary>Filters in libpcap's language mean what libpcap means by them.</summary>
public sealed unsafe partial class TextGuardTests
{
    [Fact]
    public void CodeAgreesWithLibpcapOnAllFrames()
    {
        var corpus = new GuardCorpus(77);
        byte[][] frames = [.. Enumerable.Range(0, 1500).Select(_ => corpus.Frame())];
        var buffer = new FrameBuffer(new FrameUndo());
        int taken = 0;
        foreach (string filter in FilterTexts.All)
        {
            TextGuard guard = PcapFilter.Compile(filter);
            GuardCheck check = GuardCode.Compile(guard), complement = GuardCode.Compile(!guard), both = GuardCode.Compile(guard & Guard.Never | guard);
            foreach (byte[] frame in frames)
            {
                buffer.Load(frame, LinkType.Ethernet, Side.Left);
                bool expected = Run(guard.Ethernet, frame) != 0;
                Assert.True(
                    (expected, !expected, expected) == (check(buffer), complement(buffer), both(buffer)), $"{filter}: {Convert.ToHexString(frame)}");
                taken += expected ? 1 : 0;
                if (frame.Length <= 14)
                    continue;

                buffer.Load(frame.AsSpan(14), LinkType.RawIp, Side.Left);
                Assert.True(Run(guard.Ip, frame.AsSpan(14)) != 0 == check(buffer), $"{filter} without a link header: {Convert.ToHexString(frame)}");
            }
        }

        Assert.InRange(taken, 3000, FilterTexts.All.Count * frames.Length / 2);
    }

    [Theory]
    [InlineData("tcp", false)]
    [InlineData("tcp port 80 or udp portrange 50-60 or icmp6", false)]
    [InlineData("host 192.0.2.1 and not arp", false)]
    [InlineData("ip6 net 2001:db8::/32 and not port 22", false)]
    [InlineData("vlan 5 and ip and tcp dst port 80", false)]
    [InlineData("vlan and vlan and host 2001:db8::1", false)]
    [InlineData("ether src 02:00:00:00:00:01 or ether broadcast", false)]
    [InlineData("tcp[tcpflags] & tcp-syn != 0", false)]
    [InlineData("tcp[tcpflags] & (tcp-rst|tcp-fin) != 0 and host 192.0.2.1", false)]
    [InlineData("ip6[6] = 6 and ip6[53] & 2 != 0", false)]
    [InlineData("icmp[icmptype] = icmp-echo", false)]
    [InlineData("tcp[tcpflags] & tcp-push != 0", true)]
    [InlineData("tcp[tcpflags] & (tcp-syn|tcp-ack) != 0", true)]
    [InlineData("tcp[tcpflags] = tcp-ack", true)]
    [InlineData("udp[13] & 1 != 0", true)]
    [InlineData("greater 100", true)]
    [InlineData("ip[8] < 5", true)]
    [InlineData("ip and ip[10:2] = 7", true)]
    [InlineData("vlan and ip[2:2] > 60", true)]
    [InlineData("ether[22] = 1", true)]
    [InlineData("udp[8:4] = 7", true)]
    [InlineData("ip6[48:4] = 7", true)]
    [InlineData("ip6 protochain 58", true)]
    [InlineData("mpls and ip", true)]
    public void FilterThatTakesAPartOfAFlowIsKnown(string text, bool expected)
    {
        TextGuard guard = PcapFilter.Compile(text);
        Assert.Equal((expected, expected), (GuardFlows.IsSplitBy(guard), GuardFlows.IsSplitBy(!guard | Guard.Arp)));
    }

    [Fact]
    public void BadFilterIsAnErrorWithItsPlace()
    {
        using var bridge = new ScriptedBridge();
        bridge.Folder.Write("10-x.csx", "using System;\n\n  When(\"tcp prot 80\");\nvoid Apply(ref Frame frame) { }\n");
        RuleDiagnostic error = Assert.Single(bridge.Start());
        Assert.Equal(("10-x.csx", 3, 3, true), (error.File, error.Line, error.Column, error.IsError));
        Assert.Contains("\"tcp prot 80\" is no filter of libpcap's: ", error.Message);
    }

    [Theory]
    [InlineData("inbound")]
    [InlineData("tcp and not outbound")]
    [InlineData("ifindex 3")]
    [InlineData("ether[0xfffff004:2] = 4")]
    public void FilterThatAsksAboutTheInterfaceIsAnError(string filter)
    {
        var error = Assert.Throws<FormatException>(() => PcapFilter.Compile(filter));
        Assert.Equal($"\"{filter}\" asks what no frame says (inbound, outbound, ifindex): where it came from, a rule knows by "
            + "When(Guard.From(Side.Left)) or frame.From", error.Message);
    }

    [Fact]
    public void FiltersAreLookedAtWhereNothingRuns()
    {
        using var folder = new ScriptFolder();
        string path = folder.Write("10-x.csx", "const string Bad = \"ip prot\";\nWhen(Guard.Arp);\nWhen(\"udp[8] = 1\");\n  When(Bad);\nvoid Apply(ref Frame frame) { }\n");
        Assert.Equal(
            [(4, 3, true, RuleDiagnostic.Filter), (3, 1, false, RuleDiagnostic.Filter)],
            RuleCompiler.Compile(path).Diagnostics.Select(found => (found.Line, found.Column, found.IsError, found.Id)));
    }

    [Fact]
    public void FilterThatIsMadeAsTheRuleRunsIsLookedAtThen()
    {
        using var bridge = new ScriptedBridge();
        bridge.Folder.Write("10-x.csx", "string field = DateTime.UnixEpoch.Year > 0 ? \"tcp[13] = 2\" : \"\";\nWhen(field);\nvoid Apply(ref Frame frame) { }\n");
        RuleDiagnostic warning = Assert.Single(bridge.Start());
        Assert.Equal((2, false, RuleDiagnostic.Filter), (warning.Line, warning.IsError, warning.Id));
    }

    [Theory]
    [InlineData("tcp[tcpflags] & tcp-syn != 0", "tcp[...] in \"tcp[tcpflags] & tcp-syn != 0\" looks into IPv4 without VLAN tags alone")]
    [InlineData("udp [8] = 1", "udp[...] in \"udp [8] = 1\" looks into IPv4")]
    [InlineData("sctp[0:2] = 7", "sctp[...] in \"sctp[0:2] = 7\" looks into IPv4 without VLAN tags alone")]
    [InlineData("icmp6[icmp6type] = icmp6-neighborsolicit",
        "icmp6[...] in \"icmp6[icmp6type] = icmp6-neighborsolicit\" looks right after the IPv6 header, without VLAN tags")]
    [InlineData("tcp port 80", null)]
    public void FilterOfIpv4AloneIsWarnedOf(string filter, string? expected)
    {
        using var bridge = new ScriptedBridge();
        bridge.Folder.Write("10-x.csx", $"\nWhen(\"{filter}\");\nvoid Apply(ref Frame frame) {{ }}\n");
        IReadOnlyList<RuleDiagnostic> diagnostics = bridge.Start();
        if (expected is null)
        {
            Assert.Empty(diagnostics);
            return;
        }

        RuleDiagnostic warning = Assert.Single(diagnostics);
        Assert.Equal((2, 1, false, RuleDiagnostic.Filter), (warning.Line, warning.Column, warning.IsError, warning.Id));
        Assert.StartsWith(expected, warning.Message);
    }

    [Fact]
    public void RuleIsAskedWhereOneOfItsGuardsHoldsAndTheOthersAreTold()
    {
        using var bridge = new ScriptedBridge();
        bridge.Folder.Write("10-x.csx", "When(\"udp port 7\");\nWhen(Guard.TcpSyn);\nWhen(\"icmp\");\nvoid Apply(ref Frame frame) => frame.Hit();\n");
        Assert.Empty(bridge.Start());
        RuleEntry rule = bridge.Rule("10-x");
        Assert.Equal("\"udp port 7\" | TcpSyn | \"icmp\"", $"{rule.Guard}");
        Assert.Equal(3, rule.Parts!.NeverHeld.Count());
        MacAddress mac = MacAddress.Parse("02:00:00:00:00:01");
        Ipv4Address left = Ipv4Address.Parse("192.0.2.1"), right = Ipv4Address.Parse("192.0.2.2");
        foreach (ushort port in (ushort[])[7, 8])
            Assert.NotNull(bridge.Pass(Packet.Ethernet(mac, mac).Ipv4(left, right).Udp(1, port).Payload([1]).ToArray()));
        Assert.Equal((2, 1, 1), (rule.Counters.Seen, rule.Counters.GuardMatched, rule.Counters.Hits));
        Assert.Equal(["TcpSyn", "\"icmp\""], rule.Parts.NeverHeld.Select(guard => $"{guard}"));
        Assert.NotNull(bridge.Pass(Packet.Ethernet(mac, mac).Ipv4(left, right).EchoRequest(1, 1).Payload([1]).ToArray()));
        Assert.Equal(["TcpSyn"], rule.Parts.NeverHeld.Select(guard => $"{guard}"));
    }

    private static uint Run(FilterInstruction[] program, ReadOnlySpan<byte> frame)
    {
        fixed (FilterInstruction* first = program)
        fixed (byte* octets = frame)
            return bpf_filter(first, octets, (uint)frame.Length, (uint)frame.Length);
    }

    [LibraryImport("libpcap.so.0.8")]
    private static partial uint bpf_filter(FilterInstruction* program, byte* frame, uint length, uint captured);
}
