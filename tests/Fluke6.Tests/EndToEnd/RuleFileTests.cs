using System.Diagnostics;
using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Rules' files that cannot be had: a filter does not open, and the program does not hang.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class RuleFileTests : IDisposable
{
    private const string DropPings = "Verdict Apply(ref Frame frame) => frame.TryGetIcmpv4(out var icmp) ? Verdict.Drop : Verdict.Continue;\n";
    private readonly RuleFolder _rules = new();

    public void Dispose() => _rules.Dispose();

    [Fact]
    public void FilterStaysShutWhenThereAreNoDescriptorsLeft()
    {
        TwoHosts.RequireTool("ping");
        string flag = Path.Combine(_rules.Path, "hog");
        _rules.Write("10-filter.csx", DropPings);
        _rules.Write("20-hog.csx", $$"""
            var held = new List<System.IO.FileStream>();
            Every(TimeSpan.FromMilliseconds(20), () =>
            {
                if (!System.IO.File.Exists("{{flag}}"))
                {
                    held.ForEach(file => file.Dispose());
                    held.Clear();
                    return;
                }

                try { while (true) held.Add(System.IO.File.OpenRead("/dev/null")); }
                catch (System.IO.IOException) { }
            });
            void Apply(ref Frame frame) { }
            """);
        using var hosts = new TwoHosts(["prlimit", "--nofile=256"], "--rules", _rules.Path);
        Assert.False(Pings(hosts));
        _rules.Write("hog", "");
        JsonElement log = hosts.Bridge.WaitForJson("log", json => json.GetProperty("message").GetString()!.Contains("Too many open files", StringComparison.Ordinal));
        Assert.Equal("rules", log.GetProperty("rule").GetString());
        Assert.EndsWith("its rules run on as they are", log.GetProperty("message").GetString());
        hosts.Bridge.WaitForJson("stats", json => State(json, "10-filter") == "stale" && State(json, "20-hog") == "stale");
        Assert.False(Pings(hosts));

        File.Delete(flag);
        hosts.Bridge.WaitForJson("log", json => json.GetProperty("message").GetString()!.EndsWith("can be read again", StringComparison.Ordinal));
        hosts.Bridge.WaitFor(() => State(hosts.Bridge.LastJson("stats"), "10-filter") == "live", "live");
        Assert.False(Pings(hosts));
        _rules.Write("10-filter.csx", "// open\nvoid Apply(ref Frame frame) { }\n");
        hosts.Bridge.WaitForJson("reload", json => json.GetProperty("ok").GetBoolean());
        Assert.True(Pings(hosts));
    }

    [Fact]
    public void FilterStaysShutWhenItsFolderOrFileMayNotBeRead()
    {
        TwoHosts.RequireTool("ping");
        string file = _rules.Write("10-filter.csx", DropPings);
        // Root without root's right to read everything.
        using var hosts = new TwoHosts(["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--"], "--rules", _rules.Path);
        Assert.False(Pings(hosts));
        foreach (string path in (string[])[_rules.Path, file])
        {
            UnixFileMode mode = File.GetUnixFileMode(path);
            File.SetUnixFileMode(path, UnixFileMode.None);
            int from = hosts.Bridge.Output.Count;
            hosts.Bridge.WaitFor(() => hosts.Bridge.Output.Skip(from).Any(line => line.Contains("Permission denied", StringComparison.Ordinal)), "what is wrong");
            hosts.Bridge.WaitFor(() => State(hosts.Bridge.LastJson("stats"), "10-filter") == "stale", "stale");
            Assert.False(Pings(hosts));
            File.SetUnixFileMode(path, mode);
            hosts.Bridge.WaitFor(() => State(hosts.Bridge.LastJson("stats"), "10-filter") == "live", "live");
        }

        Assert.False(Pings(hosts));
    }

    [Theory]
    [InlineData("while (true) System.Threading.Thread.Sleep(1000);")]
    [InlineData("while (true) { }")]
    public void SignalEndsItWhileARuleIsLoadedForTheFirstTime(string topLevel)
    {
        using var lab = new Namespaces();
        string begun = Path.Combine(_rules.Path, "begun");
        _rules.Write("10-slow.csx", $"System.IO.File.WriteAllText(\"{begun}\", \"\");\n{topLevel}\nvoid Apply(ref Frame frame) {{ }}\n");
        using FlukeProcess fluke = FlukeProcess.In(lab.Add("middle"), "bridge", "tap:fl0", "tap:fl1", "--rules", _rules.Path);
        fluke.WaitFor(() => File.Exists(begun), "the top level");
        fluke.Signal("TERM");
        Assert.Equal(1, fluke.WaitForExit());
        Assert.Equal("fluke6: stopped before the rules were loaded: no frame was forwarded", Assert.Single(fluke.Errors));
    }

    [Fact]
    public void FileThatTheCompilerNeedsLongForKeepsNoOtherFromReloadingNorTheEndFromComing()
    {
        _rules.Write("10-x.csx", "void Apply(ref Frame frame) { }\n");
        using var hosts = new TwoHosts(packetPorts: false, "--rules", _rules.Path);
        var arms = string.Concat(Enumerable.Range(0, 12_000).Select(i => $"case {i}: return Verdict.{(i % 2 == 0 ? "Drop" : "Accept")};\n"));
        _rules.Write("60-bomb.csx", $"Verdict Apply(ref Frame frame)\n{{\n    switch (frame.Length * 7919 % 60000)\n    {{\n{arms}    }}\n    return Verdict.Continue;\n}}\n");
        for (int save = 1; save <= 3; save++)
        {
            _rules.Write("10-x.csx", $"// {save}\nvoid Apply(ref Frame frame) {{ }}\n");
            int wanted = save;
            hosts.Bridge.WaitFor(() => Reloads(hosts, "10-x") == wanted, "a reload");
        }

        hosts.Bridge.Signal("TERM");
        Assert.Equal(0, hosts.Bridge.WaitForExit());
    }

    [Fact]
    public void FileThatOthersMayWriteIsRefusedAtTheStartUnlessAnybodyIsTrusted()
    {
        using var lab = new Namespaces();
        string middle = lab.Add("middle"), file = _rules.Write("10-x.csx", DropPings);
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.OtherWrite);
        using (FlukeProcess refused = FlukeProcess.In(middle, "bridge", "tap:fl0", "tap:fl1", "--rules", _rules.Path))
        {
            Assert.Equal(3, refused.WaitForExit());
            string line = Assert.Single(refused.Errors);
            Assert.StartsWith("fluke6: 10-x.csx(1,1): error FLUKE", line);
            Assert.EndsWith($"type 'chmod go-w {file}', or start with --trust-any", line);
        }

        using FlukeProcess taken = FlukeProcess.Bridge(middle, "tap:fl0", "tap:fl1", "--rules", _rules.Path, "--trust-any", "--duration", "0.2");
        Assert.Equal(0, taken.WaitForExit());
        Assert.Empty(taken.Errors);
    }

    [Fact]
    public void OrdinaryUsersLabRunsNoRuleOfAnotherUser()
    {
        string file = _rules.Write("10-x.csx", DropPings);
        // The folder is root's, and anybody may look into it.
        File.SetUnixFileMode(_rules.Path, File.GetUnixFileMode(_rules.Path) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute | UnixFileMode.OtherRead);
        Process.Start("chown", ["daemon", file]).WaitForExit();
        using FlukeProcess fluke = FlukeProcess.AsNobody("lab", "--rules", file);
        int status = fluke.WaitForExit();
        Assert.SkipWhen(status is 126 or 127, $"nobody may not enter {AppContext.BaseDirectory}");
        Assert.Equal(3, status);
        Assert.StartsWith($"fluke6: refused: {file} belongs to user 1, neither to root nor to you; type 'chown root {file}'", Assert.Single(fluke.Errors));
    }

    [Fact]
    public void OneSettingServesTwoExamplesThatAskForDifferentKinds()
    {
        using var lab = new Namespaces();
        using FlukeProcess fluke = FlukeProcess.Bridge(
            lab.Add("middle"), "tap:fl0", "tap:fl1", "--rules", FlukeProcess.Example("net-answer-everyone"),
            "--rules", FlukeProcess.Example("ndp-answer-everyone"), "--set", "prefix=10.9.0.0/24", "--duration", "0.2");
        Assert.Equal(0, fluke.WaitForExit());
        string warning = Assert.Single(fluke.Errors);
        Assert.Contains("--set prefix=10.9.0.0/24 does not fit this rule", warning);
        Assert.Contains("ndp-answer-everyone.prefix=", warning);
    }

    [Fact]
    public void LinkThatLeadsNowhereDoesNotKeepItFromStarting()
    {
        using var lab = new Namespaces();
        _rules.Write("10-x.csx", DropPings);
        File.CreateSymbolicLink(Path.Combine(_rules.Path, "20-gone.csx"), "/nonexistent/rule.csx");
        using FlukeProcess fluke = FlukeProcess.Bridge(lab.Add("middle"), "tap:fl0", "tap:fl1", "--rules", _rules.Path, "--duration", "0.2");
        Assert.Equal(0, fluke.WaitForExit());
        Assert.Equal("fluke6: warning: 20-gone.csx(1,1): warning FLUKE003: is a link that leads nowhere; left out", Assert.Single(fluke.Errors));
    }

    private static bool Pings(TwoHosts hosts)
    {
        try
        {
            hosts.Exec(hosts.Left, "ping", "-c", "2", "-i", "0.1", "-W", "1", TwoHosts.RightAddress);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string State(JsonElement stats, string rule) => FlukeProcess.Rule(stats, rule).GetProperty("state").GetString()!;

    private static int Reloads(TwoHosts hosts, string rule) => hosts.Bridge.Output.Count(
        line => line.StartsWith("{\"type\":\"reload\"", StringComparison.Ordinal) && line.Contains($"\"{rule}\"", StringComparison.Ordinal));
}
