using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.TcpServices;

/// <summary>A segment that the service sent, taken apart; its checksums were right.</summary>
internal sealed record SentSegment(
    uint Sequence, uint Acknowledgment, TcpFlags Flags, ushort Window, byte[] Options, byte[] Payload, int SegmentSize, byte[] Frame)
{
    public string Text => System.Text.Encoding.ASCII.GetString(Payload);

    public bool Is(TcpFlags flags) => Flags == flags;

    public static SentSegment Read(FrameBuffer buffer)
    {
        var frame = new Frame(buffer);
        byte[] octets = frame.ToArray();
        var whole = new FrameBuffer(new FrameUndo());
        whole.Load(octets, buffer.LinkType, Side.Left);
        var copy = new Frame(whole);
        Assert.Equal(LayerStop.Complete, copy.Layers.StoppedAt);
        Assert.True(TransportChecksum.IsRight(in copy), $"wrong checksum: {copy.ToString()}");
        Assert.True(copy.TryGetTcp(out TcpHeader tcp));
        return new SentSegment(
            tcp.SequenceNumber, tcp.AcknowledgmentNumber, tcp.Flags, tcp.Window, tcp.Options.Octets.ToArray(), copy.Payload.ToArray(),
            frame.SegmentSize, octets);
    }
}
