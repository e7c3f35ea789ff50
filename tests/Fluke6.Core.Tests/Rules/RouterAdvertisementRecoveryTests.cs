using Fluke6.Frames;
using Fluke6.Rules;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Rules;

/// <summary>What hosts are told when a rule that changed router advertisements ends.</summary>
[Collection("allocations")]
public sealed class RouterAdvertisementRecoveryTests
{
    private static readonly Ipv6Prefix s_own = Ipv6Prefix.Parse("2604:5f00:ffff:fe00::/64"), s_other = Ipv6Prefix.Parse("2001:db8:2::/64");
    private static readonly Ipv6Prefix s_third = Ipv6Prefix.Parse("2001:db8:3::/64");
    private readonly RouterAdvertisementRecovery _recovery = new();
    private readonly FrameBuffer _buffer = new(new FrameUndo());

    private static byte[] Advertisement => [.. Vectors.Frames["router-advertisement"]];

    [Fact]
    public void PrefixThatWasGivenIsWithdrawnAndTheRoutersOwnIsBack()
    {
        Meet(Advertisement, s_other);

        List<byte[]> sent = Send();

        Assert.Equal(2, sent.Count);
        Assert.Equal((s_other, 0u, 0u), PrefixOf(sent[0]));
        Assert.Equal(Convert.ToHexString(Advertisement), Convert.ToHexString(sent[1]));
        Assert.All(sent, AssertChecksum);
        Assert.Empty(Send());
    }

    [Fact]
    public void EveryPrefixThatWasGivenIsWithdrawn()
    {
        Meet(Advertisement, s_other);
        Meet(Advertisement, s_third);
        Meet(Advertisement, s_third);
        List<byte[]> sent = Send();
        Assert.Equal([(s_other, 0u, 0u), (s_third, 0u, 0u)], sent[..2].Select(PrefixOf));
        Assert.Equal(Convert.ToHexString(Advertisement), Convert.ToHexString(Assert.Single(sent[2..])));
    }

    [Fact]
    public void AdvertisementThatWasLeftAsItIsIsTheRoutersLastWord()
    {
        Meet(Advertisement, null);
        Assert.Empty(Send());

        Meet(Advertisement, s_other);
        byte[] renumbered = Rewrite(Advertisement, s_third);
        Meet(renumbered, null);
        List<byte[]> sent = Send();
        Assert.Equal((s_other, 0u, 0u), PrefixOf(sent[0]));
        Assert.Equal(Convert.ToHexString(renumbered), Convert.ToHexString(Assert.Single(sent[1..])));
    }

    [Fact]
    public void AnswerToOneHostGoesToAll()
    {
        byte[] unicast = Rewrite(Advertisement, s_own, Ipv6Address.Parse("fe80::1"));
        Meet(unicast, s_other);
        List<byte[]> sent = Send();
        Assert.Equal(Convert.ToHexString(Advertisement), Convert.ToHexString(sent[1]));
    }

    [Fact]
    public void RoutersAreRememberedApartAndNotWithoutBound()
    {
        for (ulong i = 0; i < 100; i++)
            Meet(Rewrite(Advertisement, s_own, source: new Ipv6Address(0xFE80_0000_0000_0000, i)), s_other);
        List<byte[]> sent = Send();
        Assert.Equal(2 * RouterAdvertisementRecovery.Capacity, sent.Count);
    }

    [Fact]
    public void WhatIsNoAdvertisementIsPassedOver()
    {
        foreach (byte[] octets in Vectors.Frames.Where(frame => frame.Key != "router-advertisement").Select(frame => frame.Value))
            Meet(octets, s_other);
        Assert.Empty(Send());
    }

    [Theory]
    [InlineData(new byte[0], new byte[] { 20 })]
    [InlineData(new byte[] { 10 }, new byte[] { 20 })]
    [InlineData(new byte[] { 10, 20 }, new byte[] { 10, 30 })]
    [InlineData(new byte[] { 10, 20 }, new byte[] { 20, 10 })]
    [InlineData(new byte[] { 10 }, new byte[] { 10, 10 })]
    [InlineData(new byte[] { 1, 2, 3, 4 }, new byte[] { 1, 2, 3, 5 })]
    public void RoutersOnOtherVlansAreOthers(byte[] vlans, byte[] otherVlans)
    {
        byte[] changed = Tag(Advertisement, vlans), left = Tag(Rewrite(Advertisement, s_third), otherVlans);
        Meet(changed, s_other);
        Meet(left, null);
        List<byte[]> sent = Send();
        Assert.Equal(2, sent.Count);
        Assert.Equal((s_other, 0u, 0u), PrefixOf(sent[0]));
        Assert.Equal(Convert.ToHexString(changed), Convert.ToHexString(sent[1]));

        // Changed as well, each is taken back for itself.
        Meet(changed, s_other);
        Meet(left, s_other);
        sent = Send();
        Assert.Equal([Convert.ToHexString(changed), Convert.ToHexString(left)], sent[2..].Select(Convert.ToHexString));
    }

