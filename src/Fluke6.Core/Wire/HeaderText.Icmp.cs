namespace Fluke6.Wire;

internal static partial class HeaderText
{
    internal static void WriteIcmpv4(ref LineWriter line, scoped Icmpv4Header icmp)
    {
        if (icmp.IsEchoRequest || icmp.IsEchoReply)
        {
            line.Write($"ICMP echo {(icmp.IsEchoRequest ? "request" : "reply")}, id {icmp.Identifier}, seq {icmp.SequenceNumber}");
            return;
        }

        string name = icmp.Type switch
        {
            Icmpv4Type.DestinationUnreachable => "destination unreachable",
            Icmpv4Type.SourceQuench => "source quench",
            Icmpv4Type.Redirect => "redirect",
            Icmpv4Type.RouterAdvertisement => "router advertisement",
            Icmpv4Type.RouterSolicitation => "router solicitation",
            Icmpv4Type.TimeExceeded => "time exceeded",
            Icmpv4Type.ParameterProblem => "parameter problem",
            Icmpv4Type.Timestamp => "timestamp",
            Icmpv4Type.TimestampReply => "timestamp reply",
            _ => string.Empty,
        };
        WriteTypeAndCode(ref line, "ICMP ", name, (byte)icmp.Type, icmp.Code);
        if (icmp.Type == Icmpv4Type.DestinationUnreachable && icmp.Code == 4)
            line.Write($", mtu {icmp.NextHopMtu}");
        WriteInvokingPacket(ref line, icmp.InvokingPacket);
    }

    internal static void WriteIcmpv6(ref LineWriter line, scoped Icmpv6Header icmp, scoped Span<byte> message)
    {
        if (icmp.IsEchoRequest || icmp.IsEchoReply)
        {
            line.Write($"ICMP6, echo {(icmp.IsEchoRequest ? "request" : "reply")}, id {icmp.Identifier}, seq {icmp.SequenceNumber}");
            return;
        }

        if (TryWriteNeighborDiscovery(ref line, message))
            return;

        string name = icmp.Type switch
        {
            Icmpv6Type.DestinationUnreachable => "destination unreachable",
            Icmpv6Type.PacketTooBig => "packet too big",
            Icmpv6Type.TimeExceeded => "time exceeded",
            Icmpv6Type.ParameterProblem => "parameter problem",
            Icmpv6Type.MulticastListenerQuery => "multicast listener query",
            Icmpv6Type.MulticastListenerReport => "multicast listener report",
            Icmpv6Type.MulticastListenerDone => "multicast listener done",
            Icmpv6Type.MulticastListenerReportV2 => "multicast listener report v2",
            Icmpv6Type.RouterSolicitation => "malformed router solicitation",
            Icmpv6Type.RouterAdvertisement => "malformed router advertisement",
            Icmpv6Type.NeighborSolicitation => "malformed neighbor solicitation",
            Icmpv6Type.NeighborAdvertisement => "malformed neighbor advertisement",
            Icmpv6Type.Redirect => "malformed redirect",
            _ => string.Empty,
        };
        WriteTypeAndCode(ref line, "ICMP6, ", name, (byte)icmp.Type, icmp.Code);
        if (icmp.Type == Icmpv6Type.PacketTooBig)
            line.Write($", mtu {icmp.Mtu}");
        if (icmp.Type == Icmpv6Type.ParameterProblem)
            line.Write($", pointer {icmp.Pointer}");
        WriteInvokingPacket(ref line, icmp.InvokingPacket);
    }

    internal static void Write(ref LineWriter line, scoped MulticastListenerReport report)
    {
        line.Write($"ICMP6, multicast listener report v2, {report.RecordCount} group record(s)");
        Write(ref line, report.Records);
    }

    internal static void Write(ref LineWriter line, scoped MulticastAddressRecords records)
    {
        foreach (MulticastAddressRecord record in records)
        {
            line.Write(' ');
            Write(ref line, record);
        }
    }

    internal static void Write(ref LineWriter line, scoped MulticastAddressRecord record) =>
        line.Write($"[gaddr {record.Group} {RecordName(record.Type)}, {record.SourceCount} source(s)]");

    private static string RecordName(MulticastRecordType type) => type switch
    {
        MulticastRecordType.IsIncluding => "is_in",
        MulticastRecordType.IsListener => "is_ex",
        MulticastRecordType.Leaves => "to_in",
        MulticastRecordType.Joins => "to_ex",
        MulticastRecordType.AllowsSources => "allow",
        MulticastRecordType.BlocksSources => "block",
        _ => "unknown",
    };

    internal static void WriteTypeAndCode(ref LineWriter line, string protocol, string name, byte type, byte code)
    {
        line.Write(protocol);
        if (name.Length == 0)
            line.Write($"type {type}");
        else
            line.Write(name);
        if (code != 0)
            line.Write($", code {code}");
    }

    // An error holds no more than the packet's beginning, so lengths in it cannot be checked.
    internal static void WriteInvokingPacket(ref LineWriter line, scoped ReadOnlySpan<byte> packet)
    {
        if (packet.Length >= Ipv4Header.MinLength && packet[0] >> 4 == 4)
            line.Write($", for {Ipv4Address.Read(packet[12..])} > {Ipv4Address.Read(packet[16..])}");
        else if (packet.Length >= Ipv6Header.Length && packet[0] >> 4 == 6)
            line.Write($", for {Ipv6Address.Read(packet[8..])} > {Ipv6Address.Read(packet[24..])}");
    }
}
