using Fluke6.Frames;
using Fluke6.Wire;
using PacketDotNet;
using Packet = PacketDotNet.Packet;

namespace Fluke6.Core.Tests.Frames;

/// <summary>PacketDotNet, written by others, reads frames after random edits: it must see what our views say and find checksums valid.</summary>
public class PacketDotNetOracleTests
{
    private const int Rounds = 300;

    [Theory]
    [InlineData(nameof(KnownFrames.TcpOverIpv4))]
    [InlineData(nameof(KnownFrames.TcpOverIpv6))]
    [InlineData(nameof(KnownFrames.TcpWithPayload))]
    public void AgreesOnTcp(string name)
    {
        var random = new Random(10);
        for (int round = 0; round < Rounds; round++)
        {
            var frame = new Frame(Arrived.Buffer(KnownFrames.All[name]));
            Edit(ref frame, random);
            var packet = Parse(frame.ToArray());
            var theirs = packet.Extract<TcpPacket>();
            Assert.True(frame.TryGetTcp(out TcpHeader ours));
            Assert.Equal(theirs.SourcePort, ours.SourcePort);
            Assert.Equal(theirs.DestinationPort, ours.DestinationPort);
            Assert.Equal(theirs.SequenceNumber, ours.SequenceNumber);
            Assert.Equal(theirs.AcknowledgmentNumber, ours.AcknowledgmentNumber);
            Assert.Equal(theirs.DataOffset * 4, ours.HeaderLength);
            Assert.Equal(theirs.Flags, (int)ours.Flags & 0x1FF);
            Assert.Equal(theirs.WindowSize, ours.Window);
            Assert.Equal((ushort)theirs.UrgentPointer, ours.UrgentPointer);
            Assert.Equal(theirs.Checksum, ours.Checksum);
            Assert.True(theirs.ValidChecksum);
            Assert.Equal(theirs.PayloadData, frame.Payload.ToArray());
            AgreeOnNetwork(ref frame, packet);
        }
    }

    [Theory]
    [InlineData(nameof(KnownFrames.UdpOverIpv4))]
    [InlineData(nameof(KnownFrames.UdpOverIpv6))]
    [InlineData(nameof(KnownFrames.Ipv4WithOptions))]
    public void AgreesOnUdp(string name)
    {
        var random = new Random(11);
        for (int round = 0; round < Rounds; round++)
        {
            var frame = new Frame(Arrived.Buffer(KnownFrames.All[name]));
            Edit(ref frame, random);
            var packet = Parse(frame.ToArray());
            var theirs = packet.Extract<UdpPacket>();
            Assert.True(frame.TryGetUdp(out UdpHeader ours));
            Assert.Equal(theirs.SourcePort, ours.SourcePort);
            Assert.Equal(theirs.DestinationPort, ours.DestinationPort);
            Assert.Equal(theirs.Length, ours.DatagramLength);
            Assert.Equal(theirs.Checksum, ours.Checksum);
            Assert.True(theirs.ValidChecksum);
            AgreeOnNetwork(ref frame, packet);
        }
    }

    [Fact]
    public void AgreesOnIcmp()
    {
        var random = new Random(12);
        for (int round = 0; round < Rounds; round++)
        {
            var frame = new Frame(Arrived.Buffer(KnownFrames.EchoOverIpv4));
            Edit(ref frame, random);
            var packet = Parse(frame.ToArray());
            var theirs = packet.Extract<IcmpV4Packet>();
            Assert.True(frame.TryGetIcmpv4(out Icmpv4Header ours));
            Assert.Equal(theirs.Id, ours.Identifier);
            Assert.Equal(theirs.Sequence, ours.SequenceNumber);
            Assert.Equal((ushort)theirs.TypeCode & 0xFF, ours.Code);
            Assert.True(theirs.ValidIcmpChecksum);
            AgreeOnNetwork(ref frame, packet);

            frame = new Frame(Arrived.Buffer(KnownFrames.EchoOverIpv6));
            Edit(ref frame, random);
            packet = Parse(frame.ToArray());
            var theirs6 = packet.Extract<IcmpV6Packet>();
            Assert.True(frame.TryGetIcmpv6(out Icmpv6Header ours6));
            Assert.Equal((byte)theirs6.Type, (byte)ours6.Type);
            Assert.Equal(theirs6.Code, ours6.Code);
            Assert.Equal(theirs6.Checksum, ours6.Checksum);
            Assert.True(theirs6.ValidIcmpChecksum);
            AgreeOnNetwork(ref frame, packet);
        }
    }

    private static void Edit(ref Frame frame, Random random)
    {
        for (int edit = 0; edit < 4; edit++)
            RandomEdits.Apply(ref frame, random);
    }

    private static Packet Parse(byte[] octets) => Packet.ParsePacket(LinkLayers.Ethernet, octets);

    private static void AgreeOnNetwork(ref Frame frame, Packet packet)
    {
        if (frame.TryGetIpv4(out Ipv4Header ipv4))
        {
            var theirs = packet.Extract<IPv4Packet>();
            Assert.Equal(theirs.SourceAddress, ipv4.Source.ToIPAddress());
            Assert.Equal(theirs.DestinationAddress, ipv4.Destination.ToIPAddress());
            Assert.Equal(theirs.TimeToLive, ipv4.TimeToLive);
            Assert.Equal(theirs.Id, ipv4.Identification);
            Assert.Equal(theirs.TypeOfService, (ipv4.DifferentiatedServices << 2) | ipv4.ExplicitCongestionNotification);
            Assert.Equal((theirs.FragmentFlags & 2) != 0, ipv4.DontFragment);
            Assert.Equal(theirs.TotalLength, ipv4.TotalLength);
            Assert.True(theirs.ValidIPChecksum);
        }
        else
        {
            Assert.True(frame.TryGetIpv6(out Ipv6Header ipv6));
            var theirs = packet.Extract<IPv6Packet>();
            Assert.Equal(theirs.SourceAddress, ipv6.Source.ToIPAddress());
            Assert.Equal(theirs.DestinationAddress, ipv6.Destination.ToIPAddress());
            Assert.Equal(theirs.HopLimit, ipv6.HopLimit);
            Assert.Equal(theirs.TrafficClass, ipv6.TrafficClass);
            Assert.Equal((uint)theirs.FlowLabel, ipv6.FlowLabel);
            Assert.Equal(theirs.PayloadLength, ipv6.PayloadLength);
        }
    }
}
