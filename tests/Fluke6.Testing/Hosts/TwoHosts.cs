using System.Diagnostics;

namespace Fluke6.Testing.Hosts;

/// <summary>Two hosts with the real bridge between them, by TAP ports or by veth pairs and packet ports.</summary>
internal sealed class TwoHosts : IDisposable
{
    public const string LeftAddress = "10.66.0.1", RightAddress = "10.66.0.2";
    private readonly Namespaces _namespaces = new();
    private readonly List<Process> _background = [];

    /// <summary>Makes the hosts and starts the bridge.</summary>
    /// <param name="packetPorts">Whether the ports are veth interfaces; otherwise, TAP interfaces in the hosts.</param>
    /// <param name="options">The bridge's.</param>
    public TwoHosts(bool packetPorts, params string[] options)
        : this(packetPorts, [], options)
    {
    }

    /// <summary>Makes the hosts, in which the ports are TAP interfaces, and starts the bridge by another program.</summary>
    /// <param name="launcher">The program and its arguments.</param>
    /// <param name="options">The bridge's.</param>
    public TwoHosts(string[] launcher, params string[] options)
        : this(packetPorts: false, launcher, options)
    {
    }

    /// <summary>Makes the hosts and starts the bridge by another program.</summary>
    /// <param name="packetPorts">Whether the ports are veth interfaces; otherwise, TAP interfaces in the hosts.</param>
    /// <param name="launcher">The program and its arguments.</param>
    /// <param name="options">The bridge's.</param>
    public TwoHosts(bool packetPorts, string[] launcher, string[] options)
    {
        try
        {
            Middle = _namespaces.Add("middle");
            if (packetPorts)
            {
                Left = _namespaces.AddHost("left", Middle, "p0", LeftAddress, "2001:db8:1::1");
                Right = _namespaces.AddHost("right", Middle, "p1", RightAddress, "2001:db8:1::2");
                Interface = "h0";
                Bridge = FlukeProcess.BridgeUnder(launcher, Middle, "p0", "p1", options);
            }
            else
            {
                Left = _namespaces.Add("left");
                Right = _namespaces.Add("right");
                Interface = "eth0";
                Bridge = FlukeProcess.BridgeUnder(launcher, Middle, $"tap:eth0@{Left}", $"tap:eth0@{Right}", options);
                _namespaces.Address(Left, Interface, LeftAddress, "2001:db8:1::1");
                _namespaces.Address(Right, Interface, RightAddress, "2001:db8:1::2");
            }
        }
        catch
        {
            _namespaces.Dispose();
            throw;
        }
    }

    public string Left { get; }

    public string Right { get; }

    /// <summary>Where the bridge runs.</summary>
    public string Middle { get; }

    /// <summary>The hosts' interface.</summary>
    public string Interface { get; }

    public FlukeProcess Bridge { get; }

    public static void RequireTool(string tool) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool))),
        $"{tool} is not installed; ./run.sh test installs it");

    public string Exec(string host, string program, params string[] arguments) => _namespaces.Exec(host, program, arguments);

    /// <inheritdoc cref="Namespaces.Ping"/>
    public void Ping(string host, string address, int count) => _namespaces.Ping(host, address, count);

    public string Ip(string host, string command) => _namespaces.Ip(host, command);

    /// <summary>Starts a program in a host that runs until the end of the test.</summary>
    public Process Start(string host, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", host, program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.BeginErrorReadLine();
        _background.Add(process);
        return process;
    }

    /// <summary>Lets iperf3 send from left to right, and what <c>ss -tino</c> shows meanwhile: without -o, some versions leave the options out.</summary>
    public (string AtLeft, string AtRight) SocketsDuringTransfer()
    {
        Process server = StartIperfServer();
        Process client = Start(Left, "iperf3", "-c", RightAddress, "-t", "3");
        string atLeft = "", atRight = "";
        // The control connection, and the one with the data.
        Namespaces.Until(() => (atLeft = Sockets(Left)).Split("bytes_acked").Length == 3, "iperf3's sockets at left");
        Namespaces.Until(() => (atRight = Sockets(Right)).Split("bytes_received").Length == 3, "iperf3's sockets at right");
        Assert.True(client.WaitForExit(TimeSpan.FromSeconds(15)), "iperf3 did not end");
        Assert.True(client.ExitCode == 0, client.StandardOutput.ReadToEnd());
        Assert.True(server.WaitForExit(TimeSpan.FromSeconds(5)));
        return (atLeft, atRight);
    }

    /// <summary>Starts an iperf3 server for one client, at right.</summary>
    public Process StartIperfServer()
    {
        Process server = Start(Right, "iperf3", "-s", "-1");
        Namespaces.Until(() => Exec(Right, "ss", "-tln").Contains(":5201", StringComparison.Ordinal), "iperf3's server");
        return server;
    }

    public void Dispose()
    {
        foreach (Process process in _background)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
            process.Dispose();
        }

        Bridge.Dispose();
        _namespaces.Dispose();
    }

    private string Sockets(string host) => Exec(host, "ss", "-tino", "state", "established", "( sport = 5201 or dport = 5201 )");
}
