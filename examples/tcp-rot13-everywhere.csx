// A TCP service on every address and port of networks that do not exist: what one says comes back in rot13. RFC 9293 §3.
// The SYN,ACK carries the SYN's options, as in the course notes, or a list of one's choice (--set options=020405b4).
// See it:  ./run.sh bridge tap:fluke0 none -r examples/tcp-rot13-everywhere.csx -r examples/net-answer-everyone.csx -r examples/ndp-answer-everyone.csx
//          ip address add 10.5.0.1/24 dev fluke0; ip address add 2001:db8:5::ffff/64 dev fluke0
//          nc 10.5.0.77 1234; curl telnet://10.5.0.8:23; nc 2001:db8:5::77 1234; ss -tino

readonly byte[] reply = new byte[1 << 20];
readonly TcpService service = ServeTcp(
    "rot13",
    new TcpServiceOptions
    {
        Ipv4 = Param("prefix", Ipv4Prefix.Parse("10.5.0.0/24"), "the IPv4 addresses that the service is at"),
        Ipv6 = Param("prefix6", Ipv6Prefix.Parse("2001:db8:5::/64"), "the IPv6 addresses that the service is at"),
        SynAckOptions = Convert.FromHexString(Param("options", "", "the options of the SYN,ACK in hex; empty for those of the SYN")),
    },
    (connection, received) =>
    {
        for (int i = 0; i < received.Length; i++)
            reply[i] = Rot13(received[i]);
        connection.Write(reply.AsSpan(0, received.Length));
    });
When(Guard.Tcp());

Verdict Apply(ref Frame frame) => service.Answer(ref frame);

byte Rot13(byte octet) =>
    char.IsAsciiLetter((char)octet) ? (byte)((octet & 0x20) + 'A' + (((octet & 0x1F) - 1 + 13) % 26)) : octet;
