using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Packets;

/// <summary>
/// A frame by the fields in which frames differ that edits have to cope with, written by <see cref="Packet"/>; and how a card or a fault
/// on its way left it.
/// </summary>
public sealed record FrameShape
{
    private static readonly MacAddress s_source = MacAddress.Parse("02:00:00:00:00:01"), s_destination = MacAddress.Parse("02:00:00:00:00:02");

    private static readonly Ipv6Fields s_ipv6 = new(Ipv6Address.Parse("2001:db8:0:1::1"), Ipv6Address.Parse("2001:db8:0:2::2"))
    {
        HopLimit = 57, TrafficClass = 3, FlowLabel = 0x12345,
    };

    private static readonly Ipv4Fields s_ipv4 = new(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("198.51.100.2"))
    {
        TimeToLive = 57, Identification = 0x1234,
    };

    public bool IsIpv6 { get; init; }
    public bool IsRawIp { get; init; }
    public int VlanTags { get; init; }

    /// <summary>Tcp, Udp, or Icmpv4, which over IPv6 becomes Icmpv6.</summary>
    public IpProtocol Transport { get; init; } = IpProtocol.Tcp;

    public byte TcpFlags { get; init; } = 0x10;
    public byte[] TcpOptions { get; init; } = [];
    public byte[] Payload { get; init; } = [];
    public bool HasRouterAlert { get; init; }

    /// <summary>Next header value and a whole header, whose first octet follows from what comes after it.</summary>
    public (IpProtocol Kind, byte[] Octets)[] ExtensionHeaders { get; init; } = [];

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
        + (IsIpv6 ? 40 + ExtensionHeaders.Sum(header => header.Octets.Length) : HasRouterAlert ? 24 : 20);

    /// <summary>Whether a routing header says that the packet has not reached its destination.</summary>
    public bool IsSourceRouted => ExtensionHeaders.Any(header => header.Kind == IpProtocol.Routing && header.Octets[3] > 0);

    public IpProtocol Protocol => Transport == IpProtocol.Icmpv4 && IsIpv6 ? IpProtocol.Icmpv6 : Transport;

    public int HeaderLength => TransportOffset + (Transport == IpProtocol.Tcp ? 20 + TcpOptions.Length : 8);

    private int ChecksumOffset => Transport switch { IpProtocol.Tcp => 16, IpProtocol.Udp => 6, _ => 2 };

    public byte[] ToOctets()
    {
        byte[] octets = [.. Written().ToArray(), .. new byte[Trailer]];
        Span<byte> checksum = octets.AsSpan(TransportOffset + ChecksumOffset);
        if (HasPartialChecksum)
            WriteUInt16BigEndian(checksum, PacketWalk.Of(octets.AsSpan(NetworkOffset)).PseudoHeaderSum);
        if (ChecksumError != 0)
            WriteUInt16BigEndian(checksum, NaiveSum.Add(ReadUInt16BigEndian(checksum), ChecksumError));
        // A corrupt UDP checksum that happens to be zero would say that there is none.
        if (Transport == IpProtocol.Udp && !HasNoChecksum && ReadUInt16BigEndian(checksum) == 0)
            WriteUInt16BigEndian(checksum, 0xFFFF);
        return octets;
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

    private Packet Written()
    {
        Ipv4Fields ipv4 = s_ipv4 with
        {
            DontFragment = !IsFirstFragment, MoreFragments = IsFirstFragment, Options = HasRouterAlert ? [Ipv4OptionFields.RouterAlert] : [],
        };
        if (IsRawIp)
            return IsIpv6 ? OverIpv6(Packet.Ipv6(s_ipv6)) : OverIpv4(Packet.Ipv4(ipv4));

        Packet<EthernetFields> ethernet = Packet.Ethernet(s_source, s_destination);
        if (VlanTags == 0)
            return IsIpv6 ? OverIpv6(ethernet.Ipv6(s_ipv6)) : OverIpv4(ethernet.Ipv4(ipv4));

        Packet<VlanTagFields> tagged = ethernet.Vlan(5, priority: 1);
        for (int i = 1; i < VlanTags; i++)
            tagged = tagged.Vlan((ushort)(5 + i), priority: 1);
        return IsIpv6 ? OverIpv6(tagged.Ipv6(s_ipv6)) : OverIpv4(tagged.Ipv4(ipv4));
    }

    private Packet OverIpv4(Packet<Ipv4Fields> ipv4) =>
        Transport == IpProtocol.Icmpv4 ? ipv4.EchoRequest(42, 1).Payload(Payload) : OverIp(ipv4);

    private Packet OverIpv6<T>(Packet<T> before, int extensionHeader = 0)
        where T : IIpv6Fields
    {
        if (extensionHeader < ExtensionHeaders.Length)
        {
            (IpProtocol kind, byte[] octets) = ExtensionHeaders[extensionHeader];
            return OverIpv6(before.With(new EncodedHeader(octets), PacketLayerKind.ExtensionHeader, kind), extensionHeader + 1);
        }

        return Transport == IpProtocol.Icmpv4 ? before.EchoRequest(42, 1).Payload(Payload) : OverIp(before);
    }

    private Packet OverIp<T>(Packet<T> network)
        where T : INetworkFields
        => Transport == IpProtocol.Udp
            ? network.Udp(40000, 53, checksum: !HasNoChecksum).Payload(Payload)
            : network.Tcp(40000, 80, (TcpFlags)TcpFlags, 0x0102_0304, 0x0506_0708, window: 64240).Options(TcpOptions).Payload(Payload);
}
