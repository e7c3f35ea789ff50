using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

public class VlanEditTests
{
    [Fact]
    public void ATagGoesOutsideThoseThatAreThere()
    {
        FrameBuffer buffer = new FrameShape { VlanTags = 1, IsIpv6 = true, HasPartialChecksum = true, Payload = [1, 2, 3] }.ToBuffer();
        byte[] before = buffer.Octets.ToArray();

        Assert.Equal(EditResult.Changed, new Frame(buffer).InsertVlanTag(0x6064, EtherType.Dot1Ad));

        Assert.Equal([.. before[..12], 0x88, 0xA8, 0x60, 0x64, .. before[12..]], buffer.Octets.ToArray());
        Assert.Equal(14 + 8 + 40, buffer.Offload.ChecksumStart);
        Assert.True(new Frame(buffer).TryGetVlanTag(out VlanTag outer));
        Assert.Equal(3, outer.Priority);
        Assert.Equal(100, outer.Identifier);
        Assert.Equal(EtherType.Dot1Q, outer.EtherType);
    }

    [Fact]
    public void RemovingTakesTheOutermost()
    {
        FrameBuffer buffer = new FrameShape { VlanTags = 2, SegmentSize = 100, HasPartialChecksum = true, Payload = new byte[200] }.ToBuffer();
        byte[] before = buffer.Octets.ToArray();

        Assert.Equal(EditResult.Changed, new Frame(buffer).RemoveVlanTag());

        Assert.Equal([.. before[..12], .. before[16..]], buffer.Octets.ToArray());
        Assert.Equal(14 + 4 + 40, buffer.Offload.HeaderLength);
        Assert.Equal(14 + 4 + 20, buffer.Offload.ChecksumStart);
    }

    [Fact]
    public void WhatNobodyUnderstandsCanBeTaggedToo()
    {
        byte[] octets = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xCC, 0x02, 0x07];
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, default);

        Assert.Equal(EditResult.Changed, new Frame(buffer).InsertVlanTag(7));
        Assert.Equal([.. octets[..12], 0x81, 0x00, 0, 7, 0x88, 0xCC, 0x02, 0x07], buffer.Octets.ToArray());
        Assert.Equal(EditResult.Changed, new Frame(buffer).RemoveVlanTag());
        Assert.Equal(octets, buffer.Octets.ToArray());
    }

    [Fact]
    public void AFragmentCanBeTagged()
    {
        FrameBuffer buffer = new FrameShape { IsFirstFragment = true, Payload = new byte[16] }.ToBuffer();

        Assert.Equal(EditResult.Changed, new Frame(buffer).InsertVlanTag(7));
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    [Theory]
    [InlineData(1460, 0, 4, 1)]
    [InlineData(1460, 0, 16, 4)]
    [InlineData(1456, 0, 4, 2)]
    [InlineData(5000, 1460, 4, 1)]
    [InlineData(5000, 1452, 4, 3)]
    public void NoMoreTagsAreAddedThanAFullSizedFrameCanLeaveWith(int payload, int segmentSize, int room, int fit)
    {
        FrameBuffer buffer = new FrameShape
        {
            Payload = new byte[payload], SegmentSize = segmentSize, HasPartialChecksum = segmentSize > 0, Mtu = 1500,
        }.ToBuffer();
        buffer.TagRoom = room;
        for (int i = 0; i < fit; i++)
            Assert.Equal(EditResult.Changed, new Frame(buffer).InsertVlanTag(7, EtherType.Dot1Ad));

        Assert.Equal(EditResult.Refused, new Frame(buffer).InsertVlanTag(7));
        Assert.Equal(fit, buffer.Layers.VlanTags);
    }

    [Fact]
    public void TheMtuDoesNotCountTags()
    {
        FrameBuffer buffer = new FrameShape { Payload = new byte[60], Mtu = 100 }.ToBuffer();

        Assert.Equal(EditResult.Changed, new Frame(buffer).InsertVlanTag(7));
    }

    [Fact]
    public void AFifthTagAndAnUnknownIdentifierAreRefused()
    {
        FrameBuffer buffer = new FrameShape { VlanTags = 4 }.ToBuffer();
        var before = new Snapshot(buffer);

        Assert.Equal(EditResult.Refused, new Frame(buffer).InsertVlanTag(7));
        Assert.Equal(EditResult.Refused, new Frame(new FrameShape().ToBuffer()).InsertVlanTag(7, EtherType.Ipv4));
        before.AssertSame(buffer);
        Assert.False(buffer.Edited);
    }

    [Fact]
    public void WithoutEthernetOrTagsNothingChanges()
    {
        Assert.Equal(EditResult.Unchanged, new Frame(new FrameShape { IsRawIp = true }.ToBuffer()).InsertVlanTag(7));
        Assert.Equal(EditResult.Unchanged, new Frame(new FrameShape { IsRawIp = true }.ToBuffer()).RemoveVlanTag());
        Assert.Equal(EditResult.Unchanged, new Frame(new FrameShape().ToBuffer()).RemoveVlanTag());
    }
}
