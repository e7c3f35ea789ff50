using System.Diagnostics;

namespace Fluke6.Testing.Hosts;

/// <summary>Network namespaces of one test, with names of their own; gone afterwards with everything in them.</summary>
internal sealed class Namespaces : IDisposable
{
    private static int s_labs;

    private readonly string _prefix = $"fl6-{Environment.ProcessId}-{Interlocked.Increment(ref s_labs)}";
    private readonly List<string> _namespaces = [];

    public Namespaces()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "making network namespaces needs root");
        Assert.SkipUnless(File.Exists("/dev/net/tun"), "this kernel has no /dev/net/tun");
    }

    /// <summary>Makes a namespace and returns its name.</summary>
    public string Add(string role)
    {
        string name = $"{_prefix}-{role}";
        Run("ip", "netns", "add", name);
        _namespaces.Add(name);
        Ip(name, "link set lo up");
        // Unasked-for neighbour discovery would mix with the frames that tests count.
        Run("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.default.accept_dad=0", "net.ipv6.conf.default.router_solicitations=0");
        return name;
    }

    /// <summary>A pair of namespaces joined by veth: <c>h0</c> in the host, <c>p0</c> (or another name) in the middle.</summary>
    public string AddHost(string role, string middle, string port, string address4, string address6)
    {
        string host = Add(role);
        Ip(host, $"link add h0 type veth peer name {port} netns {middle}");
        Ip(middle, $"link set {port} up");
        Address(host, "h0", address4, address6);
        // Until the kernel has noticed the carrier, it loses what is sent without a word.
        Until(() => IsUp(middle, port) && IsUp(host, "h0"), $"{port} and h0 to be up");
        return host;
    }

    public void Address(string host, string name, string address4, string address6)
    {
        Ip(host, $"link set {name} up");
        Ip(host, $"address add {address4}/24 dev {name}");
        Ip(host, $"address add {address6}/64 dev {name} nodad");
    }

    /// <summary>Runs <c>ip</c> inside a namespace and returns what it prints.</summary>
    public string Ip(string name, string command) => Run("ip", ["-n", name, .. command.Split(' ')]);

    /// <summary>Runs a program inside a namespace and returns what it prints.</summary>
    public string Exec(string name, string program, params string[] arguments) =>
        Run("ip", ["netns", "exec", name, program, .. arguments]);

    /// <summary>Pings an address and has each ping answered; one at a time, for of several ping waits for the last two round trips at most.</summary>
    public void Ping(string name, string address, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.Contains(" 1 received", Exec(name, "ping", "-n", "-c", "1", "-W", "20", address));
    }

    public void Dispose()
    {
        foreach (string name in _namespaces)
            Run("ip", "netns", "delete", name);
    }

    /// <summary>Waits until something is so, thirty seconds at the most.</summary>
    public static void Until(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30), $"waited for: {what}");
            Thread.Sleep(5);
        }
    }

    private bool IsUp(string name, string link) => Ip(name, $"link show {link}").Contains("state UP", StringComparison.Ordinal);

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.Result} {output}");
    }
}
