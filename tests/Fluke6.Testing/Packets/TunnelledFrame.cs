using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Packets;

/// <summary>One header, or a few, around a frame.</summary>
public enum TunnelKind
{
    IpInIp,
    Gre,
    GreWithEverything,
    Vxlan,
    Teredo,
    TeredoWithIndications,

    /// <summary>With an option, and whatever it is.</summary>
    Geneve,

    /// <summary>To the port that Linux takes.</summary>
    VxlanOfLinux,

    /// <summary>To a port of nobody's.</summary>
    VxlanElsewhere,

    MplsInGre,
}

/// <summary>What may stand between an Ethernet header and the packet.</summary>
public enum LinkKind
{
    None,
    Pppoe,
    Mpls,
}

/// <summary>A frame inside others, written by <see cref="Packet"/>; outermost comes an Ethernet header, and after all a trailer.</summary>
internal sealed class TunnelledFrame
{
    private static readonly MacAddress s_source = MacAddress.Parse("02:00:00:00:00:01"), s_destination = MacAddress.Parse("02:00:00:00:00:02");

    private static readonly Ipv6Fields s_ipv6 =
        new(Ipv6Address.Parse("2001:db8:0:1::1"), Ipv6Address.Parse("2001:db8:0:2::2")) { HopLimit = 57 };

    private static readonly Ipv4Fields s_ipv4 =
        new(Ipv4Address.Parse("192.0.2.1"), Ipv4Address.Parse("198.51.100.2")) { TimeToLive = 57, Identification = 0x1234 };

    // 3 octets of identifier and 1 of value: what follows stands at an odd offset.
    private static readonly TeredoFields s_indications = new()
    {
        Nonce = 0x0102_0304_0506_0708, ClientIdentifier = "abc"u8.ToArray(), AuthenticationValue = "v"u8.ToArray(),
        OriginAddress = Ipv4Address.Parse("192.0.2.1"), OriginPort = 40000,
    };

    private readonly List<Level> _levels = [];  // the innermost first
    private byte[] _octets;
    private bool _isIpv6;
    private int _links;

    public TunnelledFrame(FrameShape inner)
    {
        // Whoever encapsulates reckons with the checksum that will be completed.
        _octets = (inner with { HasPartialChecksum = false }).ToOctets();
        Inner = inner;
        IsEthernet = !inner.IsRawIp;
        _isIpv6 = inner.IsIpv6;
    }

    public FrameShape Inner { get; }
    public bool IsEthernet { get; private set; }
    public bool IsIpv6 => _isIpv6;
    public int Depth => _levels.Count + _links;
    public int Trailer { get; init; }
    public int Mtu { get; init; } = 65535;

    /// <summary>Whether the outermost UDP checksum is left to complete.</summary>
    public bool HasPartialOuterChecksum { get; init; }

    /// <summary>Puts headers around what is there.</summary>
    /// <param name="error">What the checksum of UDP or GRE is off by.</param>
    /// <param name="hasChecksum">Whether UDP or GRE has a checksum.</param>
    public TunnelledFrame Wrap(TunnelKind kind, bool inIpv6, ushort error = 0, bool hasChecksum = true)
    {
        Packet packet = inIpv6 ? Around(Packet.Ipv6(s_ipv6), kind, hasChecksum) : Around(Packet.Ipv4(s_ipv4), kind, hasChecksum);
        byte[] octets = packet.ToArray();
        byte protocol = octets[inIpv6 ? 6 : 9];
        var level = new Level(inIpv6, protocol, hasChecksum && (protocol == 17 || kind == TunnelKind.GreWithEverything))
        {
            HeaderLength = octets.Length - _octets.Length,
        };
        if (error != 0 && level.HasChecksum)
        {
            Span<byte> field = octets.AsSpan(level.NetworkLength + level.ChecksumOffset);
            ushort wrong = NaiveSum.Add(ReadUInt16BigEndian(field), error);
            WriteUInt16BigEndian(field, wrong == 0 && protocol == 17 ? (ushort)0xFFFF : wrong);
        }

        _levels.Add(level);
        (_octets, _isIpv6, IsEthernet) = (octets, inIpv6, false);
        return this;
    }

