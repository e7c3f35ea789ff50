// Be a member of the groups that go with addresses: a switch that snoops sends no solicitation where nobody listens. Reports at start, when a
// querier asks, and at exit. RFC 3810 §5.2, §6; the solicited-node groups, RFC 4291 §2.7.1. All nodes' group is never reported (§6).
// See it:  fluke6 bridge tap:fluke0 none -r examples/mld-report-groups.csx -r examples/ndp-answer-everyone.csx
//          ip link add br0 type bridge mcast_querier 1; ip link set fluke0 master br0; ip link set fluke0 up; ip link set br0 up; bridge mdb show

using static System.Buffers.Binary.BinaryPrimitives;

readonly Ipv6Address[] addresses = Param("addresses", new[] { Ipv6Address.Parse("2001:db8:5::77"), Ipv6Address.Parse("2001:db8:5::abc") });
readonly Ipv6Address[] groups = [.. addresses.Select(address => address.SolicitedNodeMulticast).Distinct()];
readonly Ipv6Address source = Param("source", Ipv6Address.Parse("fe80::6")), allMldRouters = Ipv6Address.Parse("ff02::16");
readonly MacAddress mac = Param("mac", MacAddress.Parse("02:00:00:00:00:06"));

// §5.2.12, with no source: is, or becomes, or is no more, a listener to all of them.
readonly byte[] isListener = Report(2), joins = Report(4), leaves = Report(3);
SendBoth(joins);
AtExit(() => SendBoth(leaves));

void SendBoth(byte[] report)
{
    Send(Side.Left, report);
    Send(Side.Right, report);
}

byte[] Report(byte recordType)
{
    byte[] frame = new byte[14 + 40 + 8 + 8 + (20 * groups.Length)];
    Span<byte> packet = frame.AsSpan(14), message = packet[48..];
    MacAddress.ForMulticast(allMldRouters).WriteTo(frame);
    mac.WriteTo(frame.AsSpan(6));
    WriteUInt16BigEndian(frame.AsSpan(12), (ushort)EtherType.Ipv6);
    (packet[0], packet[6], packet[7]) = (6 << 4, (byte)IpProtocol.HopByHopOptions, 1);
    WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - 40));
    source.WriteTo(packet[8..]);
    allMldRouters.WriteTo(packet[24..]);
    ((ReadOnlySpan<byte>)[(byte)IpProtocol.Icmpv6, 0, 5, 2, 0, 0, 1, 0]).CopyTo(packet[40..]);    // Router Alert, RFC 2711 §2.1

    message[0] = (byte)Icmpv6Type.MulticastListenerReportV2;
    WriteUInt16BigEndian(message[6..], (ushort)groups.Length);
    for (int i = 0; i < groups.Length; i++)
    {
        message[8 + (20 * i)] = recordType;
        groups[i].WriteTo(message[(12 + (20 * i))..]);
    }

    ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(packet.Slice(8, 32), (byte)IpProtocol.Icmpv6, message.Length);
    WriteUInt16BigEndian(message[2..], InternetChecksum.Compute(message, pseudoHeader));
    return frame;
}

Verdict Apply(ref Frame frame)
{
    if (frame.TryGetIcmpv6(out var icmp) && icmp.Type == Icmpv6Type.MulticastListenerQuery && icmp.Data.Length >= Ipv6Address.Length
        && Ipv6Address.Read(icmp.Data) is var group && (group.IsUnspecified || groups.Contains(group)))
        Send(frame.From, isListener);    // at once: where one answers for all, no delay (§6.2) need keep answers apart

    return Verdict.Continue;
}
