using Fluke6.Frames;

namespace Fluke6.Core.Tests.Frames;

/// <summary>All that a port would send, and where it stands, as it was.</summary>
public sealed class Snapshot(FrameBuffer buffer)
{
    private readonly byte[] _octets = buffer.Array[(buffer.Start - Offload.Length)..(buffer.Start + buffer.Length)];
    private readonly int _start = buffer.Start;

    public byte[] Octets => _octets[Offload.Length..];

    public void AssertSame(FrameBuffer buffer, string message = "")
    {
        Assert.True(_start == buffer.Start, $"{message}: start was {_start}, is {buffer.Start}");
        ReadOnlySpan<byte> now = buffer.Array.AsSpan((buffer.Start - Offload.Length)..(buffer.Start + buffer.Length));
        Assert.True(_octets.AsSpan().SequenceEqual(now), $"{message}: was {Convert.ToHexString(_octets)}, is {Convert.ToHexString(now)}");
    }
}
