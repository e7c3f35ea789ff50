namespace Fluke6.Scripting.Tests;

/// <summary>Scripts in the words of Python, scapy, Wireshark, eBPF, Lua or a first program in C# are told the word that belongs there.</summary>
public sealed class ForeignHintTests : IDisposable
{
    private const string Tcp = "if (!frame.TryGetTcp(out var tcp) || !frame.TryGetIpv4(out var ip)) return Verdict.Continue; ";
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // Python and scapy.
    [InlineData("if (TCP in frame) { }", "write frame.TryGetTcp(out var tcp), or TryGetUdp")]
    [InlineData("if (frame[TCP].flags == 2) { }", "write frame.TryGetTcp(out var tcp), which returns false for other frames")]
    [InlineData("if (frame[IP].src == null) { }", "write frame.TryGetIpv4(out var ipv4), which")]
    [InlineData("if (frame.haslayer(UDP)) { }", "write frame.TryGetUdp(out var udp), which")]
    [InlineData("var t = frame.getlayer(\"TCP\");", "write frame.TryGetTcp(out var tcp), which")]
    [InlineData("var t = frame.Extract<PacketDotNet.TcpPacket>();", "write frame.TryGetTcp(out var tcp), which")]
    [InlineData("Send(Side.Left, IP(5));", "a packet is made by Packet.Ethernet(source, destination).Ipv4(source, destination)")]
    [InlineData("var p = new Ether();", "a packet is made by Packet.Ethernet(source, destination)")]
    [InlineData("Send(frame.To, frame.ToArray());", "write frame.From, the side that it came from, or frame.From.Opposite()")]
    [InlineData("frame.show();", "write Log($\"{frame}\"), or Log(Convert.ToHexString(frame.Octets))")]
    [InlineData("Log(frame.summary());", "write Log($\"{frame}\")")]
    [InlineData("if (len(frame) > 100) { }", "write frame.Length")]
    [InlineData(Tcp + "del(ip.chksum);", "checksums and lengths follow every edit by themselves")]
    [InlineData("if (frame.TryGetTcp(out var t) and t.Syn) { }", "write && for and")]
    [InlineData("if (not frame.TryGetTcp(out var t)) { }", "write ! for not")]
    [InlineData("if (frame.Length ~= 60) { }", "write != for ~=")]
    [InlineData("\nif frame.Length > 60:\n return Verdict.Drop;\n", "write if (condition) and what follows in braces")]
    [InlineData("\nif frame.Length > 60 then\n return Verdict.Drop;\n", "write if (condition) and what follows in braces")]
    [InlineData("bool x = True;", "write true")]
    [InlineData("string x = None;", "write null")]
    [InlineData("Log(f\"{frame}\");", "write $\"...\" for a text with {values} in it")]
    [InlineData("Log('hello');", "text stands in double quotes")]
    [InlineData("\n# of the lab\n", "// before a comment")]
    [InlineData("frame.Payload.Replace(\"cat\", \"dog\");", "write frame.WritePayload(frame.Payload.IndexOf(\"cat\"u8), \"dog\"u8)")]
    // Wireshark and tcpdump.
    [InlineData("if (frame.TryGetDns(out var dns) && dns.qry == null) { }", "did you mean 'Questions'?")]
    [InlineData("if (ip.src == 10.0.0.1) { }", "write Ipv4Address.Parse(\"10.0.0.1\")")]
    [InlineData("if (frame.Length == 02:00:00:00:00:01) { }", "write MacAddress.Parse(\"02:00:00:00:00:01\")")]
    [InlineData("if (ip.Source == null) { }", "write frame.TryGetIpv4(out var ip) before")]
    [InlineData("if (frame.Matches(\"tcp.port == 80\")) { }", "write When(\"tcp port 80\") at the top level")]
    [InlineData("if (frame.VlanId == 5) { }", "write frame.TryGetVlanTag(out var tag), and then tag.Identifier")]
    [InlineData(Tcp + "if (tcp.Port == 5) { }", "write SourcePort or DestinationPort")]
    [InlineData("if (frame.TryGetDns(out var dns) && dns.Questions[0].Name == null) { }", "write foreach (var one in dns.Questions)")]
    [InlineData(Tcp + "Log($\"{tcp.Options[0]}\");", "write foreach (var one in tcp.Options) or tcp.Options.TryGet(..., out var one)")]
    // C, eBPF, netfilter, P4.
    [InlineData("return XDP_DROP;", "write Verdict.Drop")]
    [InlineData("return NF_ACCEPT;", "write Verdict.Continue")]
    [InlineData("mark_to_drop(frame);", "write return Verdict.Drop")]
    [InlineData(Tcp + "if (tcp.DestinationPort == htons(80)) { }", "whatever the wire's order")]
    [InlineData("uint16_t port = 5;", "write ushort")]
    [InlineData("hdr.ipv4.ttl = 3;", "write frame.TryGetIpv4(out var ipv4) before")]
    [InlineData("frame[14] = 5;", "write frame.Edit()[14]")]
    [InlineData("frame.Octets[14] = 5;", "write frame.Edit()[14]")]
    [InlineData("frame.UpdateChecksums();", "checksums follow every edit by themselves")]
    [InlineData(Tcp + "if (tcp.Flags & TcpFlags.Syn) { }", "write (tcp.Flags & TcpFlags.Syn) != 0")]
    [InlineData(Tcp + "if (frame.Length > 3 && tcp.Flags & TcpFlags.Syn) { }", "write (tcp.Flags & TcpFlags.Syn) != 0")]
    // First programs in C#.
    [InlineData("if (frame.TryGetTcp(out var t) && t.Syn = true) { }", "write t.Syn == true")]
    [InlineData(Tcp + "if (tcp == null) { }", "tcp is never null")]
    [InlineData("static int n = 0; n++;", "a variable that is to last stands at the top level")]
    [InlineData("frame.Delay(50);", "write return frame.Hold(TimeSpan.FromMilliseconds(50))")]
    [InlineData("Thread.Sleep(\"5\");", "frame.Hold(delay) holds a frame")]
    [InlineData("string s = \"x\"; frame.Payload = s;", "write frame.ReplacePayload(Encoding.UTF8.GetBytes(s))")]
    [InlineData("if (Direction.Left == frame.From) { }", "write Side.Left or Side.Right")]
    public void InTheBodyOfApply(string body, string hint) =>
        AssertSaid($"Verdict Apply(ref Frame frame) {{ {body} return Verdict.Continue; }}", hint);

