// Print which groups a host joins and leaves, and whom it wants to hear there. RFC 3376 §4.2. PacketDotNet knows the report, Fluke6 has no view of it.
// See it:  ./run.sh lab -r examples/igmp-print.csx, then on the left host `ip address add 239.1.2.3/32 dev eth0 autojoin`

When(Guard.Protocol(IpProtocol.Igmp));

void Apply(ref Frame frame)
{
    if (frame.ToPacket()?.Extract<PacketDotNet.IgmpV3MembershipReportPacket>() is not { } report)
        return;

    foreach (var record in report.GroupRecords)
        Log($"{record.RecordType} {record.MulticastAddress} [{string.Join(' ', record.SourceAddresses)}]");
    frame.Hit();
}
