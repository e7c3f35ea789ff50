using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Fluke6.Testing.Hosts;

/// <summary>The real command, running as a process of its own; killed afterwards if it still does.</summary>
internal sealed class FlukeProcess : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(10);
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Process _process;

    public FlukeProcess(params string[] arguments)
        : this([], arguments)
    {
    }

    private FlukeProcess(string[] launcher, string[] arguments)
    {
        string[] line = [.. launcher, Program, .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _process.OutputDataReceived += (_, data) => Add(_output, data.Data);
        _process.ErrorDataReceived += (_, data) => Add(_errors, data.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The program, as it was built for the tests.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "fluke6");

    /// <summary>The folder of the examples.</summary>
    public static string Examples { get; } = Path.Combine(AppContext.BaseDirectory, "examples");

    /// <summary>Options that load those examples which watch or rewrite what passes, and so go together.</summary>
    public static string[] ExampleChain { get; } =
    [
        "--rules", Example("ndp-answer-solicitations"), "--rules", Example("ndp-rewrite-ra-prefix"), "--rules", Example("tcp-clamp-mss"),
        "--rules", Example("tcp-log-options"), "--rules", Example("tcp-remove-sack-permitted"), "--rules", Example("tcp-strip-sack-permitted"),
    ];

    public int Id => _process.Id;

    /// <summary>The one process that it started: under <c>--supervise</c>, the bridge's.</summary>
    public int Child => int.Parse(Children.Single(), CultureInfo.InvariantCulture);

    /// <summary>The processes that it started.</summary>
    public string[] Children =>
        [.. Directory.GetDirectories($"/proc/{Id}/task").SelectMany(task => File.ReadAllText($"{task}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>What stands on standard output so far.</summary>
    public IReadOnlyList<string> Output => Snapshot(_output);

    /// <summary>What stands on standard error so far.</summary>
    public IReadOnlyList<string> Errors => Snapshot(_errors);

    /// <summary>Starts a bridge inside a namespace and waits until it forwards; its report is JSON unless the options say otherwise.</summary>
    public static FlukeProcess Bridge(string networkNamespace, string left, string right, params string[] options) =>
        WaitForReady(In(networkNamespace, [.. BridgeLine(left, right, options)]));

    /// <summary>The same, started by another program, such as one that sets limits.</summary>
    /// <param name="launcher">The program and its arguments.</param>
    public static FlukeProcess BridgeUnder(string[] launcher, string networkNamespace, string left, string right, params string[] options) =>
        WaitForReady(new FlukeProcess(["ip", "netns", "exec", networkNamespace, .. launcher], [.. BridgeLine(left, right, options)]));

    /// <summary>The same, with a folder to write to that holds little and that no other process sees but by <c>/proc/ID/root</c>.</summary>
    /// <param name="folder">An empty folder.</param>
    /// <param name="size">How much it holds, such as <c>256k</c>.</param>
    public static FlukeProcess BridgeWithTinyDisk(
        string networkNamespace, string folder, string size, string left, string right, params string[] options) =>
        // ip netns exec gives the process mounts of its own.
        WaitForReady(new FlukeProcess(
            ["ip", "netns", "exec", networkNamespace, "sh", "-c", $"mount -t tmpfs -o size={size} tmpfs '{folder}' && exec \"$@\"", "sh"],
            [.. BridgeLine(left, right, options)]));

    /// <summary>Starts the command inside a namespace.</summary>
    public static FlukeProcess In(string networkNamespace, params string[] arguments) =>
        new(["ip", "netns", "exec", networkNamespace], arguments);

    /// <summary>Starts the command inside a namespace by a shell, which may give it other files: <c>exec "$@" 2>&amp;-</c>.</summary>
    public static FlukeProcess Through(string script, string networkNamespace, params string[] arguments) =>
        new(["ip", "netns", "exec", networkNamespace, "bash", "-c", script, "bash"], arguments);

    /// <summary>Starts the command in a folder.</summary>
    public static FlukeProcess InFolder(string folder, params string[] arguments) => new(["env", $"--chdir={folder}"], arguments);

    /// <summary>Starts the command at a terminal of its own, in the folder where the examples are; both of its streams are standard output.</summary>
    public static FlukeProcess AtTerminal(params string[] arguments) =>
        new(["sh", "-c", $"cd '{AppContext.BaseDirectory}' && exec script -qec \"exec $*\" /dev/null", "sh"], arguments);

    /// <summary>Starts the command by another program, such as <c>env</c>.</summary>
    public static FlukeProcess Under(string[] launcher, params string[] arguments) => new(launcher, arguments);

    /// <summary>Starts the command as root without any of root's rights.</summary>
    public static FlukeProcess Unprivileged(params string[] arguments) =>
        new(["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--"], arguments);

    /// <summary>Starts the command as nobody.</summary>
    public static FlukeProcess AsNobody(params string[] arguments) =>
        new(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"], arguments);

    /// <summary>An example's file.</summary>
    public static string Example(string name) => Path.Combine(Examples, $"{name}.csx");

    /// <summary>Waits for a JSON object on standard output.</summary>
    public JsonElement WaitForJson(string type, Func<JsonElement, bool> condition)
    {
        JsonElement found = default;
        WaitFor(() => TryFindJson(type, condition, out found), $"a {type} object");
        return found;
    }

    /// <summary>Whether a JSON object stands on standard output.</summary>
    public bool TryFindJson(string type, Func<JsonElement, bool> condition, out JsonElement found)
    {
        foreach (string line in Output)
        {
            JsonElement json = JsonDocument.Parse(line).RootElement;
            if (json.GetProperty("type").GetString() == type && condition(json))
            {
                found = json;
                return true;
            }
        }

        found = default;
        return false;
    }

    /// <summary>The last JSON object of a type.</summary>
    public JsonElement LastJson(string type) =>
        Output.Select(line => JsonDocument.Parse(line).RootElement).Last(json => json.GetProperty("type").GetString() == type);

    /// <summary>A rule's entry in a stats object.</summary>
    public static JsonElement Rule(JsonElement stats, string name) =>
        stats.GetProperty("rules").EnumerateArray().Single(rule => rule.GetProperty("name").GetString() == name);

    public void WaitFor(Func<bool> condition, string what)
    {
        // Looks are counted rather than seconds: a virtual machine that is stopped for a minute must not use up the program's time.
        int looks = (int)(s_patience / s_interval);
        while (!condition())
        {
            bool ended = _process.HasExited;
            // What it said last may not have been read yet, and may be what was waited for.
            if (ended)
                _process.WaitForExit();
            if (ended && condition())
                return;
            if (ended || --looks < 0)
                Assert.Fail($"waited for {what}{(ended ? $", ended with {_process.ExitCode}" : "")}; standard output:\n{string.Join('\n', Output.TakeLast(20))}\nstandard error:\n{string.Join('\n', Errors)}");
            Thread.Sleep(s_interval);
        }
    }

    /// <summary>Sends a signal, such as <c>INT</c>.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>The exit status.</returns>
    public int WaitForExit() => WaitForExit(s_patience);

    /// <summary>Waits for the end of something long.</summary>
    /// <returns>The exit status.</returns>
    public int WaitForExit(TimeSpan patience)
    {
        Assert.True(_process.WaitForExit(patience), "did not end");
        _process.WaitForExit();    // until both streams are read to their ends
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal("INT");
            if (!_process.WaitForExit(TimeSpan.FromSeconds(3)))
                _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static IEnumerable<string> BridgeLine(string left, string right, string[] options) =>
        ["bridge", left, right, .. options.Contains("--stats") ? [] : (string[])["--stats", "json"], .. options];

    private static FlukeProcess WaitForReady(FlukeProcess process)
    {
        try
        {
            process.WaitFor(() => process.Output.Any(line => line.Contains("ready", StringComparison.Ordinal)), "readiness");
            return process;
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    private static void Add(List<string> lines, string? line)
    {
        if (line is null)
            return;

        lock (lines)
            lines.Add(line);
    }

    private static IReadOnlyList<string> Snapshot(List<string> lines)
    {
        lock (lines)
            return [.. lines];
    }
}
