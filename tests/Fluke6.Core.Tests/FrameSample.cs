using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Tests;

/// <summary>
/// A frame to test with, laid out from these fields octet by octet and summed naively, so that it owes nothing to the code under test.
/// </summary>
public sealed record FrameSample
{
    public bool IsIpv6 { get; init; }
    public bool IsRawIp { get; init; }
    public int VlanTags { get; init; }

    /// <summary>Tcp, Udp, or Icmpv4, which over IPv6 becomes Icmpv6.</summary>
    public IpProtocol Transport { get; init; } = IpProtocol.Tcp;

    public byte TcpFlags { get; init; } = 0x10;
    public byte[] TcpOptions { get; init; } = [];
    public byte[] Payload { get; init; } = [];

    /// <summary>Multiple of 4 octets in IPv4.</summary>
    public byte[] Ipv4Options { get; init; } = [];

    /// <summary>Next header value and a whole header, whose first octet is filled in here.</summary>
    public (IpProtocol Kind, byte[] Octets)[] ExtensionHeaders { get; init; } = [];

    /// <summary>Where the pseudo-header says the packet goes, if a routing header still has a segment left.</summary>
    public Ipv6Address? FinalDestination { get; init; }

    public bool IsFirstFragment { get; init; }

    /// <summary>Zeros after the IP packet.</summary>
    public int Trailer { get; init; }

    /// <summary>What the transport checksum is off by, as a one's complement number.</summary>
    public ushort ChecksumError { get; init; }

    public bool HasPartialChecksum { get; init; }
    public bool HasNoChecksum { get; init; }
    public int SegmentSize { get; init; }
    public int Mtu { get; init; } = 65535;

    public LinkType LinkType => IsRawIp ? LinkType.RawIp : LinkType.Ethernet;
    public int NetworkOffset => IsRawIp ? 0 : 14 + (4 * VlanTags);
    public int TransportOffset => NetworkOffset
        + (IsIpv6 ? 40 + ExtensionHeaders.Sum(header => header.Octets.Length) : 20 + Ipv4Options.Length);

    public IpProtocol Protocol => Transport == IpProtocol.Icmpv4 && IsIpv6 ? IpProtocol.Icmpv6 : Transport;

    public int HeaderLength => TransportOffset + (Transport == IpProtocol.Tcp ? 20 + TcpOptions.Length : 8);

    private int ChecksumOffset => Transport switch { IpProtocol.Tcp => 16, IpProtocol.Udp => 6, _ => 2 };

    public byte[] ToOctets()
    {
        byte[] segment = Segment();
        byte[] addresses = IsIpv6
            ? Convert.FromHexString("20010db8000000010000000000000001" + "20010db8000000020000000000000002")
            : [192, 0, 2, 1, 198, 51, 100, 2];
        SetChecksum(segment, addresses);
        return [.. Link(), .. Network(addresses, segment.Length), .. segment, .. new byte[Trailer]];
    }

    /// <summary>The frame in a buffer of its own, its offload header before it.</summary>
    public FrameBuffer ToBuffer()
    {
        var buffer = new FrameBuffer(new FrameUndo());
        LoadInto(buffer);
        return buffer;
    }

    public void LoadInto(FrameBuffer buffer)
    {
        buffer.Load(ToOctets(), LinkType, Side.Left, Mtu);
        if (HasPartialChecksum)
            buffer.Offload.SetPartialChecksum(TransportOffset, ChecksumOffset);
        if (SegmentSize > 0)
        {
            SegmentationKind kind = Transport == IpProtocol.Udp ? SegmentationKind.Udp
                : IsIpv6 ? SegmentationKind.Tcpv6 : SegmentationKind.Tcpv4;
            buffer.Offload.SetSegmentation(kind, SegmentSize, HeaderLength);
        }
    }

    private byte[] Link()
    {
        if (IsRawIp)
            return [];

        List<byte> link = [0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01];
        for (int i = 0; i < VlanTags; i++)
            link.AddRange([0x81, 0x00, 0x20, (byte)(5 + i)]);
        link.AddRange(IsIpv6 ? [0x86, 0xDD] : [0x08, 0x00]);
        return [.. link];
    }

    private byte[] Network(byte[] addresses, int upperLength) => IsIpv6 ? Ipv6(addresses, upperLength) : Ipv4(addresses, upperLength);

    private byte[] Ipv4(byte[] addresses, int upperLength)
    {
        int length = 20 + Ipv4Options.Length;
        byte[] header =
        [
            (byte)(0x40 | (length / 4)), 0, 0, 0, 0x12, 0x34, (byte)(IsFirstFragment ? 0x20 : 0x40), 0, 57, (byte)Protocol, 0, 0,
            .. addresses, .. Ipv4Options,
        ];
        WriteUInt16BigEndian(header.AsSpan(2), (ushort)(length + upperLength));
        WriteUInt16BigEndian(header.AsSpan(10), (ushort)(0xFFFF - NaiveSum.Sum(header)));
        return header;
    }

    private byte[] Ipv6(byte[] addresses, int upperLength)
    {
        List<byte> extensions = [];
        IpProtocol next = Protocol;
        for (int i = ExtensionHeaders.Length - 1; i >= 0; i--)
        {
            extensions.InsertRange(0, [(byte)next, .. ExtensionHeaders[i].Octets[1..]]);
            next = ExtensionHeaders[i].Kind;
        }

        byte[] header = [0x60, 0x31, 0x23, 0x45, 0, 0, (byte)next, 57, .. addresses, .. extensions];
        WriteUInt16BigEndian(header.AsSpan(4), (ushort)(extensions.Count + upperLength));
        return header;
    }

    private byte[] Segment()
    {
        byte[] segment = Transport switch
        {
            IpProtocol.Tcp =>
            [
                0x9C, 0x40, 0x00, 0x50, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                (byte)((5 + (TcpOptions.Length / 4)) << 4), TcpFlags, 0xFA, 0xF0, 0, 0, 0, 0, .. TcpOptions, .. Payload,
            ],
            IpProtocol.Udp => [0x9C, 0x40, 0x00, 0x35, 0, 0, 0, 0, .. Payload],
            _ => [(byte)(IsIpv6 ? 128 : 8), 0, 0, 0, 0x00, 0x2A, 0x00, 0x01, .. Payload],
        };
        if (Transport == IpProtocol.Udp)
            WriteUInt16BigEndian(segment.AsSpan(4), (ushort)segment.Length);
        return segment;
    }

    private void SetChecksum(byte[] segment, byte[] addresses)
    {
        if (HasNoChecksum)
            return;

        ushort pseudoHeader = 0;
        if (Protocol != IpProtocol.Icmpv4)
        {
            byte[] covered = [.. addresses];
            if (FinalDestination is { } final)
                final.WriteTo(covered.AsSpan(16));
            pseudoHeader = NaiveSum.Sum([.. covered, 0, (byte)Protocol, (byte)(segment.Length >> 8), (byte)segment.Length]);
        }

        ushort field = pseudoHeader;
        if (!HasPartialChecksum)
        {
            field = (ushort)(0xFFFF - NaiveSum.Add(pseudoHeader, NaiveSum.Sum(segment)));
            if (field == 0 && Transport == IpProtocol.Udp)
                field = 0xFFFF;
        }

        if (ChecksumError != 0)
            field = NaiveSum.Add(field, ChecksumError);
        // A corrupt UDP checksum that happens to be zero would say that there is none.
        if (field == 0 && Transport == IpProtocol.Udp)
            field = 0xFFFF;
        WriteUInt16BigEndian(segment.AsSpan(ChecksumOffset), field);
    }
}
