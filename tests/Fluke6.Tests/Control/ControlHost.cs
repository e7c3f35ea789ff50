using System.Net.Sockets;
using System.Text.Json;
using Fluke6.Bridging;
using Fluke6.Command.Control;
using Fluke6.Engine;
using Fluke6.Frames;
using Fluke6.Journal;
using Fluke6.Rules;
using Fluke6.Snapshots;
using Fluke6.Watching;

namespace Fluke6.Command.Tests.Control;

/// <summary>A bridge between ports in memory with the rules a and b, and a control socket in a folder of its own.</summary>
internal sealed class ControlHost : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fluke6-control-");
    private readonly ManualResetEventSlim _ended = new();
    private readonly Thread _pump;
    private readonly ControlListener _listener;

    public ControlHost()
    {
        Test = new TestBridge(
            new BridgeOptions { LogLimit = 1_000_000 }, ("a", (ref Frame _) => Verdict.Continue), ("b", (ref Frame _) => Verdict.Continue));
        Publisher = new BridgePublisher(Test.Bridge, Rules);
        Commands = new BridgeControl(Test.Bridge, Rules, Publisher, Stopped.Set);
        _listener = ControlListener.OpenAt(Path);
        Server = new ControlServer(_listener, Publisher, Commands);
        Server.Start();
        _pump = new Thread(() =>
        {
            do
                Publisher.Pump();
            while (!_ended.Wait(TimeSpan.FromMilliseconds(5)));
        });
        _pump.Start();
    }

    public string Path => System.IO.Path.Combine(_folder.FullName, "bridge.sock");

    public TestBridge Test { get; }

    public FakeRules Rules { get; } = new();

    public BridgePublisher Publisher { get; }

    public BridgeControl Commands { get; }

    public ControlServer Server { get; private set; }

    public ManualResetEventSlim Stopped { get; } = new();

    /// <summary>Ends the server and begins another at the same path.</summary>
    public void Restart()
    {
        Server.Dispose();
        Server = new ControlServer(_listener, Publisher, Commands);
        Server.Start();
    }

    public void EndServer() => Server.Dispose();

    /// <summary>A client that has read the first line.</summary>
    public ControlClient Connect()
    {
        var client = new ControlClient(ControlTarget.Connect(Path, out _));
        Assert.Equal("memory:left0", client.ReadReady().Left);
        return client;
    }

    public Socket ConnectRaw() => ControlTarget.Connect(Path, out _);

    public void Log(string rule, string message) => Test.Bridge.Tell(new LogNote(rule, message));

    public static JsonElement Json(ReadOnlyMemory<byte>? line) => JsonDocument.Parse((line ?? throw new EndOfStreamException("the connection ended")).ToArray()).RootElement;

    public void Dispose()
    {
        _ended.Set();
        _pump.Join();
        Server.Dispose();
        _listener.Remove();
        Test.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>A loader of rules that says what it was asked for.</summary>
internal sealed class FakeRules : IRuleControl
{
    public List<string> Asked { get; } = [];

    public string? PathOf(string rule) => $"/rules/{rule}.csx";

    public IReadOnlyList<RuleProblem> ProblemsOf(string rule) => [];

    public bool Reload(string rule) => rule != "c" && Note($"reload {rule}");

    public bool SetDisabled(string rule, bool disabled) => Note($"{(disabled ? "disable" : "enable")} {rule}");

    public bool Move(string rule, int position) => Note($"move {rule} {position}");

    public string? SetParameter(string rule, string name, string value) => Note($"set {rule}.{name}={value}") && value == "bad" ? "bad is no number" : null;

    private bool Note(string what)
    {
        lock (Asked)
            Asked.Add(what);
        return true;
    }
}
