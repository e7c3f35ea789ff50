using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Linux.Tests;

/// <summary>Frames as a host with an offloading network card would leave them: partial checksum, payload longer than a segment.</summary>
internal static class TestFrames
{
    public const int Headers = 14 + 20 + 20;

    /// <summary>A frame of a protocol that no kernel answers, telling them apart by one octet. IEEE 802 local experimental EtherType.</summary>
    public static FrameBuffer Plain(byte marker, int length = 60, params ushort[] tags)
    {
        byte[] octets = new byte[length];
        octets.AsSpan(0, 6).Fill(0xFF);
        octets[6] = 0x02;
        octets[11] = marker;
        WriteUInt16BigEndian(octets.AsSpan(12), 0x88B5);
        octets.AsSpan(14).Fill(marker);
        return Buffer(Tag(octets, tags));
    }

    /// <summary>Shorter than an Ethernet header.</summary>
    public static FrameBuffer Runt() => Buffer(new byte[7]);

    public static FrameBuffer Tcp(bool ipv6, int payload, int segmentSize, byte flags = 0x18, params ushort[] tags)
    {
        byte[] header = new byte[20];
        WriteUInt16BigEndian(header, 4000);
        WriteUInt16BigEndian(header.AsSpan(2), 5000);
        WriteUInt32BigEndian(header.AsSpan(4), 0xFFFF_F000);
        header[12] = 5 << 4;
        header[13] = flags;
        return Super(ipv6, IpProtocol.Tcp, header, 16, payload, segmentSize, ipv6 ? SegmentationKind.Tcpv6 : SegmentationKind.Tcpv4, tags);
    }

    public static FrameBuffer Udp(bool ipv6, int payload, int segmentSize, params ushort[] tags)
    {
        byte[] header = new byte[8];
        WriteUInt16BigEndian(header, 4000);
        WriteUInt16BigEndian(header.AsSpan(2), 5000);
        WriteUInt16BigEndian(header.AsSpan(4), (ushort)(8 + payload));
        return Super(ipv6, IpProtocol.Udp, header, 6, payload, segmentSize, SegmentationKind.Udp, tags);
    }

    private static FrameBuffer Super(
        bool ipv6, IpProtocol protocol, byte[] transport, int field, int payload, int segmentSize, SegmentationKind kind, ushort[] tags)
    {
        int upper = transport.Length + payload;
        byte[] network = ipv6 ? Ipv6(protocol, upper) : Ipv4(protocol, upper);
        ReadOnlySpan<byte> addresses = ipv6 ? network.AsSpan(8, 32) : network.AsSpan(12, 8);
        WriteUInt16BigEndian(transport.AsSpan(field), InternetChecksum.PseudoHeaderSum(addresses, (byte)protocol, upper));

        byte[] ethernet = new byte[14];
        ethernet.AsSpan(0, 6).Fill(0xFF);
        ethernet[6] = 0x02;
        WriteUInt16BigEndian(ethernet.AsSpan(12), (ushort)(ipv6 ? EtherType.Ipv6 : EtherType.Ipv4));
        byte[] data = new byte[payload];
        new Random(payload).NextBytes(data);

        FrameBuffer frame = Buffer(Tag([.. ethernet, .. network, .. transport, .. data], tags));
        int start = 14 + (4 * tags.Length) + network.Length;
        frame.Offload.SetPartialChecksum(start, field);
        frame.Offload.SetSegmentation(kind, segmentSize, start + transport.Length);
        return frame;
    }

    private static byte[] Ipv4(IpProtocol protocol, int upper)
    {
        byte[] header = new byte[20];
        header[0] = 0x45;
        WriteUInt16BigEndian(header.AsSpan(2), (ushort)(20 + upper));
        WriteUInt16BigEndian(header.AsSpan(4), 0xFFFE);
        header[8] = 64;
        header[9] = (byte)protocol;
        new byte[] { 192, 0, 2, 1, 192, 0, 2, 2 }.CopyTo(header, 12);
        WriteUInt16BigEndian(header.AsSpan(10), InternetChecksum.Compute(header));
        return header;
    }

    private static byte[] Ipv6(IpProtocol protocol, int upper)
    {
        byte[] header = new byte[40];
        header[0] = 0x60;
        WriteUInt16BigEndian(header.AsSpan(4), (ushort)upper);
        header[6] = (byte)protocol;
        header[7] = 64;
        Ipv6Address.Parse("2001:db8::1").WriteTo(header.AsSpan(8));
        Ipv6Address.Parse("2001:db8::2").WriteTo(header.AsSpan(24));
        return header;
    }

    private static byte[] Tag(byte[] octets, ushort[] tags)
    {
        byte[] inserted = new byte[4 * tags.Length];
        for (int i = 0; i < tags.Length; i++)
        {
            WriteUInt16BigEndian(inserted.AsSpan(4 * i), tags[i]);
            // Priority 5, drop eligible, VLAN 0x123 and on: every part of the tag must come back.
            WriteUInt16BigEndian(inserted.AsSpan((4 * i) + 2), (ushort)(0xB123 + i));
        }

        return [.. octets[..12], .. inserted, .. octets[12..]];
    }

    private static FrameBuffer Buffer(byte[] octets)
    {
        var buffer = new FrameBuffer(new FrameUndo());
        buffer.Load(octets, LinkType.Ethernet, Side.Left);
        return buffer;
    }
}
