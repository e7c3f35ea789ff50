namespace Fluke6.Scripting.Tests;

/// <summary>What the compiler cannot take is told with what to write instead.</summary>
public sealed class HintTests : IDisposable
{
    private const string Tcp = "if (!frame.TryGetTcp(out var tcp) || !frame.TryGetIpv4(out var ip)) return Verdict.Continue; ";
    private const string Ipv6 = "if (!frame.TryGetIpv6(out var ipv6)) return Verdict.Continue; ";
    private readonly ScriptFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    // Members: by distance, and by what others call them.
    [InlineData(Tcp + "ip.Ttl = 3;", "did you mean 'TimeToLive'?")]
    [InlineData(Tcp + "ip.ttl = 3;", "did you mean 'TimeToLive'?")]
    [InlineData(Tcp + "Log($\"{tcp.SrcPort} {tcp.DstPort}\");", "did you mean 'SourcePort'?")]
    [InlineData(Tcp + "Log($\"{tcp.dport}\");", "did you mean 'DestinationPort'?")]
    [InlineData(Tcp + "Log($\"{tcp.DestinatonPort}\");", "did you mean 'DestinationPort'?")]
    [InlineData(Tcp + "Log($\"{tcp.Seq}\");", "did you mean 'SequenceNumber'?")]
    [InlineData(Tcp + "Log($\"{ip.SrcAddr}\");", "did you mean 'Source'?")]
    [InlineData("frame.TryGetTCP(out var tcp);", "did you mean 'TryGetTcp'?")]
    [InlineData("frame.TryGetIPv6(out var ip);", "did you mean 'TryGetIpv6'?")]
    [InlineData("var tcp = frame.Tcp;", "write TryGetTcp(out var tcp)")]
    [InlineData(Tcp + "var p = tcp.Payload;", "write frame.Payload")]
    [InlineData("return Verdict.DROP;", "did you mean 'Drop'?")]
    [InlineData("return Verdict.Reject;", "did you mean 'Drop'?")]
    // What another header, the frame or the rule has.
    [InlineData(Tcp + "if (tcp.Flags.Syn) { }", "write tcp.Syn")]
    [InlineData(Tcp + "if (tcp.Flags.SYN) { }", "write tcp.Syn")]
    [InlineData(Tcp + "if (tcp.IsSyn) { }", "did you mean 'Syn'?")]
    [InlineData(Tcp + Ipv6 + "ipv6.TimeToLive = 3;", "did you mean 'HopLimit'?")]
    [InlineData(Tcp + Ipv6 + "ipv6.Ttl = 3;", "did you mean 'HopLimit'?")]
    [InlineData(Tcp + Ipv6 + "if (ipv6.Protocol == IpProtocol.Tcp) { }", "did you mean 'NextHeader'?")]
    [InlineData(Tcp + Ipv6 + "Log($\"{ipv6.Dscp}\");", "did you mean 'TrafficClass'?")]
    [InlineData(Tcp + "ip.HopLimit = 3;", "did you mean 'TimeToLive'?")]
    [InlineData(Tcp + "if (ip.NextHeader == IpProtocol.Tcp) { }", "did you mean 'Protocol'?")]
    [InlineData(Tcp + "if (ip.SourcePort == 53) { }", "write frame.TryGetTcp(out var tcp) or TryGetUdp, and then tcp.SourcePort")]
    [InlineData(Tcp + "if (ip.dport == 53) { }", "write frame.TryGetTcp(out var tcp) or TryGetUdp, and then tcp.DestinationPort")]
    [InlineData(Tcp + "if (ip.Syn) { }", "write frame.TryGetTcp(out var tcp), and then tcp.Syn")]
    [InlineData("if (frame.SourcePort == 53) { }", "write frame.TryGetTcp(out var tcp) or TryGetUdp, and then tcp.SourcePort")]
    [InlineData("if (!frame.TryGetDns(out var dns)) return Verdict.Continue; foreach (var r in dns.Answers) { }", "did you mean 'Records'?")]
    [InlineData("if (frame.IsTcp) { }", "write TryGetTcp(out var tcp)")]
    [InlineData("frame.Drop();", "write return Verdict.Drop")]
    [InlineData("frame.Accept();", "write return Verdict.Accept")]
    [InlineData("return frame.Discard();", "write return Verdict.Drop")]
    [InlineData("frame.Send(Side.Left, frame.ToArray());", "Send is the rule's: write Send(...), without 'frame.'")]
    // Arguments.
    [InlineData("After(TimeSpan.FromSeconds(1));", "write After(TimeSpan delay, Action action)")]
    [InlineData("Send(frame.ToArray());", "write Send(Side side, ReadOnlySpan<byte> octets) or ")]
    [InlineData("frame.SetTcpOption(TcpOptionKind.WindowScale);", "write SetTcpOption(TcpOptionKind kind, ReadOnlySpan<byte> data)")]
    [InlineData("Keep(\"seen\");", "write Keep(string key, Func<T> create)")]
    [InlineData("frame.TryGetVlanTag();", "write TryGetVlanTag(out VlanTag tag, int index)")]
    [InlineData("After(20, () => { });", "write TimeSpan.FromMilliseconds(20)")]
    [InlineData("Every(20, () => { });", "write TimeSpan.FromMilliseconds(20)")]
    [InlineData("frame.SetWindowScale(\"2\");", "write SetWindowScale(byte shift)")]
    // Verdicts.
    [InlineData("return true;", "a verdict is Verdict.Continue, Verdict.Accept, Verdict.Drop, Verdict.Reflect or frame.Hold(delay)")]
    [InlineData("return;", "write return Verdict.Continue;")]
    // Bare names.
    [InlineData("if (tcp.Syn) { }", "write frame.TryGetTcp(out var tcp) before")]
    [InlineData("ethernet.Source = default;", "write frame.TryGetEthernet(out var ethernet) before")]
    [InlineData("log(\"x\");", "did you mean 'Log'?")]
    [InlineData("Ater(TimeSpan.FromSeconds(1), () => { });", "did you mean 'After'?")]
    [InlineData("IPv4Address address = default;", "did you mean 'Ipv4Address'?")]
    [InlineData("var a = MACAddress.Parse(\"02:00:00:00:00:01\");", "did you mean 'MacAddress'?")]
    [InlineData("return Drop;", "write Verdict.Drop")]
    [InlineData("if (frame.From == Left) { }", "write Side.Left")]
    [InlineData("var p = new TcpPacket(1, 2);", "begin the script with 'using PacketDotNet;'")]
    [InlineData("var r = new Regex(\"x\");", "begin the script with 'using System.Text.RegularExpressions;'")]
    // What writes where a view is read.
    [InlineData("frame.Payload[0] = 65;", "write frame.WritePayload(0, [65])")]
    [InlineData(Tcp + "tcp.Options[TcpOptionKind.WindowScale] = 2;", "write frame.SetTcpOption(TcpOptionKind.WindowScale, [2])")]
    // Frames and views that are to last.
    [InlineData("After(TimeSpan.FromSeconds(1), () => Send(Side.Left, frame.ToArray()));", "copy what is needed later")]
    [InlineData(Tcp + "After(TimeSpan.FromSeconds(1), () => Log($\"{tcp.SourcePort}\"));", "copy what is needed later")]
    [InlineData("void F() { frame.Edit(); } F();", "copy what is needed later")]
    [InlineData("var list = new List<Frame>();", "copy what is needed later")]
    [InlineData(Tcp + "var both = (tcp, 1);", "copy what is needed later")]
    [InlineData(Tcp + "var all = new TcpHeader[2];", "copy what is needed later")]
    // Text and numbers.
    [InlineData(Tcp + "if (ip.Source == \"192.0.2.1\") { }", "write Ipv4Address.Parse(\"192.0.2.1\")")]
    [InlineData(Tcp + "ip.Source = \"192.0.2.1\";", "write Ipv4Address.Parse(\"192.0.2.1\")")]
    [InlineData("byte shift = Param(\"shift\", 2);", "write Param(\"shift\", (byte)2)")]
    [InlineData(Tcp + "tcp.SourcePort = 5 + tcp.DestinationPort;", "write (ushort)(5 + tcp.DestinationPort)")]
    [InlineData("string text = frame;", "write frame.ToString()")]
    [InlineData(Tcp + "string text = \"x\" + tcp.Options;", "write tcp.Options.ToString()")]
    [InlineData(Tcp + "string text = tcp.Options;", "write tcp.Options.ToString()")]
    // Text, bytes and numbers for one another.
    [InlineData("frame.ReplacePayload(\"hello\");", "write \"hello\"u8")]
    [InlineData("string s = \"x\"; frame.WritePayload(0, s);", "write Encoding.UTF8.GetBytes(s)")]
    [InlineData("Send(Side.Left, \"hello\");", "write \"hello\"u8")]
    [InlineData("if (frame.Payload.Contains(\"GET\")) { }", "write frame.Payload.IndexOf(\"GET\"u8) >= 0")]
    [InlineData("if (frame.Payload.StartsWith(\"GET\")) { }", "write \"GET\"u8")]
    [InlineData("string s = frame.Payload;", "write Encoding.UTF8.GetString(frame.Payload)")]
    [InlineData("string s = \"x\" + frame.Payload;", "write Encoding.UTF8.GetString(frame.Payload)")]
    [InlineData("Log(frame.Octets.ToHex());", "write Convert.ToHexString(frame.Octets)")]
    [InlineData("Log(frame.Payload);", "write Log(Convert.ToHexString(frame.Payload)) or Log(Encoding.UTF8.GetString(frame.Payload))")]
    [InlineData("Log(5);", "write Log($\"{5}\")")]
    [InlineData("Log(frame);", "write Log($\"{frame}\")")]
    [InlineData("Log(\"length\", frame.Length);", "write Log($\"length {frame.Length}\")")]
    [InlineData("Console.Log(\"x\");", "write Log(...)")]
    [InlineData(Tcp + "if (tcp.DestinationPort == \"80\") { }", "write 80, without quotes")]
    [InlineData(Tcp + "if (ip.Protocol == 6) { }", "write IpProtocol.Tcp")]
    [InlineData(Tcp + "if (ip.Protocol == \"tcp\") { }", "write IpProtocol.Tcp")]
    [InlineData("frame.TryGetEthernet(out var e); e.EtherType = 0x86DD;", "write EtherType.Ipv6")]
    [InlineData("frame.RemoveTcpOption(4);", "write TcpOptionKind.SackPermitted")]
    [InlineData("frame.RemoveTcpOption(77);", "write (TcpOptionKind)77")]
    [InlineData("frame.RemoveTcpOption(\"timestamp\");", "write TcpOptionKind.Timestamps")]
    [InlineData(Tcp + "ip.Source = IPAddress.Parse(\"192.0.2.1\");", "write Ipv4Address.Parse(\"192.0.2.1\")")]
    [InlineData(Tcp + "if (ip.Source.StartsWith(\"10.\")) { }", "write Ipv4Prefix.Parse(\"10.0.0.0/8\").Contains(ip.Source)")]
    [InlineData(Tcp + "if (ip.Source.IsIn(\"10.1.0.0/16\")) { }", "write Ipv4Prefix.Parse(\"10.1.0.0/16\").Contains(ip.Source)")]
    // Habits of other languages and libraries.
    [InlineData("print(\"x\");", "write Log(...)")]
    [InlineData("Sleep(10);", "frame.Hold(delay)")]
    [InlineData("if (rand() < 3) { }", "write Random.NextDouble() or Random.Next(100)")]
    [InlineData("if (frame.Length > 1) { } elif (frame.Length > 2) { }", "write else if")]
    [InlineData("if (frame.Length = 3) { }", "write frame.Length == 3")]
    [InlineData("if (frame.TryGetTcp(out tcp)) { }", "write out var tcp")]
    [InlineData("if (frame.TryGetTcp(var tcp)) { }", "write out var and the name")]
    [InlineData("if (frame.TryGetIp(out var ip)) { }", "did you mean 'TryGetIpv4'?")]
    [InlineData("if (frame.Side == Side.Left) { }", "did you mean 'From'?")]
    [InlineData("if (frame.Direction == Side.Left) { }", "did you mean 'From'?")]
    [InlineData("frame.Payload = new byte[3];", "write frame.ReplacePayload(new byte[3])")]
    [InlineData("return null;", "a verdict is Verdict.Continue")]
    [InlineData(Tcp + "tcp.UpdateChecksum();", "checksums follow every edit by themselves")]
    [InlineData(Tcp + "tcp.Options.Remove(TcpOptionKind.SackPermitted);", "write frame.RemoveTcpOption(TcpOptionKind.SackPermitted)")]
    [InlineData(Tcp + "if (tcp.Options.Count > 3) { }", "write foreach (var one in tcp.Options)")]
    [InlineData(Tcp + "if (tcp.Options.Any(o => o.Kind == TcpOptionKind.SackPermitted)) { }", "write foreach (var one in tcp.Options)")]
    [InlineData("if (frame.TryGetDns(out var dns)) Log($\"{dns.Name}\");", "write dns.TryGetQuestion(out var question), and then question.Name")]
    public void InTheBodyOfApply(string body, string hint) =>
        AssertSaid($"Verdict Apply(ref Frame frame) {{ {body} return Verdict.Continue; }}", hint);