    [Fact]
    public void PriorityOfATagMakesNoOtherRouter()
    {
        byte[] tagged = Tag(Advertisement, 10), urgent = [.. tagged];
        urgent[14] |= 7 << 5;
        Meet(tagged, s_other);
        Meet(urgent, null);
        List<byte[]> sent = Send();
        Assert.Equal(Convert.ToHexString(urgent), Convert.ToHexString(Assert.Single(sent[1..])));
    }

    [Fact]
    public void RouterIsWhoTheRuleFoundItToBe()
    {
        byte[] changed = Tag(Advertisement, 10), left = Tag(Rewrite(Advertisement, s_third), 20);
        Meet(changed, s_other, vlan: 20);
        Meet(left, null);
        List<byte[]> sent = Send();
        Assert.Equal(20, sent[0][15]);
        Assert.Equal((s_other, 0u, 0u), PrefixOf(sent[0]));
        Assert.Equal(Convert.ToHexString(changed), Convert.ToHexString(Assert.Single(sent[1..])));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void RememberingAllocatesNothing(int prefixes)
    {
        byte[] octets = Advertisement;
        for (uint i = 0; i < RouterAdvertisementRecovery.Capacity; i++)
            Meet(octets, Given(i));

        Assert.Equal(0, Allocation.In(() =>
        {
            for (uint i = 0; i < 1000; i++)
                Meet(octets, Given(i));
        }));

        // The last ones are what hosts are to forget.
        Assert.Equal(
            Enumerable.Range(1000 - RouterAdvertisementRecovery.Capacity, RouterAdvertisementRecovery.Capacity).Select(i => (Given((uint)i), 0u, 0u)).Distinct(),
            Send().Select(PrefixOf).Where(prefix => prefix.Valid == 0));

        Ipv6Prefix Given(uint i) => new(new Ipv6Address(0x2001_0DB8_0001_0000UL + (i % (uint)prefixes), 0), 64);
    }

    private static byte[] Tag(byte[] octets, params byte[] vlans) =>
        [.. octets[..12], .. vlans.SelectMany(vlan => new byte[] { 0x81, 0, 0, vlan }), .. octets[12..]];

    private static byte[] Rewrite(byte[] octets, Ipv6Prefix prefix, Ipv6Address? destination = null, Ipv6Address? source = null)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        var frame = new Frame(buffer);
        Give(frame, prefix);
        Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
        ipv6.Destination = destination ?? ipv6.Destination;
        ipv6.Source = source ?? ipv6.Source;
        return frame.ToArray();
    }

    private static (Ipv6Prefix Prefix, uint Preferred, uint Valid) PrefixOf(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        Assert.True(new Frame(buffer).TryGetRouterAdvertisement(out RouterAdvertisement advertisement));
        Assert.True(advertisement.Options.TryGetPrefixInformation(out PrefixInformation information));
        return (information.Prefix, information.PreferredLifetime, information.ValidLifetime);
    }

    private static void AssertChecksum(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
    }

    private static void Give(Frame frame, Ipv6Prefix prefix)
    {
        if (!frame.TryGetRouterAdvertisement(out RouterAdvertisement advertisement))
            return;

        foreach (NeighborDiscoveryOption option in advertisement.Options)
        {
            if (option.TryGetPrefixInformation(out PrefixInformation information))
                information.Prefix = prefix;
        }
    }

    private void Meet(byte[] octets, Ipv6Prefix? given, ushort? vlan = null)
    {
        _buffer.Load(octets, LinkType.Ethernet, Side.Left);
        _buffer.BeginRule();
        var frame = new Frame(_buffer);
        if (given is { } prefix)
            Give(frame, prefix);
        if (vlan is { } identifier && frame.TryGetVlanTag(out VlanTag tag))
            tag.Identifier = identifier;
        _recovery.Remember(in frame);
        _buffer.EndRule();
    }

    private List<byte[]> Send()
    {
        var sent = new List<byte[]>();
        _recovery.Send((side, octets) =>
        {
            Assert.Equal(Side.Right, side);
            sent.Add(octets.ToArray());
        });
        return sent;
    }
}