    [Theory]
    [InlineData("import scapy\nvoid Apply(ref Frame frame) { }", "C# has 'using NAMESPACE;' for that")]
    [InlineData("from scapy.all import *\nvoid Apply(ref Frame frame) { }", "C# has 'using NAMESPACE;' for that")]
    [InlineData("#include <linux/bpf.h>\nvoid Apply(ref Frame frame) { }", "write #load \"other.csx\" for another script")]
    [InlineData("function apply(frame)\n  return Verdict.Drop\nend\n", "write Verdict Apply(ref Frame frame) { ... }")]
    [InlineData("fn apply(frame: &mut Frame) -> Verdict { Verdict::Drop }", "write Verdict Apply(ref Frame frame) { ... }")]
    [InlineData("int Apply(struct __sk_buff *skb) { return 0; }", "write Verdict Apply(ref Frame frame) { ... }")]
    [InlineData("local seen = 0\nvoid Apply(ref Frame frame) { }", "write var seen = ...;")]
    [InlineData("let seen = 0;\nvoid Apply(ref Frame frame) { }", "write var")]
    [InlineData("const seen = 0;\nvoid Apply(ref Frame frame) { }", "a constant has a type: write const int seen = ...;")]
    [InlineData("seen := 0\nvoid Apply(ref Frame frame) { }", "write var seen = ...;")]
    [InlineData("using var x = new MemoryStream();\nvoid Apply(ref Frame frame) { }", "at the top level write var")]
    [InlineData("namespace Mine { class C { Frame f; } }", "a rule has no namespace: leave it out")]
    [InlineData("class Mine : Rule { public override Verdict Apply(ref Frame frame) => Verdict.Drop; }", "a rule is its file")]
    [InlineData("class Mine : IRule { public Verdict Apply(ref Frame frame) => Verdict.Drop; }", "a rule is its file")]
    [InlineData("public override Verdict Apply(ref Frame frame) => Verdict.Drop;", "without override")]
    [InlineData("static void Main() { Log(\"x\"); } void Apply(ref Frame frame) { }", "leave out static before Main")]
    [InlineData("void Apply(ref Frame frame) { } Verdict Apply(ref Frame frame) => Verdict.Drop;", "a rule has one method of that name")]
    [InlineData("When(f => f.Length > 3); void Apply(ref Frame frame) { }", "write When(Guard.Tcp(80) | Guard.Arp)")]
    [InlineData("When(Guard.Arp, Guard.Ipv4); void Apply(ref Frame frame) { }", "write When(Guard.Arp & Guard.Ipv4)")]
    [InlineData("When(Guard.Host(\"10.0.0.1\")); void Apply(ref Frame frame) { }", "write Guard.Address(...), or When(\"host 192.0.2.1\")")]
    [InlineData("When(\"tcp.port == 80\"); void Apply(ref Frame frame) { }", "that is a display filter of Wireshark's")]
    [InlineData("Every(TimeSpan.FromSeconds(1), Log(\"x\")); void Apply(ref Frame frame) { }", "write () => Log(\"x\")")]
    public void InAScript(string script, string hint) => AssertSaid(script, hint);

