namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>A bridge whose rules were compiled before is the bridge that compiles them, but for the compiler.</summary>
public sealed class CachedStartTests : IDisposable
{
    private const string Part = "int limit = 3;\n";
    private const string Rule = "#load \"part.csx\"\nint[] table = new int[Param(\"size\", 4)];\n#warning look here\nvoid Apply(ref Frame frame)\n{\n    table[9]++;\n}\n";
    private readonly RuleFolder _rules = new();
    private readonly RuleFolder _home = new();
    private readonly Namespaces _namespaces = new();

    public void Dispose()
    {
        _namespaces.Dispose();
        _rules.Dispose();
        _home.Dispose();
    }

    [Fact]
    public void SecondStartSaysAndDoesWhatTheFirstDidAndASaveIsLive()
    {
        string path = _rules.Write("10-x.csx", Rule);
        _rules.Write("part.csx", Part);
        string host = _namespaces.Add("cached");
        (string Place, string[] Warnings) first = Observe(host, path, _ => { });
        string entry = Assert.Single(Directory.GetFiles(Path.Combine(_home.Path, "fluke6")));
        byte[] kept = File.ReadAllBytes(entry);

        (string Place, string[] Warnings) second = Observe(host, path, bridge =>
        {
            // The compiler is another program's; this one does without all of its code.
            Assert.DoesNotContain("Microsoft.CodeAnalysis", File.ReadAllText($"/proc/{bridge.Id}/maps"), StringComparison.Ordinal);
            // Each time that the compiler makes it, it is another one.
            Assert.Equal(kept, File.ReadAllBytes(entry));
            // A part that only the cache knew of is watched.
            _rules.Write("part.csx", "int limit = 4;\n");
            bridge.WaitForJson("reload", json => json.GetProperty("ok").GetBoolean() && json.GetProperty("rule").GetString() == "10-x");
            File.WriteAllText(path, Rule.Replace("table[9]++;", "table[9]++", StringComparison.Ordinal));
            // On a busy machine it may also be said meanwhile that the compiler takes long.
            bridge.WaitForJson("reload", json => !json.GetProperty("ok").GetBoolean()
                && json.GetProperty("diagnostics")[0].GetString()!.StartsWith("10-x.csx(6,15): error CS1002", StringComparison.Ordinal));
        });
        Assert.Equal(first.Place, second.Place);
        Assert.Equal(first.Warnings, second.Warnings);
        Assert.Equal("10-x.csx:6", first.Place);
        Assert.Contains("10-x.csx(3,10): warning CS1030", Assert.Single(first.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void CheckSaysTheSameEachTimeAndNothingIsKeptWhereThatIsSwitchedOff()
    {
        string path = _rules.Write("10-x.csx", "Verdict Apply(ref Frame frame) => frame.TryGetTpc(out var tcp) ? Verdict.Drop : Verdict.Continue;\n");
        string[] errors = Check("FLUKE6_CACHE=off", path);
        Assert.False(Directory.Exists(Path.Combine(_home.Path, "fluke6")));
        Assert.Contains("did you mean", Assert.Single(errors), StringComparison.Ordinal);
        Assert.Equal(errors, Check("A=b", path));
        Assert.Single(Directory.GetFiles(Path.Combine(_home.Path, "fluke6")));
        Assert.Equal(errors, Check("A=b", path));

        File.WriteAllText(path, "Verdict Apply(ref Frame frame) => Verdict.Drop;\n");
        Assert.Empty(Check("A=b", path));
        // A folder that may be another's is not used, and one line says so.
        File.SetUnixFileMode(Path.Combine(_home.Path, "fluke6"), (UnixFileMode)0b111_111_111);
        Assert.Contains("chmod go-w", Assert.Single(Check("A=b", path)), StringComparison.Ordinal);
    }

    private string[] Check(string setting, string path)
    {
        using var check = FlukeProcess.Under(["env", "-u", "FLUKE6_CACHE", $"XDG_CACHE_HOME={_home.Path}", setting], "check", path);
        check.WaitForExit();
        return [.. check.Errors];
    }

    private (string Place, string[] Warnings) Observe(string host, string path, Action<FlukeProcess> then)
    {
        using var bridge = FlukeProcess.BridgeUnder(["env", "-u", "FLUKE6_CACHE", $"XDG_CACHE_HOME={_home.Path}"], host, "tap:t0", "none", "-r", path, "--set", "size=3");
        // The kernel greets each new interface with multicasts: the rule faults by itself.
        string place = bridge.WaitForJson("fault", _ => true).GetProperty("at").GetString()!;
        then(bridge);
        bridge.Signal("TERM");
        Assert.Equal(0, bridge.WaitForExit());
        return (place, [.. bridge.Errors.Where(line => line.Contains("warning", StringComparison.Ordinal))]);
    }
}
