using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;

namespace Fluke6.Testing.Hosts;

/// <summary>Two hosts that say nothing by themselves, with the real bridge between them: every frame is the test's, and counted.</summary>
internal sealed class SilentHosts : IDisposable
{
    private const ushort Experimental = 0x88b5;     // IEEE 802 local experimental

    private readonly Namespaces _namespaces = new();
    private readonly string _left;
    private readonly string _middle;
    private readonly string _right;
    private readonly string _name;
    private readonly long _arrivedBefore;
    private readonly Socket _sender;
    private bool _paused;

    public SilentHosts(bool packetPorts, params string[] options)
    {
        _left = AddSilent("left");
        _middle = AddSilent("middle");
        _right = AddSilent("right");
        (_name, string left, string right) = ("eth0", $"tap:eth0@{_left}", $"tap:eth0@{_right}");
        if (packetPorts)
        {
            (_name, left, right) = ("h0", "p0", "p1");
            foreach ((string host, string port) in (ReadOnlySpan<(string, string)>)[(_left, "p0"), (_right, "p1")])
            {
                Ip(host, $"link add h0 type veth peer name {port} netns {_middle}");
                Ip(_middle, $"link set {port} up");
                Ip(host, "link set h0 up");
                Namespaces.Until(() => Ip(host, "link show h0").Contains("state UP", StringComparison.Ordinal), "h0 to be up");
            }
        }

        (Right, RightNamespace) = packetPorts ? ("p1", _middle) : ("eth0", _right);
        Bridge = FlukeProcess.Bridge(_middle, left, right, [.. options, "--flows", "0"]);
        _arrivedBefore = ArrivedAtRight;
        string line = Ip(_left, $"-o link show {_name}");
        _sender = PacketSocket.Open(_left, int.Parse(line.AsSpan(0, line.IndexOf(':')), CultureInfo.InvariantCulture));
    }

    public FlukeProcess Bridge { get; }

    public string LeftNamespace => _left;

    /// <summary>The bridge's right interface, and the namespace that it is in.</summary>
    public string Right { get; }

    public string RightNamespace { get; }

    /// <summary>Frames that were sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Frames that the right host's interface received since the bridge forwards.</summary>
    public long ArrivedAtRight => JsonDocument.Parse(Ip(_right, $"-s -j link show {_name}")).RootElement[0]
        .GetProperty("stats64").GetProperty("rx").GetProperty("packets").GetInt64() - _arrivedBefore;

    public string Ip(string host, string command) => _namespaces.Ip(host, command);

    /// <summary>Sends frames from left, of a protocol that no kernel answers.</summary>
    public void Send(int frames, int length = 100, ushort type = Experimental)
    {
        byte[] frame = new byte[length];
        frame.AsSpan(0, 6).Fill(0xff);
        frame[6] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        for (int i = 0; i < frames; i++)
            _sender.Send(frame);
        Sent += frames;
    }

    /// <summary>Stops the bridge's process: nobody takes frames.</summary>
    public void Pause()
    {
        Bridge.Signal("STOP");
        _paused = true;
    }

    /// <summary>Lets it go on if it was stopped.</summary>
    public void Continue()
    {
        if (_paused)
            Bridge.Signal("CONT");
        _paused = false;
    }

    /// <summary>Ends the bridge and returns its last figures.</summary>
    public JsonElement End()
    {
        Bridge.Signal("TERM");
        Continue();
        Assert.Equal(0, Bridge.WaitForExit());
        return Bridge.LastJson("stats");
    }

    public void Dispose()
    {
        _sender.Dispose();
        Continue();
        Bridge.Dispose();
        _namespaces.Dispose();
    }

    private string AddSilent(string role)
    {
        string name = _namespaces.Add(role);
        _namespaces.Exec(name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
        return name;
    }
}