    /// <summary>Puts an Ethernet header in front of a packet, so that VXLAN can carry it.</summary>
    /// <param name="link">What stands behind it, which is a frame around the packet like any other.</param>
    public TunnelledFrame WithEthernet(LinkKind link = LinkKind.None)
    {
        Packet<EthernetFields> ethernet = Packet.Ethernet(s_source, s_destination);
        int inner = _octets.Length;
        _octets = (link switch
        {
            LinkKind.Pppoe => ethernet.Pppoe(new PppoeFields(0x1234, _isIpv6 ? PppProtocol.Ipv6 : PppProtocol.Ipv4)).Payload(_octets),
            LinkKind.Mpls => ethernet.Mpls(new MplsLabelFields(100) { TrafficClass = 5 }).Mpls(101).Payload(_octets),
            _ => ethernet.Payload(EtherTypeOfPacket, _octets),
        }).ToArray();
        IsEthernet = true;
        if (_levels.Count > 0)
            (_levels[^1].LinkLength, _levels[^1].Link) = (_octets.Length - inner, link);
        _links += link == LinkKind.None ? 0 : 1;
        return this;
    }

    public void LoadInto(FrameBuffer buffer)
    {
        // Whoever completes a checksum sums all to the frame's end; nobody leaves one to complete before anything but zeros.
        bool isPartial = HasPartialOuterChecksum || Inner.HasPartialChecksum;
        byte[] octets = [.. _octets, .. Enumerable.Range(1, Trailer).Select(i => isPartial ? (byte)0 : (byte)i)];
        int innerOffset = octets.Length - Trailer - Inner.ToOctets().Length;
        Inner.ToOctets().CopyTo(octets, innerOffset);
        Level outermost = _levels[^1];
        int transport = outermost.LinkLength + outermost.NetworkLength;
        if (HasPartialOuterChecksum)
            WriteUInt16BigEndian(octets.AsSpan(transport + 6), outermost.PseudoHeaderSum(octets.AsSpan(outermost.LinkLength), octets.Length - Trailer - transport));
        buffer.Load(octets, LinkType.Ethernet, Side.Left, Mtu);
        if (HasPartialOuterChecksum)
            buffer.Offload.SetPartialChecksum(transport, 6);
        else if (Inner.HasPartialChecksum)
            buffer.Offload.SetPartialChecksum(innerOffset + Inner.TransportOffset, Inner.Transport == IpProtocol.Tcp ? 16 : 6);
    }

    /// <summary>Asserts that all outer lengths and IPv4 checksums are right, and tells the checksums of UDP and GRE, the outermost first.</summary>
    /// <returns>By what each is off; null where there is none.</returns>
    public int?[] Check(ReadOnlySpan<byte> wire)
    {
        var errors = new List<int?>();
        int trailer = Trailer;
        for (int i = _levels.Count - 1; i >= 0; i--)
        {
            Level level = _levels[i];
            int type = level.LinkLength > 0 ? 12 : -2;
            while (type > 0 && ReadUInt16BigEndian(wire[type..]) is 0x8100 or 0x88A8)
                type += 4;
            ReadOnlySpan<byte> packet = wire[(type + 2)..];
            if (level.Link == LinkKind.Pppoe)
                Assert.Equal(packet.Length - trailer - 6, ReadUInt16BigEndian(packet[4..]));
            packet = packet[(level.Link switch { LinkKind.None => 0, _ => 8 })..];
            errors.Add(level.Check(packet[..^trailer]));
            wire = packet[level.HeaderLength..^trailer];
            trailer = 0;
        }

        return [.. errors];
    }

    private EtherType EtherTypeOfPacket => _isIpv6 ? EtherType.Ipv6 : EtherType.Ipv4;

