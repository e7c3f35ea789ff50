using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Fluke6.Command.Tests.Service;

/// <summary>The bridge as the unit of packaging/ runs it, with a socket in the service manager's place: the rights, the words, the watchdog.</summary>
public sealed class ServiceTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Namespaces _namespaces = new();
    private readonly RuleFolder _folder = new();
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = (int)s_patience.TotalMilliseconds };

    public void Dispose()
    {
        _manager.Dispose();
        _folder.Dispose();
        _namespaces.Dispose();
    }

    [Fact]
    public void ManagerIsToldThatItForwardsThatItGoesRoundAndThatItEnds()
    {
        string name = _folder["notify"];
        _manager.Bind(new UnixDomainSocketEndPoint(name));
        File.SetUnixFileMode(name, (UnixFileMode)0x1B6);     // 0666: whoever the unit runs as may write
        string middle = _namespaces.Add("middle");
        _namespaces.Ip(middle, "link add fl0 type veth peer name left");
        _namespaces.Ip(middle, "link add fl1 type veth peer name right");
        _namespaces.Ip(middle, "link set fl0 up");
        _namespaces.Ip(middle, "link set fl1 up");
        // Frames that no rule asks for go on in the kernel, as the unit promises.
        _folder.Write("bridge.json", """{ "left": "fl0", "right": "fl1", "fast-path": "require" }""");
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        // The rights that the unit has: nobody's rights, some capabilities, and no way to more.
        string capabilities = $"-all,{string.Join(',', Setting("AmbientCapabilities").Split(' ').Select(name => name.ToLowerInvariant().Replace("cap_", "+")))}";
        Assert.Equal(Setting("AmbientCapabilities"), Setting("CapabilityBoundingSet"));
        using Process bridge = Process.Start("ip",
        [
            "netns", "exec", middle, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--no-new-privs", "--bounding-set",
            capabilities, "--inh-caps", capabilities, "--ambient-caps", capabilities,
            "env", $"NOTIFY_SOCKET={name}", "WATCHDOG_USEC=200000", "HOME=/",
            "sh", "-c", "exec \"$@\" > /dev/null", "sh", FlukeProcess.Program, "bridge", "--config", _folder["bridge.json"], "--headless", "--stats", "none",
        ]);
        try
        {
            Assert.Equal("READY=1\nSTATUS=forwarding between fl0 and fl1", Receive());
            for (int i = 0; i < 5; i++)
                Assert.Equal("WATCHDOG=1", Receive());
            Process.Start("kill", ["-TERM", bridge.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();
            string said;
            while ((said = Receive()) == "WATCHDOG=1")
            {
            }

            Assert.Equal("STOPPING=1", said);
            Assert.True(bridge.WaitForExit(s_patience));
            Assert.Equal(0, bridge.ExitCode);
        }
        finally
        {
            bridge.Kill(entireProcessTree: true);
        }
    }

    private static string Setting(string name) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "fluke6@.service")).Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];

    private string Receive()
    {
        byte[] datagram = new byte[4096];
        return Encoding.UTF8.GetString(datagram, 0, _manager.Receive(datagram));
    }
}
