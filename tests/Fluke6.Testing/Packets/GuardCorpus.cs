using Fluke6.Rules;
using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Testing.Packets;

/// <summary>
/// Frames at random for guards to look at: every header that a guard knows, in every order, of which some are cut short or contradict themselves;
/// and guards at random. Few addresses and ports, so that guards often hold.
/// </summary>
internal sealed class GuardCorpus(int seed)
{
    private static readonly ushort[] s_ports = [53, 80, 443, 3544, 4789, 5353, 6081, 6635, 40000];
    private static readonly byte[] s_protocols = [6, 6, 6, 17, 17, 17, 1, 58, 58, 4, 41, 47, 50, 59, 132, 137];
    private static readonly byte[] s_extensions = [0, 43, 44, 51, 60, 135, 139, 140];
    private static readonly TcpFlags[] s_flags = [TcpFlags.Syn, TcpFlags.Rst | TcpFlags.Fin, TcpFlags.Ae, TcpFlags.Ack, TcpFlags.All];
    private static readonly Icmpv6Type[] s_types6 =
        [Icmpv6Type.RouterAdvertisement, Icmpv6Type.NeighborSolicitation, Icmpv6Type.EchoRequest, Icmpv6Type.PacketTooBig];

    private readonly Random _random = new(seed);

    /// <summary>A frame that begins with an Ethernet header.</summary>
    public byte[] Frame()
    {
        var frame = new List<byte>();
        for (int i = 0; i < 12; i++)
            frame.Add((byte)_random.Next(256));
        for (int tags = OneIn(2) ? 0 : _random.Next(6); tags > 0; tags--)
            Add(frame, OneIn(2) ? 0x8100 : OneIn(2) ? 0x88A8 : 0x9100, _random.Next(0x1_0000));

        int kind = _random.Next(24);
        int type = kind < 10 ? 0x0800 : kind < 20 ? 0x86DD : kind switch { 20 => 0x0806, 21 => 0x8864, 22 => 0x8847, _ => _random.Next(0x1_0000) };
        Add(frame, type);
        byte[] packet = type switch
        {
            0x0800 => Ipv4(Transport),
            0x86DD => Ipv6(Transport),
            0x0806 => [0, 1, 8, 0, 6, 4, 0, (byte)_random.Next(3), .. Octets(20)],
            0x8864 => [0x11, 0, 0, 1, 0, 22, 0, 0x21, .. Octets(20)],
            0x8847 => [0, 0, 0x11, 64, .. Ipv4(Transport)],
            _ => Octets(_random.Next(60)),
        };
        frame.AddRange(packet);
        if (OneIn(3))
            frame.AddRange(Octets(_random.Next(20)));
        return OneIn(2) ? Mutated([.. frame]) : [.. frame];
    }

    /// <summary>A guard of some parts.</summary>
    public Guard Guard(int depth = 3) => depth == 0 || OneIn(3) ? Named() : _random.Next(3) switch
    {
        0 => Guard(depth - 1) | Guard(depth - 1),
        1 => Guard(depth - 1) & Guard(depth - 1),
        _ => !Guard(depth - 1),
    };

    /// <summary>A guard with a name.</summary>
    public Guard Named() => _random.Next(26) switch
    {
        0 => Rules.Guard.TcpSyn,
        1 => Rules.Guard.TcpFlags(s_flags[_random.Next(s_flags.Length)]),
        2 => Rules.Guard.Tcp(Port()),
        3 => Rules.Guard.Udp(Port()),
        4 => Rules.Guard.Tcp(),
        5 => Rules.Guard.Udp(),
        6 => Rules.Guard.Icmpv4(Icmpv4Type.Echo),
        7 => Rules.Guard.Icmpv4(),
        8 => Rules.Guard.Icmpv6(),
        9 or 10 => Rules.Guard.Icmpv6(s_types6[_random.Next(s_types6.Length)]),
        11 => Rules.Guard.Arp,
        12 => Rules.Guard.Ipv4,
        13 => Rules.Guard.Ipv6,
        14 => Rules.Guard.VlanTag,
        15 => Rules.Guard.Fragment,
        16 => Rules.Guard.ExtensionHeader,
        17 => Rules.Guard.Teredo,
        18 => Rules.Guard.Inner,
        19 => Rules.Guard.Address(new Ipv4Prefix(Wire.Ipv4Address.Parse("192.0.2.1"), _random.Next(33))),
        20 => Rules.Guard.Address(new Ipv6Prefix(Wire.Ipv6Address.Parse("2001:db8::1"), _random.Next(129))),
        21 => Rules.Guard.Protocol((IpProtocol)s_protocols[_random.Next(s_protocols.Length)]),
        22 => Rules.Guard.EtherType(EtherType.MplsUnicast),
        23 => Rules.Guard.From(OneIn(2) ? Side.Left : Side.Right),
        24 => Rules.Guard.Never,
        _ => Rules.Guard.Udp(53, 5353),
    };

    private byte[] Ipv4(Func<byte, bool, byte[]> transport)
    {
        byte protocol = s_protocols[_random.Next(s_protocols.Length)];
        int fragment = OneIn(6) ? OneIn(2) ? 0x2000 : _random.Next(0x4000) : 0x4000;
        byte[] options = Octets(OneIn(4) ? 4 * _random.Next(11) : 0), payload = transport(protocol, (fragment & 0x1FFF) == 0);
        byte[] header =
        [
            (byte)(0x45 + (options.Length / 4)), 0, 0, 0, 0, 7, (byte)(fragment >> 8), (byte)fragment, 64, protocol, 0, 0, .. Address4(), .. Address4(), .. options,
        ];
        int length = header.Length + payload.Length + (OneIn(20) ? _random.Next(-30, 30) : 0);
        WriteUInt16BigEndian(header.AsSpan(2), (ushort)length);
        return [.. header, .. payload];
    }

