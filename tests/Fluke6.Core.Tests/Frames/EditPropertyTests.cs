using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>What must hold whatever the frame and whatever the edit.</summary>
public class EditPropertyTests
{
    private const int Rounds = 3000;

    [Theory]
    [MemberData(nameof(FrameEdits.Names), MemberType = typeof(FrameEdits))]
    public void LengthsAgreeAndTheChecksumIsAsRightAsItWas(string name)
    {
        int changed = 0;
        var buffer = new FrameBuffer(new FrameUndo());
        for (int seed = 0; seed < Rounds; seed++)
        {
            var random = new Random(seed);
            FrameShape sample = FrameShapes.Any(random);
            sample.LoadInto(buffer);
            var before = new Snapshot(buffer);
            FrameCheck was = FrameCheck.Read(buffer, sample.Trailer);
            Assert.Equal(sample.ChecksumError % 0xFFFF, was.ChecksumError);

            EditResult result = FrameEdits.All[name](new Frame(buffer), random);
            if (result != EditResult.Changed)
            {
                before.AssertSame(buffer, $"seed {seed}");
                Assert.False(buffer.Edited);
                continue;
            }

            changed++;
            FrameCheck now = FrameCheck.Read(buffer, sample.Trailer);
            Assert.True(was.ChecksumError == now.ChecksumError, $"seed {seed}: error {was.ChecksumError} became {now.ChecksumError}");
            Assert.Equal(was.ChecksumField is null, now.ChecksumField is null);
            // A right sum is right to the bit: +0 and -0 are not the same field.
            if (now.ChecksumError == 0 && !sample.HasPartialChecksum && was.ChecksumField is not null)
                Assert.NotEqual(sample.Transport == IpProtocol.Udp ? 0x0000 : 0xFFFF, (int)now.ChecksumField!);

            AssertLayers(buffer, now);
            AssertOffload(buffer, sample, now);
            if (now.PacketLength > was.PacketLength && buffer.Offload.SegmentSize == 0)
                Assert.InRange(now.PacketLength, 0, sample.Mtu);
            Assert.DoesNotContain(buffer.Octets[^sample.Trailer..].ToArray(), octet => octet != 0);
        }

        Assert.True(changed > Rounds / 20, $"only {changed} frames changed");
    }

    [Fact]
    public void UndoRestoresTheFrameAfterAnyTwoEdits()
    {
        string[] names = [.. FrameEdits.All.Keys];
        var buffer = new FrameBuffer(new FrameUndo());
        for (int seed = 0; seed < 2 * Rounds; seed++)
        {
            var random = new Random(seed);
            FrameShapes.Any(random).LoadInto(buffer);
            FrameEdits.All[names[random.Next(names.Length)]](new Frame(buffer), random);
            buffer.BeginRule();
            var before = new Snapshot(buffer);

            string first = names[random.Next(names.Length)], second = names[random.Next(names.Length)];
            FrameEdits.All[first](new Frame(buffer), random);
            FrameEdits.All[second](new Frame(buffer), random);
            buffer.Undo();

            before.AssertSame(buffer, $"seed {seed}: {first}, {second}");
        }
    }

    private static void AssertLayers(FrameBuffer buffer, FrameCheck now)
    {
        Layers layers = buffer.Layers;
        Assert.Equal(LayerStop.Complete, layers.StoppedAt);
        Assert.Equal(now.NetworkOffset, layers.NetworkOffset);
        Assert.Equal(now.TransportOffset, layers.TransportOffset);
        Assert.Equal(now.PayloadOffset, layers.PayloadOffset);
        Assert.Equal(now.PayloadOffset + now.PayloadLength, layers.PayloadEnd);
    }

    private static void AssertOffload(FrameBuffer buffer, FrameShape sample, FrameCheck now)
    {
        Offload offload = buffer.Offload;
        Assert.Equal(sample.HasPartialChecksum, offload.NeedsCsum);
        bool isSuperSegment = sample.SegmentSize > 0 && now.PayloadLength > sample.SegmentSize;
        Assert.Equal(isSuperSegment ? sample.SegmentSize : 0, offload.SegmentSize);
        Assert.Equal(isSuperSegment ? now.PayloadOffset : 0, offload.HeaderLength);
        if (isSuperSegment && sample.TcpOptions.Length < now.PayloadOffset - now.TransportOffset - 20)
            Assert.InRange(now.PayloadOffset - now.NetworkOffset + sample.SegmentSize, 0, sample.Mtu);
    }
}
