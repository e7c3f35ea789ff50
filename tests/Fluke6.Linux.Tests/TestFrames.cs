using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Linux.Tests;

/// <summary>Frames as a host with an offloading network card would leave them: partial checksum, payload longer than a segment.</summary>
internal static class TestFrames
{
    public const int Headers = 14 + 20 + 20;

    private static readonly Ipv4Fields s_ipv4 =
        new(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("192.0.2.2")) { Identification = 0xFFFE, DontFragment = false };

    private static readonly Ipv6Fields s_ipv6 = new(Ipv6Address.Parse("2001:db8::1"), Ipv6Address.Parse("2001:db8::2"));

    /// <summary>A frame of a protocol that no kernel answers, telling them apart by one octet. IEEE 802 local experimental EtherType.</summary>
    public static FrameBuffer Plain(byte marker, int length = 60, params ushort[] tags)
    {
        byte[] data = new byte[length - EthernetHeader.Length];
        data.AsSpan().Fill(marker);
        Packet<EthernetFields> ethernet = Packet.Ethernet(MacAddress.FromUInt64(0x0200_0000_0000UL | marker));
        return Buffer(ethernet.Payload((EtherType)0x88B5, data), tags);
    }

    /// <summary>Shorter than an Ethernet header.</summary>
    public static FrameBuffer Runt()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(new byte[7], LinkType.Ethernet, Side.Left);
        return buffer;
    }

    public static FrameBuffer Tcp(bool ipv6, int payload, int segmentSize, byte flags = 0x18, params ushort[] tags)
    {
        var fields = new TcpFields(4000, 5000, (TcpFlags)flags) { SequenceNumber = 0xFFFF_F000, Window = 0 };
        Packet packet = (ipv6 ? Ethernet.Ipv6(s_ipv6).Tcp(fields) : Ethernet.Ipv4(s_ipv4).Tcp(fields)).Payload(Data(payload));
        return Super(packet, segmentSize, ipv6 ? SegmentationKind.Tcpv6 : SegmentationKind.Tcpv4, tags);
    }

    public static FrameBuffer Udp(bool ipv6, int payload, int segmentSize, params ushort[] tags)
    {
        Packet packet = (ipv6 ? Ethernet.Ipv6(s_ipv6).Udp(4000, 5000) : Ethernet.Ipv4(s_ipv4).Udp(4000, 5000)).Payload(Data(payload));
        return Super(packet, segmentSize, SegmentationKind.Udp, tags);
    }

    private static Packet<EthernetFields> Ethernet => Packet.Ethernet(MacAddress.FromUInt64(0x0200_0000_0000));

    private static byte[] Data(int length)
    {
        byte[] data = new byte[length];
        new Random(length).NextBytes(data);
        return data;
    }

    /// <summary>Leaves checksum and cutting up to the network card.</summary>
    private static FrameBuffer Super(Packet packet, int segmentSize, SegmentationKind kind, ushort[] tags)
    {
        FrameBuffer frame = Buffer(packet, tags);
        Layers layers = frame.Layers;
        int field = kind == SegmentationKind.Udp ? 6 : 16;
        ReadOnlySpan<byte> network = frame.Octets[layers.NetworkOffset..];
        ReadOnlySpan<byte> addresses = layers.Network == EtherType.Ipv6 ? network.Slice(8, 32) : network.Slice(12, 8);
        WriteUInt16BigEndian(
            frame.Octets[(layers.TransportOffset + field)..],
            InternetChecksum.PseudoHeaderSum(addresses, (byte)layers.Transport, layers.PayloadEnd - layers.TransportOffset));
        frame.Offload.SetPartialChecksum(layers.TransportOffset, field);
        frame.Offload.SetSegmentation(kind, segmentSize, layers.PayloadOffset);

        // As a port leaves it: nobody has looked at its headers yet.
        var arrived = new FrameBuffer(new FrameUndo());
        arrived.Load(frame);
        return arrived;
    }

    public static FrameBuffer Buffer(Packet packet, ushort[] tags)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(packet.ToArray(), LinkType.Ethernet, Side.Left);
        // Priority 5, drop eligible, VLAN 0x123 and on: every part of the tag must come back.
        for (int i = tags.Length - 1; i >= 0; i--)
            Assert.Equal(EditResult.Changed, new Frame(buffer).InsertVlanTag((ushort)(0xB123 + i), (EtherType)tags[i]));
        return buffer;
    }
}