    [Theory]
    [InlineData("Verdict apply(ref Frame frame) => Verdict.Drop;", "with a capital A")]
    [InlineData("Verdict Process(ref Frame frame) => Verdict.Drop;", "'Process' is not called: rename it")]
    [InlineData("class MyRule { Verdict Apply(ref Frame frame) => Verdict.Drop; }", "is inside 'MyRule': move it to the top level")]
    [InlineData("async Task<Verdict> Apply(ref Frame frame) { await Task.Yield(); return Verdict.Drop; }", "Apply cannot wait")]
    [InlineData("async void Apply(Frame frame) { await Task.Yield(); }", "Apply cannot wait")]
    [InlineData("Verdict Apply(ref Frame frame) { await Task.Yield(); return Verdict.Drop; }", "Apply cannot wait")]
    [InlineData("Verdict Apply(ref Frame frame) { if (frame.Length > 100) return Verdict.Drop; }", "write return Verdict.Continue;")]
    [InlineData("TcpHeader last; void Apply(ref Frame frame) { }", "copy what is needed later")]
    [InlineData("class C { Ipv4Header h; } void Apply(ref Frame frame) { }", "copy what is needed later")]
    [InlineData("When(Guard.TcpSyn || Guard.Arp); void Apply(ref Frame frame) { }", "write Guard.TcpSyn | Guard.Arp")]
    [InlineData("When(Guard.TcpSyn && Guard.Ipv6); void Apply(ref Frame frame) { }", "write Guard.TcpSyn & Guard.Ipv6")]
    [InlineData("When(Guard.Syn); void Apply(ref Frame frame) { }", "did you mean 'TcpSyn'?")]
    [InlineData("When(Guard.Port(80)); void Apply(ref Frame frame) { }", "write Guard.Tcp(...) | Guard.Udp(...)")]
    [InlineData("const Ipv4Address us = Ipv4Address.Parse(\"192.0.2.1\"); void Apply(ref Frame frame) { }", "write readonly in place of const")]
    [InlineData("namespace Mine; void Apply(ref Frame frame) { }", "a rule has no namespace: leave it out")]
    [InlineData("void Apply(ref Frame frame) { return Verdict.Drop; }", "write Verdict Apply(ref Frame frame)")]
    [InlineData("Verdict Apply(ref Frame frame) => {\n    return Verdict.Drop;\n}", "leave out the => before the {")]
    [InlineData("void Count() => { };\nvoid Apply(ref Frame frame) { }", "leave out the => before the {")]
    [InlineData("int Seen { get => { return 1; } }\nvoid Apply(ref Frame frame) { }", "leave out the => before the {")]
    [InlineData("def Apply(frame):\n    return Verdict.Drop", "write Verdict Apply(ref Frame frame) { ... }")]
    [InlineData("def Apply(ref Frame frame) { return Verdict.Drop; }", "write Verdict Apply(ref Frame frame) { ... }")]
    [InlineData("function Apply(frame) { return Verdict.Drop; }", "write Verdict Apply(ref Frame frame) { ... }")]
    [InlineData("Verdict Apply(out Frame frame) { return Verdict.Drop; }", "write Verdict Apply(ref Frame frame)")]
    [InlineData("Verdict Apply(ref frame) => Verdict.Drop;", "write ref Frame frame")]
    public void InAScript(string script, string hint) => AssertSaid(script, hint);

