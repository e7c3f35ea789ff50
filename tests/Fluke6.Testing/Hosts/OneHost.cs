using System.Diagnostics;

namespace Fluke6.Testing.Hosts;

/// <summary>One host with the real bridge in it: a TAP or TUN interface, and rules behind it.</summary>
internal sealed class OneHost : IDisposable
{
    private readonly Namespaces _namespaces = new();
    private readonly List<Process> _background = [];

    /// <summary>Makes the host and starts the bridge.</summary>
    /// <param name="port">The interface to make, such as <c>tap:fluke0</c>.</param>
    /// <param name="options">The bridge's.</param>
    public OneHost(string port, params string[] options)
    {
        Name = _namespaces.Add("host");
        Interface = port.Split(':')[1];
        Bridge = FlukeProcess.Bridge(Name, port, "none", options);
    }

    public string Name { get; }

    public string Interface { get; }

    public FlukeProcess Bridge { get; }

    public void Address(string address4, string address6) => _namespaces.Address(Name, Interface, address4, address6);

    public string Exec(string program, params string[] arguments) => _namespaces.Exec(Name, program, arguments);

    /// <inheritdoc cref="Namespaces.Ping"/>
    public void Ping(string address, int count) => _namespaces.Ping(Name, address, count);

    public string Ip(string command) => _namespaces.Ip(Name, command);

    /// <summary>Starts a program in the host that runs until the end of the test.</summary>
    public Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo("ip", ["netns", "exec", Name, program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process = Process.Start(start)!;
        process.BeginErrorReadLine();
        _background.Add(process);
        return process;
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
}
