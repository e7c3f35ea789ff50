using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>The real program's control socket, by its own commands.</summary>
public sealed class ControlTests : IDisposable
{
    private const string Rule = "ushort mss = Param<ushort>(\"mss\", 1220, \"largest\", 536, 9000);\nvoid Apply(ref Frame frame) { frame.Hit(); }\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("fluke6-control-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Made before rights are given up, held by the parent while the bridge is restarted, gone at the end.</summary>
    [Fact]
    public void BridgeIsSeenAndControlledAndTheSocketOutlivesARestart()
    {
        string socket = Path.Combine(_folder, "b.sock"), rule = Path.Combine(_folder, "10-mss.csx");
        File.WriteAllText(rule, Rule);
        using var namespaces = new Namespaces();
        string host = namespaces.Add("control");
        using var bridge = new FlukeProcess("bridge", $"tap:eth0@{host}", "none", "-r", rule, "--stats", "json", "--supervise", "--control", socket);
        Assert.Equal(socket, bridge.WaitForJson("ready", _ => true).GetProperty("control").GetString());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(socket));

        Assert.Equal("10-mss runs with mss = 1400, until the program ends", Assert.Single(Output("set", socket, "10-mss.mss=1400")));
        using FlukeProcess refused = Run(1, "set", socket, "10-mss.mss=1");
        Assert.Contains(refused.Errors, line => line == "fluke6: --set 10-mss.mss=1: 10-mss takes 536 to 9000");
        JsonElement status = JsonDocument.Parse(Assert.Single(Output("status", socket, "--json"))).RootElement;
        Assert.Equal("1400", status.GetProperty("rules")[0].GetProperty("parameters").GetProperty("mss").GetString());
        using FlukeProcess second = Run(1, "bridge", "none", $"tap:other@{host}", "--control", socket);
        Assert.Contains(second.Errors, line => line.Contains($"another bridge is controlled by {socket}", StringComparison.Ordinal));

        Output("disable", socket, "10-mss");
        int process = ProcessOf(socket);
        using (System.Diagnostics.Process killed = System.Diagnostics.Process.GetProcessById(process))
            killed.Kill();
        bridge.WaitForJson("restart", _ => true);
        Assert.NotEqual(process, ProcessOf(socket));
        // What was set and switched off before holds for the bridge that goes on.
        status = JsonDocument.Parse(Assert.Single(Output("status", socket, "--json"))).RootElement.GetProperty("rules")[0];
        Assert.Equal(("1400", "disabled"), (status.GetProperty("parameters").GetProperty("mss").GetString(), status.GetProperty("state").GetString()));
        Assert.Equal("the bridge stops", Assert.Single(Output("stop", socket)));
        Assert.Equal(0, bridge.WaitForExit());
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public void RuleThatKeepsTheThreadPoolKeepsNeitherCommandsNorTheDurationWaiting()
    {
        string socket = Path.Combine(_folder, "b.sock"), rule = Path.Combine(_folder, "10-keeps.csx");
        File.WriteAllText(rule, "for (int i = 0; i < 2000; i++)\n    Task.Run(() => Thread.Sleep(-1));\nvoid Apply(ref Frame frame) { }\n");
        using var namespaces = new Namespaces();
        string[] bridge = ["bridge", $"tap:eth0@{namespaces.Add("pool")}", "none", "-r", rule, "--stats", "json", "--control", socket];
        using (var controlled = new FlukeProcess(bridge))
        {
            controlled.WaitForJson("ready", _ => true);
            Assert.Equal("10-keeps is off: frames pass it by", Assert.Single(Output("disable", socket, "10-keeps")));
            Output("stop", socket);
            Assert.Equal(0, controlled.WaitForExit());
        }

        using var limited = new FlukeProcess([.. bridge, "--duration", "0.1", "--capture", Path.Combine(_folder, "seen.pcapng")]);
        Assert.Equal(0, limited.WaitForExit());
    }

    private static int ProcessOf(string socket)
    {
        string line = Output("status", socket)[0];
        int at = line.IndexOf("process ", StringComparison.Ordinal) + "process ".Length;
        return int.Parse(line.AsSpan(at, line.IndexOf(',', at) - at), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static IReadOnlyList<string> Output(params string[] arguments)
    {
        using FlukeProcess process = Run(0, arguments);
        return process.Output;
    }

    private static FlukeProcess Run(int status, params string[] arguments)
    {
        var process = new FlukeProcess(arguments);
        Assert.True(process.WaitForExit() == status, string.Join('\n', process.Errors));
        return process;
    }
}