    private byte[] Ipv6(Func<byte, bool, byte[]> transport)
    {
        byte protocol = s_protocols[_random.Next(s_protocols.Length)];
        var extensions = new List<byte>();
        bool isFirst = true;
        byte[] kinds = [.. Enumerable.Range(0, OneIn(2) ? 0 : _random.Next(OneIn(8) ? 14 : 4)).Select(_ => s_extensions[_random.Next(s_extensions.Length)])];
        for (int i = 0; i < kinds.Length; i++)
        {
            byte next = i + 1 < kinds.Length ? kinds[i + 1] : protocol;
            if (kinds[i] == 44)
            {
                int fragment = OneIn(2) ? 0 : OneIn(2) ? 1 : _random.Next(0x1_0000);
                isFirst &= fragment >> 3 == 0;
                extensions.AddRange([next, 0, (byte)(fragment >> 8), (byte)fragment, 1, 2, 3, 4]);
                continue;
            }

            int units = OneIn(3) ? _random.Next(4) : 0;
            if (kinds[i] == 51)
                extensions.AddRange([next, (byte)(units + 1), .. Octets(((units + 3) * 4) - 2)]);
            else
                extensions.AddRange([next, (byte)units, .. Octets(((units + 1) * 8) - 2)]);
        }

        byte[] payload = transport(protocol, isFirst);
        int length = extensions.Count + payload.Length + (OneIn(20) ? _random.Next(-30, 30) : 0);
        byte[] header = [0x60, 0, 0, 0, 0, 0, kinds.Length > 0 ? kinds[0] : protocol, 64, .. Address6(), .. Address6()];
        WriteUInt16BigEndian(header.AsSpan(4), (ushort)Math.Max(0, length));
        return [.. header, .. extensions, .. payload];
    }

    private byte[] Transport(byte protocol, bool isFirst)
    {
        if (!isFirst)
            return Octets(_random.Next(64));

        switch (protocol)
        {
            case 6:
                byte[] options = Octets(OneIn(2) ? 4 * _random.Next(11) : 0);
                int offset = OneIn(20) ? _random.Next(16) : 5 + (options.Length / 4);
                return [.. Ports(), .. Octets(8), (byte)((offset << 4) | _random.Next(2)), (byte)_random.Next(256), .. Octets(6), .. options, .. Octets(_random.Next(40))];

            case 17:
                byte[] data = _random.Next(4) switch
                {
                    0 => Ipv6((_, _) => Octets(8)),
                    1 => [8, 0, 0, 0, 0, 0, 7, 0, .. new byte[12], 8, 0, .. Ipv4((_, _) => Octets(8))],
                    _ => Octets(_random.Next(60)),
                };
                int length = 8 + data.Length + (OneIn(20) ? _random.Next(-10, 10) : 0);
                return [.. Ports(), (byte)(length >> 8), (byte)length, 0, 0, .. data];

            case 1:
                return [(byte)(OneIn(2) ? 8 : _random.Next(20)), 0, .. Octets(6), .. Ipv4((_, _) => Octets(8))];

            case 58:
                return [(byte)(OneIn(3) ? _random.Next(1, 5) : _random.Next(127, 140)), 0, .. Octets(6), .. Ipv6((_, _) => Octets(8))];

            case 4:
                return Ipv4((_, _) => Octets(20));

            case 41:
                return Ipv6((_, _) => Octets(20));

            case 47:
                return [0, 0, 8, 0, .. Ipv4((_, _) => Octets(20))];

            default:
                return Octets(_random.Next(40));
        }
    }

    private byte[] Ports()
    {
        byte[] ports = new byte[4];
        WriteUInt16BigEndian(ports, Port());
        WriteUInt16BigEndian(ports.AsSpan(2), Port());
        return ports;
    }

    private ushort Port() => s_ports[_random.Next(s_ports.Length)];

    private byte[] Address4() => OneIn(2) ? [192, 0, 2, (byte)_random.Next(4)] : [10, (byte)_random.Next(2), 0, 1];

    // Teredo's prefix, among others.
    private byte[] Address6() => OneIn(3)
        ? [0x20, 0x01, 0, 0, .. new byte[11], (byte)_random.Next(3)]
        : [0x20, 0x01, 0x0d, 0xb8, .. new byte[11], (byte)_random.Next(3)];

    private byte[] Mutated(byte[] frame)
    {
        for (int edits = _random.Next(4); edits > 0; edits--)
            frame[_random.Next(Math.Min(frame.Length, 90))] = (byte)_random.Next(256);
        return OneIn(3) ? frame[.._random.Next(frame.Length + 1)] : frame;
    }

    private byte[] Octets(int length)
    {
        byte[] octets = new byte[length];
        _random.NextBytes(octets);
        return octets;
    }

    private bool OneIn(int count) => _random.Next(count) == 0;

    private static void Add(List<byte> frame, params int[] numbers)
    {
        foreach (int number in numbers)
            frame.AddRange([(byte)(number >> 8), (byte)number]);
    }
}