    private EtherType EtherTypeOfContent => IsEthernet ? EtherType.TransparentEthernetBridging : EtherTypeOfPacket;

    private Packet Around<T>(Packet<T> network, TunnelKind kind, bool hasChecksum)
        where T : INetworkFields
        => kind switch
        {
            TunnelKind.IpInIp => network.Payload(_isIpv6 ? IpProtocol.Ipv6 : IpProtocol.Ipv4, _octets),
            TunnelKind.Gre => network.Gre(new GreFields(EtherTypeOfContent)).Payload(_octets),
            TunnelKind.GreWithEverything => network
                .Gre(new GreFields(EtherTypeOfContent) { HasChecksum = hasChecksum, Key = 42, SequenceNumber = 0x102 }).Payload(_octets),
            TunnelKind.MplsInGre => network.Gre().Mpls(100).Mpls(101).Payload(_octets),
            TunnelKind.Vxlan => network.Udp(49153, 4789, hasChecksum).Vxlan(0x1234).Payload(_octets),
            TunnelKind.VxlanOfLinux => network.Udp(49153, 8472, hasChecksum).Vxlan(0x1234).Payload(_octets),
            TunnelKind.VxlanElsewhere => network.Udp(49153, 12345, hasChecksum).Vxlan(0x1234).Payload(_octets),
            TunnelKind.Geneve => network.Udp(49153, 6081, hasChecksum).Geneve(new GeneveFields(0x1234, EtherTypeOfContent)
            {
                HasCriticalOptions = true, Options = [1, 2, 0x83, 1, 0xAA, 0xBB, 0xCC, 0xDD],
            }).Payload(_octets),
            TunnelKind.Teredo => network.Udp(3544, 49154, hasChecksum).Teredo().Payload(_octets),
            _ => network.Udp(49154, 3544, hasChecksum).Teredo(s_indications).Payload(_octets),
        };

    private sealed record Level(bool IsIpv6, byte Protocol, bool HasChecksum)
    {
        public int LinkLength { get; set; }
        public LinkKind Link { get; set; }
        public int HeaderLength { get; set; }
        public int NetworkLength => IsIpv6 ? 40 : 20;
        public int ChecksumOffset => Protocol == 17 ? 6 : 4;

        public ushort PseudoHeaderSum(ReadOnlySpan<byte> packet, int length) =>
            NaiveSum.Sum([.. packet[(IsIpv6 ? 8 : 12)..NetworkLength], 0, Protocol, (byte)(length >> 8), (byte)length]);

        public ushort Sum(byte[] addresses, byte[] segment) => Protocol == 17
            ? NaiveSum.Add(
                NaiveSum.Sum([.. addresses, 0, Protocol, (byte)(segment.Length >> 8), (byte)segment.Length]), NaiveSum.Sum(segment))
            : NaiveSum.Sum(segment);

        public int? Check(ReadOnlySpan<byte> packet)
        {
            ReadOnlySpan<byte> segment = packet[NetworkLength..];
            Assert.Equal(IsIpv6 ? 6 : 4, packet[0] >> 4);
            Assert.Equal(packet.Length, IsIpv6 ? 40 + ReadUInt16BigEndian(packet[4..]) : ReadUInt16BigEndian(packet[2..]));
            if (!IsIpv6)
                Assert.Equal(0xFFFF, NaiveSum.Sum(packet[..NetworkLength]));
            if (Protocol == 17)
                Assert.Equal(segment.Length, ReadUInt16BigEndian(segment[4..]));
            if (!HasChecksum)
            {
                if (Protocol == 17)
                    Assert.Equal(0, ReadUInt16BigEndian(segment[6..]));
                return null;
            }

            int sum = Sum(packet[(IsIpv6 ? 8 : 12)..NetworkLength].ToArray(), segment.ToArray());
            return sum % 0xFFFF;
        }
    }
}
