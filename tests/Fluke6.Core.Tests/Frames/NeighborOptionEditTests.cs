using Fluke6.Frames;
using Fluke6.Ports;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>Options of neighbor discovery messages are added, replaced and removed; the frame is then as if written so at once.</summary>
public class NeighborOptionEditTests
{
    private static readonly MacAddress s_mac = MacAddress.Parse("02:00:00:00:00:01"), s_other = MacAddress.Parse("02:00:00:00:00:09");
    private static readonly Ipv6Prefix s_one = Ipv6Prefix.Parse("2001:db8:1::/64"), s_two = Ipv6Prefix.Parse("2001:db8:2::/64");
    private static readonly Ipv6Address s_server = Ipv6Address.Parse("2001:db8::53");

    private static Packet<RouterAdvertisementFields> Advertisement =>
        Packet.Ethernet(s_mac).Ipv6(Ipv6Address.Parse("fe80::1"), Ipv6Address.AllNodes).RouterAdvertisement();

    private delegate EditResult Edit(Frame frame);

    [Fact]
    public void AnOptionIsAppended() => Check(
        Advertisement.SourceLinkLayer(s_mac),
        frame => frame.AppendNeighborOption(new RecursiveDnsServersFields([s_server])),
        Advertisement.SourceLinkLayer(s_mac).RecursiveDnsServers(s_server));

    [Fact]
    public void AnOptionIsAppendedToNone() => Check(Advertisement, frame => frame.AppendNeighborOption(new MtuOptionFields(1400)), Advertisement.Mtu(1400));

    [Fact]
    public void AnOptionIsReplacedInItsPlaceAndFurtherOnesGo() => Check(
        Advertisement.SourceLinkLayer(s_mac).Prefix(s_one).Mtu(1500).Prefix(s_two),
        frame => frame.ReplaceNeighborOption(new PrefixInformationFields(s_two) { ValidLifetime = 9, PreferredLifetime = 8 }),
        Advertisement.SourceLinkLayer(s_mac).Prefix(s_two, valid: 9, preferred: 8).Mtu(1500));

    [Fact]
    public void ALongerOptionTakesTheLastOnesPlace() => Check(
        Advertisement.Mtu(1500).RecursiveDnsServers(s_server),
        frame => frame.ReplaceNeighborOption(new RecursiveDnsServersFields([s_server, Ipv6Address.AllNodes])),
        Advertisement.Mtu(1500).RecursiveDnsServers(s_server, Ipv6Address.AllNodes));

    [Fact]
    public void EveryOptionOfATypeIsRemoved() => Check(
        Advertisement.Prefix(s_one).Mtu(1500).Prefix(s_two),
        frame => frame.RemoveNeighborOption(NeighborDiscoveryOptionType.PrefixInformation),
        Advertisement.Mtu(1500));

    [Fact]
    public void EveryMessageHasOptions()
    {
        Packet<Ipv6Fields> begun = Packet.Ethernet(s_mac, s_other).Ipv6(Ipv6Address.Parse("fe80::1"), Ipv6Address.Parse("fe80::2"));
        Check(begun.RouterSolicitation(), Append, begun.RouterSolicitation().SourceLinkLayer(s_mac));
        Check(begun.NeighborSolicitation(s_server), Append, begun.NeighborSolicitation(s_server).SourceLinkLayer(s_mac));
        Check(begun.NeighborAdvertisement(s_server), Append, begun.NeighborAdvertisement(s_server).SourceLinkLayer(s_mac));
        Check(begun.Redirect(s_server, s_server), Append, begun.Redirect(s_server, s_server).SourceLinkLayer(s_mac));

        static EditResult Append(Frame frame) => frame.AppendNeighborOption(LinkLayerAddressOptionFields.Source(s_mac));
    }

    [Fact]
    public void NothingToDoIsUnchanged()
    {
        CheckUntouched(Advertisement.Mtu(1500), EditResult.Unchanged, frame => frame.RemoveNeighborOption(NeighborDiscoveryOptionType.Nonce));
        CheckUntouched(Advertisement.Mtu(1500), EditResult.Unchanged, frame => frame.ReplaceNeighborOption(new PrefixInformationFields(s_one)));
        CheckUntouched(Advertisement.Mtu(1500), EditResult.Unchanged, frame => frame.ReplaceNeighborOption(new MtuOptionFields(1500)));
        Packet echo = Packet.Ethernet(s_mac).Ipv6(s_server, s_server).EchoRequest(1, 1);
        CheckUntouched(echo, EditResult.Unchanged, frame => frame.AppendNeighborOption(new MtuOptionFields(1500)));
        CheckUntouched(echo, EditResult.Unchanged, frame => frame.RemoveNeighborOption(NeighborDiscoveryOptionType.Mtu));
    }

    [Fact]
    public void WhatCannotBeReadOrDoesNotFitIsRefused()
    {
        Packet malformed = Advertisement.Mtu(1500).Payload([5, 0, 0, 0, 0, 0, 5, 0]);
        CheckUntouched(malformed, EditResult.Refused, frame => frame.AppendNeighborOption(new MtuOptionFields(1500)));
        CheckUntouched(malformed, EditResult.Refused, frame => frame.RemoveNeighborOption(NeighborDiscoveryOptionType.Mtu));
        CheckUntouched(malformed, EditResult.Refused, frame => frame.ReplaceNeighborOption(new MtuOptionFields(1500)));
        Packet full = Advertisement.Option(new NeighborDiscoveryOptionFields(NeighborDiscoveryOptionType.Nonce, new byte[1430]));
        CheckUntouched(full, EditResult.Refused, frame => frame.AppendNeighborOption(new PrefixInformationFields(s_one)));
    }

    [Fact]
    public void AWrongChecksumStaysAsWrong()
    {
        byte[] octets = Advertisement.Mtu(1500).ToArray();
        octets[^1] ^= 1;
        FrameBuffer buffer = Load(octets);

        Assert.Equal(EditResult.Changed, new Frame(buffer).AppendNeighborOption(new PrefixInformationFields(s_one)));

        byte[] expected = Advertisement.Mtu(1500).Prefix(s_one).ToArray();
        expected[^33] ^= 1;
        Assert.Equal(Convert.ToHexStringLower(expected), Convert.ToHexStringLower(buffer.Octets));
    }

    private static void Check(Packet before, Edit edit, Packet after)
    {
        FrameBuffer buffer = Load(before.ToArray());
        Assert.Equal(EditResult.Changed, edit(new Frame(buffer)));
        Assert.Equal(Convert.ToHexStringLower(after.ToArray()), Convert.ToHexStringLower(buffer.Octets));
    }

    private static void CheckUntouched(Packet packet, EditResult result, Edit edit)
    {
        FrameBuffer buffer = Load(packet.ToArray());
        Assert.Equal(result, edit(new Frame(buffer)));
        Assert.Equal(Convert.ToHexStringLower(packet.ToArray()), Convert.ToHexStringLower(buffer.Octets));
    }

    private static FrameBuffer Load(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left, mtu: 1500);
        return buffer;
    }
}
