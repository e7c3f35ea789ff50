using System.Text.Json;

namespace Fluke6.Command.Tests.EndToEnd;

/// <summary>Both ports connected outside of the bridge as well: what circles is noticed, said once, and stopped.</summary>
public sealed class LoopTests : IDisposable
{
    private readonly Namespaces _lab = new();
    private readonly string _middle, _outside;

    public LoopTests() => (_middle, _outside) = (_lab.Add("middle"), _lab.Add("outside"));

    public void Dispose() => _lab.Dispose();

    [Fact]
    public void PortsInOneSwitchCarryFramesOnceAndSayHowToMendIt()
    {
        foreach (string side in (string[])["left", "right"])
        {
            _lab.Ip(_middle, $"link add {side} type veth peer name {side} netns {_outside}");
            _lab.Ip(_middle, $"link set {side} up");
        }

        Switch();
        using FlukeProcess bridge = FlukeProcess.Bridge(_middle, "left", "right");
        Broadcast(_outside);
        AssertStopped(bridge);
    }

    [Fact]
    public void TapsThatBothBecomeMembersOfOneKernelBridgeCarryFramesOnce()
    {
        using FlukeProcess bridge = FlukeProcess.Bridge(_outside, "tap:left", "tap:right");
        Switch();
        Broadcast(_outside);
        AssertStopped(bridge);
    }

    [Fact]
    public void CableFromPortToPortCarriesFramesOnce()
    {
        _lab.Ip(_middle, "link add left type veth peer name right");
        _lab.Ip(_middle, "link set left up");
        _lab.Ip(_middle, "link set right up");
        using FlukeProcess bridge = FlukeProcess.Bridge(_middle, "left", "right");
        // The kernel's own neighbor discovery at either end, or this.
        _lab.Ip(_middle, "address add 192.0.2.1/24 dev left");
        Broadcast(_middle);
        AssertStopped(bridge);
    }

    [Fact]
    public void LimitOfZeroLetsFramesCircle()
    {
        _lab.Ip(_middle, "link add left type veth peer name right");
        _lab.Ip(_middle, "link set left up");
        _lab.Ip(_middle, "link set right up");
        using FlukeProcess bridge = FlukeProcess.Bridge(_middle, "left", "right", "--loop-limit", "0");
        _lab.Ip(_middle, "address add 192.0.2.1/24 dev left");
        Broadcast(_middle);
        bridge.WaitForJson("stats", stats => Frames(stats) > 50_000);
        Assert.False(bridge.TryFindJson("loop", _ => true, out _));
    }

    // Nobody answers.
    private void Broadcast(string host) => _lab.Exec(host, "sh", "-c", "ping -c 1 -W 1 -b 192.0.2.255 || true");

    // Makes one switch of the outer ends, with a host at it.
    private void Switch()
    {
        _lab.Ip(_outside, "link add br0 type bridge");
        foreach (string side in (string[])["left", "right"])
        {
            _lab.Ip(_outside, $"link set {side} master br0");
            _lab.Ip(_outside, $"link set {side} up");
        }

        _lab.Ip(_outside, "link set br0 up");
        _lab.Ip(_outside, "address add 192.0.2.1/24 dev br0");
    }

    private static long Frames(JsonElement stats) =>
        ((string[])["left", "right"]).Sum(side => stats.GetProperty("ports").GetProperty(side).GetProperty("rxFrames").GetInt64());

    private static void AssertStopped(FlukeProcess bridge)
    {
        JsonElement loop = bridge.WaitForJson("loop", _ => true);
        Assert.Contains("are connected outside of this bridge, too", loop.GetProperty("message").GetString());
        Assert.True(loop.GetProperty("frames").GetInt32() > 0);

        // Within seconds nothing circles: in one of them next to no frames come.
        long before = long.MinValue;
        bridge.WaitForJson("stats", stats =>
        {
            long frames = Frames(stats), more = frames - before;
            before = frames;
            return more is >= 0 and < 200 && stats.GetProperty("time").GetDateTime() > loop.GetProperty("time").GetDateTime();
        });
        Assert.Single(bridge.Output, line => line.Contains("\"type\":\"loop\"", StringComparison.Ordinal));
    }
}
