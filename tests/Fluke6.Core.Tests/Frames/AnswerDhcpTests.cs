using Fluke6.Frames;
using Fluke6.Wire;

namespace Fluke6.Core.Tests.Frames;

/// <summary>A server's answers: what they repeat, and where they go. RFC 2131 §4.1, RFC 8415 §18.3, §19.3.</summary>
public sealed class AnswerDhcpTests
{
    private static readonly MacAddress s_client = MacAddress.Parse("02:00:00:00:00:01"), s_mac = MacAddress.Parse("02:00:00:00:00:06");
    private static readonly Ipv4Address s_server = Ipv4Address.Parse("192.0.2.2"), s_offered = Ipv4Address.Parse("192.0.2.100");
    private static readonly Ipv6Address s_server6 = Ipv6Address.Parse("fe80::6");

    [Theory]
    [InlineData(Dhcpv4MessageType.Offer, false, "0.0.0.0", "0.0.0.0", "192.0.2.100", 68, false)]
    [InlineData(Dhcpv4MessageType.Offer, true, "0.0.0.0", "0.0.0.0", "255.255.255.255", 68, true)]
    [InlineData(Dhcpv4MessageType.Ack, true, "192.0.2.77", "0.0.0.0", "192.0.2.77", 68, false)]
    [InlineData(Dhcpv4MessageType.Nak, false, "0.0.0.0", "0.0.0.0", "255.255.255.255", 68, true)]
    [InlineData(Dhcpv4MessageType.Nak, false, "0.0.0.0", "198.51.100.1", "198.51.100.1", 67, false)]
    [InlineData(Dhcpv4MessageType.Offer, false, "0.0.0.0", "198.51.100.1", "198.51.100.1", 67, false)]
    public void AnswerGoesWhereTheClientCanTakeIt(
        Dhcpv4MessageType type, bool broadcast, string has, string relay, string destination, int port, bool isForAll)
    {
        Dhcpv4Fields request = Dhcpv4Fields.Request(
            Dhcpv4MessageType.Discover, 0x1234_5678, s_client, new Dhcpv4OptionFields(Dhcpv4OptionCode.ClientIdentifier, [1, 2, 3]),
            new Dhcpv4OptionFields(Dhcpv4OptionCode.RelayAgentInformation, [1, 1, 9])) with
        {
            Broadcast = broadcast, ClientAddress = Ipv4Address.Parse(has), RelayAddress = Ipv4Address.Parse(relay), Hops = 1, SecondsElapsed = 3,
        };
        foreach (int tags in (int[])[0, 1])
        {
            FrameBuffer buffer = Arrived.Buffer(Client(tags).Ipv4(Ipv4Address.Any, Ipv4Address.Broadcast).Udp(68, 67).Dhcpv4(request).ToArray());
            byte[] before = buffer.Octets.ToArray();
            bool isNak = type == Dhcpv4MessageType.Nak;
            Dhcpv4Fields reply = Dhcpv4Fields.Reply(type, isNak ? Ipv4Address.Any : s_offered, Dhcpv4OptionFields.Of(Dhcpv4OptionCode.LeaseTime, 600));
            Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(reply, s_server, s_mac));

            Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
            var frame = new Frame(buffer);
            Assert.True(frame.TryGetEthernet(out EthernetHeader ethernet) & frame.TryGetIpv4(out Ipv4Header ipv4) & frame.TryGetUdp(out UdpHeader udp));
            Assert.Equal((s_mac, isForAll ? MacAddress.Broadcast : s_client), (ethernet.Source, ethernet.Destination));
            Assert.Equal((s_server, destination, 67, port), (ipv4.Source, ipv4.Destination.ToString(), udp.SourcePort, udp.DestinationPort));
            Assert.True(frame.TryGetDhcpv4(out Dhcpv4Message message));
            Assert.Equal(tags == 1, frame.TryGetVlanTag(out _));
            Dhcpv4Fields answer = Dhcpv4Fields.Read(message);
            Assert.Equal(
                request with
                {
                    Operation = Dhcpv4Operation.Reply, Hops = 0, SecondsElapsed = 0, YourAddress = isNak ? Ipv4Address.Any : s_offered,
                    ClientAddress = type == Dhcpv4MessageType.Ack ? request.ClientAddress : Ipv4Address.Any, Broadcast = broadcast || (isNak && port == 67),
                    Options =
                    [
                        Dhcpv4OptionFields.Of(type), Dhcpv4OptionFields.Of(Dhcpv4OptionCode.LeaseTime, 600),
                        Dhcpv4OptionFields.Of(Dhcpv4OptionCode.ServerIdentifier, s_server), request.Options[1], request.Options[2],
                    ],
                },
                answer);
            buffer.Undo();
            Assert.Equal(before, buffer.Octets.ToArray());
        }
    }

    [Fact]
    public void WhatIsNoRequestIsLeftAlone()
    {
        Dhcpv4Fields reply = Dhcpv4Fields.Reply(Dhcpv4MessageType.Ack, s_offered);
        foreach (byte[] octets in (byte[][])
        [
            Client(0).Ipv4(s_server, s_offered).Udp(67, 68).Dhcpv4(reply).ToArray(),
            Client(0).Ipv4(Ipv4Address.Any, Ipv4Address.Broadcast).Udp(68, 69).Dhcpv4(Dhcpv4Fields.Request(Dhcpv4MessageType.Discover, 1, s_client)).ToArray(),
            KnownFrames.Arp, KnownFrames.Dhcpv6Solicit,
        ])
        {
            FrameBuffer buffer = Arrived.Buffer(octets);
            Assert.Equal(Verdict.Continue, new Frame(buffer).Answer(reply, s_server, s_mac));
            Assert.Equal(octets, buffer.Octets.ToArray());
        }

        var discover = new FrameBuffer(new FrameUndo());
        discover.Load(KnownFrames.DhcpDiscover, LinkType.Ethernet, Side.Left, mtu: 1500);
        Dhcpv4Fields tooLong = Dhcpv4Fields.Reply(Dhcpv4MessageType.Offer, s_offered, new Dhcpv4OptionFields(Dhcpv4OptionCode.VendorInformation, new byte[1500]));
        Assert.Equal(Verdict.Continue, new Frame(discover).Answer(tooLong, s_server, s_mac));
        Assert.Equal(KnownFrames.DhcpDiscover, discover.Octets.ToArray());
    }

    [Fact]
    public void SolicitIsAnswered()
    {
        FrameBuffer buffer = Arrived.Buffer(KnownFrames.Dhcpv6Solicit);
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new Dhcpv6Fields(Dhcpv6MessageType.Advertise) { Options = [new Dhcpv6OptionFields(Dhcpv6OptionCode.RapidCommit)] }, s_server6, s_mac));
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetEthernet(out EthernetHeader ethernet) & frame.TryGetIpv6(out Ipv6Header ipv6) & frame.TryGetUdp(out UdpHeader udp));
        Assert.Equal((s_mac, s_client, "fe80::6", "fe80::1", 547, 546),
            (ethernet.Source, ethernet.Destination, ipv6.Source.ToString(), ipv6.Destination.ToString(), udp.SourcePort, udp.DestinationPort));
        Assert.True(frame.TryGetDhcpv6(out Dhcpv6Message message));
        Assert.Equal("DHCPv6 Advertise, xid 0xabcdef", message.ToString());
        Assert.Equal("ClientIdentifier 00030001020000000001; ServerIdentifier 00030001020000000006; RapidCommit", message.Options.ToString());
    }

    [Fact]
    public void AnswerGoesBackThroughEachRelay()
    {
        Assert.True(Dhcpv6Message.TryRead(Arrived.Buffer(KnownFrames.Dhcpv6Relayed).Octets[62..], out Dhcpv6Message inner));
        var outer = new Dhcpv6RelayFields(Dhcpv6MessageType.RelayForward, Ipv6Address.Parse("2001:db8:5::1"), Ipv6Address.Parse("2001:db8::9"))
        {
            HopCount = 1, Options = [new Dhcpv6OptionFields(Dhcpv6OptionCode.RemoteIdentifier, [5]), Dhcpv6RelayFields.Carrying(Dhcpv6RelayFields.Read(inner))],
        };
        FrameBuffer buffer = Arrived.Buffer(
            Client(0).Ipv6(Ipv6Address.Parse("2001:db8:5::2"), Ipv6Address.Parse("2001:db8:9::1")).Udp(547, 547).Dhcpv6(outer).ToArray());
        Assert.Equal(Verdict.Reflect, new Frame(buffer).Answer(new Dhcpv6Fields(Dhcpv6MessageType.Reply), s_server6, s_mac));
        Assert.Equal(0, FrameCheck.Read(buffer).ChecksumError);
        var frame = new Frame(buffer);
        Assert.True(frame.TryGetUdp(out UdpHeader udp) & frame.TryGetDhcpv6(out Dhcpv6Message message) & frame.TryGetIpv6(out Ipv6Header ipv6));
        Assert.Equal((547, "2001:db8:5::2"), (udp.DestinationPort, ipv6.Destination.ToString()));
        Assert.Equal("DHCPv6 RelayReply, hops 1, link 2001:db8:5::1, peer 2001:db8::9 | DHCPv6 RelayReply, hops 0, link 2001:db8::1, peer fe80::1 "
            + "| DHCPv6 Reply, xid 0xabcdef", message.ToString());
        Assert.True(message.TryGetRelayed(out Dhcpv6Message relayed));
        Assert.StartsWith("InterfaceIdentifier 010203; RelayMessage ", relayed.Options.ToString());
    }

    [Theory]
    [InlineData(Dhcpv6MessageType.Advertise)]
    [InlineData(Dhcpv6MessageType.Reply)]
    [InlineData(Dhcpv6MessageType.RelayForward)]
    [InlineData((Dhcpv6MessageType)99)]
    public void WhatNoClientSendsIsLeftAlone(Dhcpv6MessageType type)
    {
        byte[] octets = KnownFrames.Dhcpv6Solicit;
        FrameBuffer buffer = Arrived.Buffer(octets);
        buffer.Octets[62] = (byte)type;
        Assert.Equal(Verdict.Continue, new Frame(buffer).Answer(new Dhcpv6Fields(Dhcpv6MessageType.Reply), s_server6, s_mac));
    }

    private static Packet<VlanTagFields> Tagged => Packet.Ethernet(s_client).Vlan(7);

    private static PacketOfClient Client(int tags) => new(tags);

    private readonly record struct PacketOfClient(int Tags)
    {
        public Packet<Ipv4Fields> Ipv4(Ipv4Address source, Ipv4Address destination) =>
            Tags > 0 ? Tagged.Ipv4(source, destination) : Packet.Ethernet(s_client).Ipv4(source, destination);

        public Packet<Ipv6Fields> Ipv6(Ipv6Address source, Ipv6Address destination) => Packet.Ethernet(s_client).Ipv6(source, destination);
    }
}