    /// <summary>A script that follows the advice compiles.</summary>
    [Fact]
    public void WhatIsAdvisedCompiles() => Assert.Empty(RuleCompiler.Compile(_folder.Write("10-x.csx", """
        readonly Ipv4Address us = Ipv4Address.Parse("10.0.0.1");
        readonly MacAddress mac = MacAddress.Parse("02:00:00:00:00:01");
        When(Guard.Tcp(80) | Guard.Arp);
        Every(TimeSpan.FromSeconds(1), () => Log("x"));
        Verdict Apply(ref Frame frame)
        {
            Log($"{frame}");
            Log(Convert.ToHexString(frame.Octets));
            if (frame.TryGetVlanTag(out var tag) && tag.Identifier == 5 && !frame.TryGetUdp(out var udp))
                return frame.Hold(TimeSpan.FromMilliseconds(50));
            if (frame.TryGetTcp(out var tcp) && (tcp.Flags & TcpFlags.Syn) != 0)
                frame.Edit()[14] = 5;
            if (frame.TryGetDns(out var dns))
            {
                foreach (var one in dns.Questions)
                    Log($"{one.Name}");
            }

            Send(Side.Right, Packet.Ethernet(mac, mac).Ipv4(us, us).Udp(5, 6));
            string s = "x";
            frame.ReplacePayload(Encoding.UTF8.GetBytes(s));
            frame.WritePayload(frame.Payload.IndexOf("cat"u8), "dog"u8);
            return frame.From == Side.Left ? Verdict.Drop : Verdict.Continue;
        }
        """)).Diagnostics);

    /// <summary>A line is one mistake, whatever number of errors the compiler makes of it.</summary>
    [Fact]
    public void AdviceOnALineOfAnotherLanguageIsGivenOnce()
    {
        IReadOnlyList<RuleDiagnostic> diagnostics = RuleCompiler.Compile(_folder.Write("10-x.csx", "function apply(frame)\n  return x\nend\n")).Diagnostics;
        Assert.True(diagnostics.Count > 2);
        Assert.Single(diagnostics, diagnostic => diagnostic.Message.Contains("write Verdict Apply", StringComparison.Ordinal));
    }

    private void AssertSaid(string script, string hint)
    {
        IReadOnlyList<RuleDiagnostic> diagnostics = RuleCompiler.Compile(_folder.Write("10-x.csx", script)).Diagnostics;
        Assert.Contains(diagnostics, diagnostic => diagnostic.IsError && $"{diagnostic}".Contains(hint, StringComparison.Ordinal));
    }
}
