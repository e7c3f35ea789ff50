using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public class PayloadEditTests
{
    public static TheoryData<IpProtocol> Transports => [IpProtocol.Tcp, IpProtocol.Udp, IpProtocol.Icmpv4];

    [Theory]
    [MemberData(nameof(Transports))]
    public void EveryShapeOfFrameTakesAnotherPayload(IpProtocol transport)
    {
        foreach ((string name, FrameShape sample) in FrameShapes.Of(new FrameShape { Transport = transport, Payload = FrameShapes.Data(33) }))
        {
            foreach (int length in new[] { 0, 32, 33, 34, 1400 })
            {
                FrameBuffer buffer = sample.ToBuffer();
                byte[] payload = FrameShapes.Data(length, seed: 2);

                Assert.True(new Frame(buffer).ReplacePayload(payload) == EditResult.Changed, name);

                FrameCheck check = FrameCheck.Read(buffer, sample.Trailer);
                Assert.True(sample.ChecksumError == check.ChecksumError, name);
                Assert.True(sample.HasNoChecksum == check.ChecksumField is null, name);
                Assert.Equal(payload, buffer.Octets.Slice(check.PayloadOffset, check.PayloadLength).ToArray());
            }
        }
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(0, 9)]
    public void WritingAdjustsTheChecksumAtEitherParity(int offset, int length)
    {
        foreach ((string name, FrameShape sample) in FrameShapes.Of(new FrameShape { Transport = IpProtocol.Udp, Payload = FrameShapes.Data(9) }))
        {
            FrameBuffer buffer = sample.ToBuffer();
            byte[] octets = FrameShapes.Data(length, seed: 3);

            Assert.True(new Frame(buffer).WritePayload(offset, octets) == EditResult.Changed, name);

            Assert.Equal(sample.ChecksumError, FrameCheck.Read(buffer, sample.Trailer).ChecksumError);
            Assert.Equal(octets, new Frame(buffer).Payload.Slice(offset, length).ToArray());
        }
    }

    [Fact]
    public void WritingPastThePayloadIsRefused()
    {
        FrameBuffer buffer = new FrameShape { Payload = [1, 2, 3, 4], Trailer = 8 }.ToBuffer();
        var before = new Snapshot(buffer);

        Assert.Equal(EditResult.Refused, new Frame(buffer).WritePayload(3, [9, 9]));
        Assert.Equal(EditResult.Refused, new Frame(buffer).WritePayload(5, []));
        Assert.Equal(EditResult.Refused, new Frame(buffer).WritePayload(-1, [9]));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).WritePayload(1, [2, 3]));
        before.AssertSame(buffer);
        Assert.False(buffer.Edited);
    }

    [Fact]
    public void OctetsOfThePayloadCanBeCopiedOverItself()
    {
        FrameBuffer buffer = new FrameShape { Payload = [1, 2, 3, 4, 5, 6, 7] }.ToBuffer();
        var frame = new Frame(buffer);

        Assert.Equal(EditResult.Changed, frame.WritePayload(1, frame.Payload[..6]));

        Assert.Equal([1, 1, 2, 3, 4, 5, 6], frame.Payload.ToArray());
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(34)]
    [InlineData(45)]
    public void AFrameCanCarryItself(int from)
    {
        FrameBuffer buffer = new FrameShape { Transport = IpProtocol.Icmpv4, Payload = FrameShapes.Data(20), Trailer = 5 }.ToBuffer();
        byte[] before = buffer.Octets.ToArray();
        var frame = new Frame(buffer);

        Assert.Equal(EditResult.Changed, frame.ReplacePayload(frame.Octets[from..]));

        Assert.Equal(before[from..], frame.Payload.ToArray());
        Assert.Equal(0, FrameCheck.Read(buffer, trailer: 5).ChecksumError);
    }

    [Fact]
    public void APayloadGrowsUpToTheMtu()
    {
        FrameBuffer buffer = new FrameShape { Transport = IpProtocol.Udp, Payload = [1], Mtu = 100 }.ToBuffer();
        var before = new Snapshot(buffer);

        Assert.Equal(EditResult.Refused, new Frame(buffer).ReplacePayload(new byte[73]));
        before.AssertSame(buffer);
        Assert.False(buffer.Edited);
        Assert.Equal(EditResult.Changed, new Frame(buffer).ReplacePayload(new byte[72]));
        Assert.Equal(100, FrameCheck.Read(buffer).PacketLength);
    }

    [Fact]
    public void ASuperSegmentThatFitsOneSegmentBecomesAnOrdinaryFrame()
    {
        FrameBuffer buffer = new FrameShape { HasPartialChecksum = true, SegmentSize = 1000, Payload = FrameShapes.Data(5000), Mtu = 1500 }.ToBuffer();
        // What a sender sets while it reports congestion; without segmentation the kernel takes it for an error.
        buffer.Array[buffer.Start - Offload.Length + 1] |= 0x80;

        Assert.Equal(EditResult.Changed, new Frame(buffer).ReplacePayload(FrameShapes.Data(60000, seed: 2)));
        Assert.Equal(1000, buffer.Offload.SegmentSize);
        Assert.Equal(0x81, buffer.Array[buffer.Start - Offload.Length + 1]);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);

        Assert.Equal(EditResult.Changed, new Frame(buffer).ReplacePayload(FrameShapes.Data(1000, seed: 3)));
        Assert.Equal(0, buffer.Array[buffer.Start - Offload.Length + 1]);
        Assert.Equal(0, buffer.Offload.SegmentSize);
        Assert.True(buffer.Offload.NeedsCsum);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void ThePayloadOfManyDatagramsIsRefused()
    {
        FrameShape sample = new() { Transport = IpProtocol.Udp, HasPartialChecksum = true, SegmentSize = 100, Payload = FrameShapes.Data(550) };
        FrameBuffer buffer = sample.ToBuffer();
        var before = new Snapshot(buffer);

        Assert.Equal(EditResult.Refused, new Frame(buffer).WritePayload(0, "XX"u8));
        Assert.Equal(EditResult.Refused, new Frame(buffer).ReplacePayload(new Frame(buffer).Payload[..^3]));
        before.AssertSame(buffer);
        Assert.Equal(EditResult.Changed, new Frame((sample with { SegmentSize = 0 }).ToBuffer()).WritePayload(0, "XX"u8));
    }

    [Fact]
    public void ASuperSegmentGrowsTo65535Octets()
    {
        FrameShape sample = new()
        {
            HasPartialChecksum = true, SegmentSize = 1000, Payload = FrameShapes.Data(5000), Mtu = 1500, VlanTags = 4,
            TcpOptions = [.. Enumerable.Repeat((byte)1, 36), 2, 4, 5, 180],
        };
        FrameBuffer buffer = sample.ToBuffer();
        // Headers that shrank leave less room behind the frame.
        Assert.Equal(EditResult.Changed, new Frame(buffer).SetTcpOptions([]));
        Assert.True(buffer.Start > FrameBuffer.FrameStart);
        byte[] payload = FrameShapes.Data(65535 - 40, seed: 2);

        Assert.Equal(EditResult.Refused, new Frame(buffer).ReplacePayload([.. payload, 0]));
        Assert.Equal(EditResult.Changed, new Frame(buffer).ReplacePayload(payload));

        FrameCheck check = FrameCheck.Read(buffer);
        Assert.Equal(65535, check.PacketLength);
        Assert.Equal(0, check.ChecksumError);
        Assert.Equal(payload, new Frame(buffer).Payload.ToArray());
        buffer.Undo();
        Assert.Equal(sample.ToOctets(), buffer.Octets.ToArray());
    }

    [Fact]
    public void WhatFollowsAUdpDatagramInsideThePacketStays()
    {
        // A surplus area, RFC 9868: the UDP length ends before the packet does.
        byte[] octets = new FrameShape { IsIpv6 = true, IsRawIp = true, Transport = IpProtocol.Udp, Payload = [1, 2, 3, 4] }.ToOctets();
        octets[5] += 3;
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load([.. octets, 7, 8, 9], LinkType.RawIp, default);

        Assert.Equal(EditResult.Changed, new Frame(buffer).ReplacePayload([5, 6, 7, 8, 9, 10]));

        Assert.Equal([5, 6, 7, 8, 9, 10], new Frame(buffer).Payload.ToArray());
        Assert.Equal([7, 8, 9], buffer.Octets[^3..].ToArray());
        Assert.Equal(8 + 6 + 3, buffer.Octets[5]);
        buffer.Octets[5] -= 3;
        buffer.Resize(buffer.Length - 3);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void AFragmentsPayloadKeepsItsLength()
    {
        FrameBuffer buffer = new FrameShape { Transport = IpProtocol.Udp, IsFirstFragment = true, Payload = new byte[16] }.ToBuffer();

        Assert.Equal(EditResult.Refused, new Frame(buffer).ReplacePayload(new byte[8]));
        Assert.False(buffer.Edited);
        Assert.Equal(EditResult.Changed, new Frame(buffer).ReplacePayload(FrameShapes.Data(16)));
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Fact]
    public void WhatHasNoTransportHasNoPayload()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[20], LinkType.Ethernet, default);

        Assert.Equal(EditResult.Unchanged, new Frame(buffer).ReplacePayload([1]));
        Assert.Equal(EditResult.Unchanged, new Frame(buffer).WritePayload(0, [1]));
    }
}