    [Fact]
    public void CommonNamespacesNeedNoUsing() => Assert.Empty(RuleCompiler.Compile(_folder.Write("10-x.csx", """
        var text = new StringBuilder();
        var gate = new SemaphoreSlim(1);
        Task done = Task.CompletedTask;
        var here = File.Exists("x");
        EtherType type = EtherType.Ipv4;
        void Apply(ref Frame frame) { }
        """)).Diagnostics);

    [Theory]
    [InlineData("string text = $\"{frame}\";")]
    [InlineData("string text = $\"{frame,200}|\";")]
    [InlineData("string text = $\"a {frame} b {tcp.Options} c {ip.Source}\";")]
    [InlineData("string text = \"\"; text += $\"{(tcp.Options)}\";")]
    [InlineData("var all = new List<string>(); all.Add($\"\"\"{tcp.Options}\"\"\");")]
    [InlineData("if (frame.Length == 1) throw new Exception($\"{frame}\");")]
    public void FramesAndViewsFormatThemselves(string statement)
    {
        using LoadedRule rule = _folder.Load("10-x.csx", $"Verdict Apply(ref Frame frame) {{ {Tcp} {statement} return Verdict.Drop; }}");
        Assert.NotNull(rule.Rule);
    }

    [Fact]
    public void ColumnsAreThoseOfTheTextAsItWasWritten()
    {
        RuleDiagnostic[] diagnostics = [.. RuleCompiler.Compile(_folder.Write(
            "10-x.csx", "void Apply(ref Frame frame)\n{\n    string text = $\"{frame} {frame}\"; int x = \"\"; string y = $\"{frame}\"; int z = nothing;\n}")).Diagnostics];
        Assert.Equal([(3, 47), (3, 82)], diagnostics.Where(one => one.IsError).Select(one => (one.Line, one.Column)));
    }

