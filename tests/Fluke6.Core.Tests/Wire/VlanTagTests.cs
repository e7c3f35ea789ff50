using Fluke6.Wire;

namespace Fluke6.Core.Tests.Wire;

public class VlanTagTests
{
    [Fact]
    public void ReadsEveryField()
    {
        Assert.True(VlanTag.TryRead(Hex.Octets("b064 0800"), out VlanTag tag));
        Assert.Equal(0xB064, tag.Control);
        Assert.Equal(5, tag.Priority);
        Assert.True(tag.DropEligible);
        Assert.Equal(100, tag.Identifier);
        Assert.Equal(EtherType.Ipv4, tag.EtherType);
    }

    [Fact]
    public void WritesEveryField()
    {
        byte[] octets = Hex.Prefilled(5);
        Assert.True(VlanTag.TryRead(octets, out VlanTag tag));
        tag.Priority = 5;
        tag.DropEligible = true;
        tag.Identifier = 100;
        tag.EtherType = EtherType.Ipv6;
        Assert.Equal("b06486dda5", Hex.Of(octets));
        tag.DropEligible = false;
        Assert.Equal(0xA064, tag.Control);
        tag.Control = 0x1FFF;
        Assert.Equal(0, tag.Priority);
        Assert.Equal(4095, tag.Identifier);
    }

    [Fact]
    public void RejectsTruncated()
    {
        for (int length = 0; length < VlanTag.Length; length++)
            Assert.False(VlanTag.TryRead(new byte[length], out _));
    }
}
