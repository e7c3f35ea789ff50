using Fluke6.Frames;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Tests.Frames;

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

/// <summary>
/// A frame inside others, laid out octet by octet and summed naively. Outermost comes an Ethernet header, and after all a trailer.
/// </summary>
internal sealed class TunnelSample
{
    private readonly List<Level> _levels = [];  // the innermost first
    private byte[] _octets;
    private bool _isIpv6;
    private int _links;

    public TunnelSample(FrameSample inner)
    {
        // Whoever encapsulates reckons with the checksum that will be completed.
        _octets = (inner with { HasPartialChecksum = false }).ToOctets();
        Inner = inner;
        IsEthernet = !inner.IsRawIp;
        _isIpv6 = inner.IsIpv6;
    }

    public FrameSample Inner { get; }
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
    public TunnelSample Wrap(TunnelKind kind, bool inIpv6, ushort error = 0, bool hasChecksum = true)
    {
        byte[] header = kind switch
        {
            TunnelKind.IpInIp => [],
            TunnelKind.Gre => [0, 0, .. ProtocolType()],
            TunnelKind.GreWithEverything =>
                [(byte)(hasChecksum ? 0xB0 : 0x30), 0, .. ProtocolType(), .. hasChecksum ? new byte[4] : [], 0, 0, 0, 42, 0, 0, 1, 2],
            TunnelKind.Vxlan => [0xC0, 0x01, 0x12, 0xB5, 0, 0, 0, 0, 0x08, 0, 0, 0, 0x00, 0x12, 0x34, 0],
            TunnelKind.VxlanOfLinux => [0xC0, 0x01, 0x21, 0x18, 0, 0, 0, 0, 0x08, 0, 0, 0, 0x00, 0x12, 0x34, 0],
            TunnelKind.VxlanElsewhere => [0xC0, 0x01, 0x30, 0x39, 0, 0, 0, 0, 0x08, 0, 0, 0, 0x00, 0x12, 0x34, 0],
            TunnelKind.Geneve =>
                [0xC0, 0x01, 0x17, 0xC1, 0, 0, 0, 0, 0x02, 0x40, .. ProtocolType(), 0x00, 0x12, 0x34, 0, 1, 2, 0x83, 1, 0xAA, 0xBB, 0xCC, 0xDD],
            TunnelKind.MplsInGre => [0, 0, 0x88, 0x47, 0x00, 0x06, 0x40, 0x40, 0x00, 0x06, 0x51, 0x40],
            TunnelKind.Teredo => [0x0D, 0xD8, 0xC0, 0x02, 0, 0, 0, 0],
            _ =>
            [
                0xC0, 0x02, 0x0D, 0xD8, 0, 0, 0, 0, // 3 octets of identifier and 1 of value: what follows stands at an odd offset
                0, 1, 3, 1, .. "abcv"u8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0x63, 0xBF, 0x3F, 0xFF, 0xFD, 0xFE,
            ],
        };
        byte protocol = kind switch
        {
            TunnelKind.IpInIp => (byte)(_isIpv6 ? 41 : 4),
            TunnelKind.Gre or TunnelKind.GreWithEverything or TunnelKind.MplsInGre => 47,
            _ => 17,
        };
        byte[] segment = [.. header, .. _octets];
        var level = new Level(inIpv6, protocol, hasChecksum && (protocol == 17 || kind == TunnelKind.GreWithEverything));
        byte[] addresses = inIpv6
            ? Convert.FromHexString("20010db8000000010000000000000001" + "20010db8000000020000000000000002")
            : [192, 0, 2, 1, 198, 51, 100, 2];
        if (protocol == 17)
            WriteUInt16BigEndian(segment.AsSpan(4), (ushort)segment.Length);
        if (level.HasChecksum)
        {
            var field = (ushort)(0xFFFF - level.Sum(addresses, segment));
            field = NaiveSum.Add(field, error);
            WriteUInt16BigEndian(segment.AsSpan(level.ChecksumOffset), field == 0 && protocol == 17 ? (ushort)0xFFFF : field);
        }

        byte[] network;
        if (inIpv6)
        {
            network = [0x60, 0, 0, 0, (byte)(segment.Length >> 8), (byte)segment.Length, protocol, 57, .. addresses];
        }
        else
        {
            network = [0x45, 0, 0, 0, 0x12, 0x34, 0x40, 0, 57, protocol, 0, 0, .. addresses];
            WriteUInt16BigEndian(network.AsSpan(2), (ushort)(20 + segment.Length));
            WriteUInt16BigEndian(network.AsSpan(10), (ushort)(0xFFFF - NaiveSum.Sum(network)));
        }

        level.HeaderLength = network.Length + header.Length;
        _levels.Add(level);
        _octets = [.. network, .. segment];
        _isIpv6 = inIpv6;
        IsEthernet = false;
        return this;
    }

    /// <summary>Puts an Ethernet header in front of a packet, so that VXLAN can carry it.</summary>
    /// <param name="link">What stands behind it, which is a frame around the packet like any other.</param>
    public TunnelSample WithEthernet(LinkKind link = LinkKind.None)
    {
        byte[] header = link switch
        {
            LinkKind.Pppoe => [0x88, 0x64, 0x11, 0, 0x12, 0x34, .. Big(_octets.Length + 2), 0, (byte)(_isIpv6 ? 0x57 : 0x21)],
            LinkKind.Mpls => [0x88, 0x47, 0x00, 0x06, 0x4A, 0x40, 0x00, 0x06, 0x51, 0x40],
            _ => EtherTypeOf(_isIpv6),
        };
        _octets = [0x02, 0, 0, 0, 0, 0x02, 0x02, 0, 0, 0, 0, 0x01, .. header, .. _octets];
        IsEthernet = true;
        if (_levels.Count > 0)
            (_levels[^1].LinkLength, _levels[^1].Link) = (12 + header.Length, link);
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

    private static byte[] Big(int value) => [(byte)(value >> 8), (byte)value];

    private byte[] ProtocolType() => IsEthernet ? [0x65, 0x58] : EtherTypeOf(_isIpv6);

    private static byte[] EtherTypeOf(bool ipv6) => ipv6 ? [0x86, 0xDD] : [0x08, 0x00];

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
