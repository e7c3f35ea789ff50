// Advertise a neighbor without being asked, with flags and link-layer address by choice: what hosts remember changes. RFC 4861 §7.2.6, §4.4.
// Hosts only update what they have (§7.2.5), and keep another link-layer address if the O flag is not set.
// With the S flag it must go to one host (§7.1.2): --set to=HOST.
// See it:  ./run.sh lab -r examples/ndp-advertise-unsolicited.csx --set address=2001:db8:1::2, on the right host
//          `ip address add 2001:db8:1::2/64 dev eth0`, on the left `ping -c 1 2001:db8:1::2; sleep 2; ip neighbor`: another lladdr;
//          again with --set override=false: the lladdr stays; --set router=true; --set solicited=true --set to=2001:db8:1::1: REACHABLE

using static System.Buffers.Binary.BinaryPrimitives;

readonly Ipv6Address address = Param("address", Ipv6Address.Parse("2001:db8:1::2"));
readonly Ipv6Address to = Param("to", Ipv6Address.AllNodes);
readonly MacAddress mac = Param("mac", MacAddress.Parse("02:00:00:00:00:66"));
readonly bool router = Param("router", false), solicited = Param("solicited", false), @override = Param("override", true);

byte[] advertisement = Build();
Every(TimeSpan.FromSeconds(1), () =>
{
    Send(Side.Left, advertisement);
    Send(Side.Right, advertisement);
});

byte[] Build()
{
    byte[] frame = new byte[14 + 40 + 24 + 8];
    Span<byte> packet = frame.AsSpan(14), message = packet[40..];
    MacAddress.ForMulticast(Ipv6Address.AllNodes).WriteTo(frame);
    mac.WriteTo(frame.AsSpan(6));
    WriteUInt16BigEndian(frame.AsSpan(12), (ushort)EtherType.Ipv6);
    (packet[0], packet[5], packet[6], packet[7]) = (6 << 4, (byte)message.Length, (byte)IpProtocol.Icmpv6, 255);
    address.WriteTo(packet[8..]);
    to.WriteTo(packet[24..]);

    message[0] = (byte)Icmpv6Type.NeighborAdvertisement;
    message[4] = (byte)((router ? 0x80 : 0) | (solicited ? 0x40 : 0) | (@override ? 0x20 : 0));
    address.WriteTo(message[8..]);
    (message[24], message[25]) = ((byte)NeighborDiscoveryOptionType.TargetLinkLayerAddress, 1);
    mac.WriteTo(message[26..]);
    ushort pseudoHeader = InternetChecksum.PseudoHeaderSum(packet.Slice(8, 32), (byte)IpProtocol.Icmpv6, message.Length);
    WriteUInt16BigEndian(message[2..], InternetChecksum.Compute(message, pseudoHeader));
    return frame;
}

Verdict Apply(ref Frame frame) => Verdict.Continue;
