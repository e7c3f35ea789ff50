using Fluke6.Wire;
using static System.Buffers.Binary.BinaryPrimitives;

namespace Fluke6.Frames;

/// <summary>What a report says of a group, where no sources are named. RFC 3810 §5.2.12.</summary>
public enum MulticastRecordType : byte
{
    /// <summary>MODE_IS_EXCLUDE: is a listener. The answer to a query.</summary>
    IsListener = 2,

    /// <summary>CHANGE_TO_INCLUDE_MODE: is a listener no more.</summary>
    Leaves = 3,

    /// <summary>CHANGE_TO_EXCLUDE_MODE: becomes a listener.</summary>
    Joins = 4,
}

/// <summary>Multicast Listener Reports, version 2, for rules that are members of groups. RFC 3810 §5.2.</summary>
public static class MulticastListenerReport
{
    private const int HeaderLength = 8, RecordLength = 4 + Ipv6Address.Length, HopByHopLength = 8;

    // A hop-by-hop header of Router Alert (RFC 2711 §2.1) and padding, ICMPv6 next.
    private static ReadOnlySpan<byte> RouterAlert => [(byte)IpProtocol.Icmpv6, 0, 5, 2, 0, 0, 1, 0];

    /// <summary>A whole Ethernet frame, to all MLDv2-capable routers (ff02::16), checksum and all.</summary>
    /// <param name="mac">Who sends it.</param>
    /// <param name="source">Who sends it: a link-local address, or routers ignore it. RFC 3810 §5.2.13.</param>
    /// <param name="type">What it says of each group.</param>
    /// <param name="groups">The groups, at most 70: what an Ethernet packet of 1,500 octets holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">More groups, or none.</exception>
    public static byte[] Make(MacAddress mac, Ipv6Address source, MulticastRecordType type, params ReadOnlySpan<Ipv6Address> groups)
    {
        ArgumentOutOfRangeException.ThrowIfZero(groups.Length, nameof(groups));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groups.Length, 70, nameof(groups));
        var routers = Ipv6Address.Parse("ff02::16");
        byte[] frame = new byte[EthernetHeader.Length + Ipv6Header.Length + HopByHopLength + HeaderLength + (RecordLength * groups.Length)];
        MacAddress.ForMulticast(routers).WriteTo(frame);
        mac.WriteTo(frame.AsSpan(MacAddress.Length));
        WriteUInt16BigEndian(frame.AsSpan(12), (ushort)EtherType.Ipv6);

        Span<byte> packet = frame.AsSpan(EthernetHeader.Length), message = packet[(Ipv6Header.Length + HopByHopLength)..];
        // Hop limit 1: RFC 3810 §5.
        (packet[0], packet[6], packet[7]) = (6 << 4, (byte)IpProtocol.HopByHopOptions, 1);
        WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - Ipv6Header.Length));
        source.WriteTo(packet[8..]);
        routers.WriteTo(packet[24..]);
        RouterAlert.CopyTo(packet[Ipv6Header.Length..]);

        message[0] = (byte)Icmpv6Type.MulticastListenerReportV2;
        WriteUInt16BigEndian(message[6..], (ushort)groups.Length);
        for (int i = 0; i < groups.Length; i++)
        {
            Span<byte> record = message[(HeaderLength + (RecordLength * i))..];
            record[0] = (byte)type;
            groups[i].WriteTo(record[4..]);
        }

        ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(packet.Slice(8, 2 * Ipv6Address.Length), (byte)IpProtocol.Icmpv6, message.Length);
        WriteUInt16BigEndian(message[2..], InternetChecksum.Compute(message, pseudoHeader));
        return frame;
    }
}
