using Fluke6.Command.Service;

namespace Fluke6.Command.Tests.Service;

/// <summary>A configuration file stands for what a command line would say.</summary>
public sealed class ConfigurationFileTests : IDisposable
{
    private readonly RuleFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NamesAreTheOptionsAndPathsAreSeenFromTheFile() => Assert.Equal(
        [
            "bridge", "eth1", "tap:eth0@one", "--rules", _folder["rules"], "--rules", "/opt/x.csx", "--set", "mss=1300", "--set", "10-a.prefix=2001:db8::/64",
            "--set", "list=1,2", "--stats", "json", "--no-offload", "--capture", _folder["seen.pcapng"], "--config", _folder["b.json"], "--headless",
        ],
        Expand(
            """
            // Two ports.
            {
              "right": "tap:eth0@one", "left": "eth1",
              "rules": ["rules", "/opt/x.csx"],
              "set": { "mss": 1300, "10-a.prefix": "2001:db8::/64", "list": [1, 2] },
              "stats": "json", "no-offload": true, "supervise": false,
              "capture": "seen.pcapng",
            }
            """,
            "--headless"));

    [Fact]
    public void CommandLineIsInForceAndAddsToRulesAndParameters() => Assert.Equal(
        ["bridge", "eth1", "eth2", "--rules", _folder["a"], "--set", "x=1", "--config", _folder["b.json"], "--rules", "b", "--set", "x=2", "--stats", "none"],
        Expand("""{ "left": "eth1", "right": "eth2", "rules": "a", "set": { "x": 1 }, "stats": "json" }""", "--rules", "b", "--set", "x=2", "--stats", "none"));

    [Theory]
    [InlineData("""{ "mtu": 1500 }""", "'mtu' is no option of 'fluke6 bridge'; its --help lists them, and here they have no dashes")]
    [InlineData("""{ "--stats": "json" }""", "'--stats' is no option of 'fluke6 bridge'; its --help lists them, and here they have no dashes")]
    [InlineData("""{ "config": "other.json" }""", "'config' is no option of 'fluke6 bridge'; its --help lists them, and here they have no dashes")]
    [InlineData("""{ "supervise": "yes" }""", "'supervise' is true or false")]
    [InlineData("""{ "set": "mss=1300" }""", "'set' is an object: { \"mss\": 1300, \"10-clamp.mss\": 1200 }")]
    [InlineData("""{ "stats": ["json"] }""", "'stats' is a text or a number, not [\"json\"]")]
    [InlineData("[]", "the file is no JSON object: { \"left\": \"eth1\", \"right\": \"eth2\", \"rules\": [\"rules/\"] }")]
    public void FileThatSaysSomethingElseIsRefusedInALine(string text, string message)
    {
        var failure = Assert.Throws<CommandFailure>(() => Expand(text));
        Assert.Equal(ExitCode.Usage, failure.ExitCode);
        Assert.Equal($"{_folder["b.json"]}: {message}", Assert.Single(failure.Lines));
    }

    [Fact]
    public void FileThatIsNoJsonIsRefusedWithTheLine() =>
        Assert.StartsWith($"{_folder["b.json"]}: line 2: ", Assert.Throws<CommandFailure>(() => Expand("{\n  left: eth1\n}")).Lines[0]);

    [Fact]
    public void FileThatOthersMayWriteIsRefusedWhateverItSaysOfTrust()
    {
        string path = _folder.Write("b.json", """{ "trust-any": true }""");
        File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
        var failure = Assert.Throws<CommandFailure>(() => ConfigurationFile.Expand(["bridge", "--config", path], new BridgeCommand()));
        Assert.Equal(ExitCode.RulesDoNotCompile, failure.ExitCode);
        Assert.StartsWith($"--config {path}: refused: others may write {path} (mode 0666); type 'chmod go-w {path}'", Assert.Single(failure.Lines));
        Assert.Equal(
            ["bridge", "--config", path, "--trust-any"],
            ConfigurationFile.Expand(["bridge", "--config", path, "--trust-any"], new BridgeCommand()));
    }

    [Fact]
    public void FileThatIsNotThereIsNamed()
    {
        using var fluke = new FlukeProcess("bridge", "--config", _folder["none.json"]);
        Assert.Equal(ExitCode.Usage, fluke.WaitForExit());
        Assert.StartsWith($"fluke6: --config {_folder["none.json"]}: ", Assert.Single(fluke.Errors));
    }

    private string[] Expand(string text, params string[] more)
    {
        string path = _folder.Write("b.json", text);
        return ConfigurationFile.Expand(["bridge", "--config", path, .. more], new BridgeCommand());
    }
}