    /// <summary>Each of their characters would be an error of its own.</summary>
    [Theory]
    [InlineData("utf-16", false)]
    [InlineData("utf-32", true)]
    [InlineData("utf-8", true)]
    public void FileThatIsNoTextIsOneLine(string encoding, bool hasMark)
    {
        var kind = System.Text.Encoding.GetEncoding(encoding);
        string end = encoding == "utf-8" ? "\0\0" : "";
        byte[] octets = [.. hasMark ? kind.GetPreamble() : [], .. kind.GetBytes("void Apply(ref Frame frame) { }" + end)];
        string path = _folder.Write("10-x.csx", "");
        File.WriteAllBytes(path, octets);
        RuleDiagnostic only = Assert.Single(RuleCompiler.Compile(path).Diagnostics);
        Assert.Equal($"10-x.csx(1,1): error FLUKE003: cannot be read: {path} is no text in UTF-8: it has zero bytes, as files in UTF-16 or UTF-32 do; save it as UTF-8", $"{only}");
    }

    /// <summary>Editors of other systems write these.</summary>
    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8")]
    public void MarkTellsTheEncoding(string encoding)
    {
        var kind = System.Text.Encoding.GetEncoding(encoding);
        string path = _folder.Write("10-x.csx", "");
        File.WriteAllBytes(path, [.. kind.GetPreamble(), .. kind.GetBytes("// grüße\r\nvoid Apply(ref Frame frame)\r{\n}\r\n")]);
        Assert.Empty(RuleCompiler.Compile(path).Diagnostics);
    }

