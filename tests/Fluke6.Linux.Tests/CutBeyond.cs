using Fluke6.Frames;
using Fluke6.Testing.Oracle;

namespace Fluke6.Linux.Tests;

/// <summary>A port, p0 in the middle, whose interface's other end is h0 in another namespace, where the kernel has to cut what comes.</summary>
internal sealed class CutBeyond : IDisposable
{
    private Wire? _cut;

    public CutBeyond()
    {
        Middle = Lab.Add("middle");
        Beyond = Lab.AddHost("beyond", Middle, "p0", "192.0.2.1", "2001:db8::1");
        Port = new Wire($"p0@{Middle}");
    }

    public Namespaces Lab { get; } = new();

    public string Middle { get; }

    public string Beyond { get; }

    public Wire Port { get; }

    /// <summary>Has the kernel cut at the port already, as for a card that does nothing by itself.</summary>
    public void CutAtThePort()
    {
        Lab.Exec(Middle, "ethtool", "-K", "p0", "tx", "off", "tso", "off", "gso", "off");
        _cut = new Wire($"h0@{Beyond}");
    }

    /// <summary>Sends what the sample is and gets what a wire would carry of it, in any order.</summary>
    public void AssertCutRight(NaivePacket sample)
    {
        string[] expected = [.. sample.Segments().Select(Convert.ToHexString).Order()];
        string[] cut = [.. Send(sample.ToBuffer(out _), expected.Length).Select(piece => Convert.ToHexString(piece.Octets)).Order()];
        Assert.Equal((sample.ToString(), expected.Length), (sample.ToString(), cut.Length));
        for (int i = 0; i < cut.Length; i++)
            Assert.Equal($"{sample}, {i}: {expected[i]}", $"{sample}, {i}: {cut[i]}");
    }

    /// <summary>Sends a frame to where it has to be cut: unless that is the port, a bridge with a TAP device that takes no more than a wire.</summary>
    public List<FrameBuffer> Send(FrameBuffer frame, int pieces)
    {
        if (_cut is null)
        {
            Lab.Ip(Beyond, "link add br0 type bridge");
            Lab.Ip(Beyond, "link set br0 up");
            Lab.Ip(Beyond, "link set h0 master br0");
            _cut = new Wire($"tap:out0@{Beyond}", offload: false);
            Lab.Ip(Beyond, "link set out0 master br0");
            Namespaces.Until(() => Lab.Exec(Beyond, "bridge", "link").Split("state forwarding").Length == 3, "both bridge ports to forward");
        }

        Port.Send(frame);
        return _cut.Receive(pieces);
    }

    public void Dispose()
    {
        _cut?.Dispose();
        Port.Dispose();
        Lab.Dispose();
    }
}