    [Theory]
    [InlineData("{frame}")]
    [InlineData("{{ {frame.Length:x4} bytes")]
    public void BracesThatNameSomethingAreAWarning(string text) => Assert.Equal(
        $"10-x.csx(1,36): warning FLUKE011: the braces are logged as they stand; for what they name write Log($\"{text}\")",
        Assert.Single(RuleCompiler.Compile(_folder.Write("10-x.csx", $"void Apply(ref Frame frame) => Log(\"{text}\");")).Diagnostics).ToString());

    [Theory]
    [InlineData("{\\\"seen\\\": 1}")]
    [InlineData("{unknown} {} {0} { {")]
    [InlineData("}{frame")]
    public void BracesThatNameNothingAreText(string text) =>
        Assert.Empty(RuleCompiler.Compile(_folder.Write("10-x.csx", $"void Apply(ref Frame frame) => Log(\"{text}\");")).Diagnostics);

    /// <summary>A hint that leads elsewhere is worse than none.</summary>
    [Fact]
    public void NothingIsSaidOfWhatNobodyKnows()
    {
        string script = "void Apply(ref Frame frame) { var tcp = frame.Get<TcpHeader>(); }";
        Assert.DoesNotContain("Verdict", Assert.Single(RuleCompiler.Compile(_folder.Write("10-x.csx", script)).Diagnostics).Message, StringComparison.Ordinal);
    }

    private void AssertSaid(string script, string hint)
    {
        IReadOnlyList<RuleDiagnostic> diagnostics = RuleCompiler.Compile(_folder.Write("10-x.csx", script)).Diagnostics;
        Assert.Contains(diagnostics, diagnostic => diagnostic.IsError && diagnostic.Message.Contains(hint, StringComparison.Ordinal));
    }
}
