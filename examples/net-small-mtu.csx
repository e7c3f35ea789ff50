// A link with a small MTU in between: who sends more is told, and sends less from then on. RFC 1191, RFC 8201, RFC 4443 §3.2.
// See it:  ./run.sh lab -r examples/net-small-mtu.csx --set mtu=1300; on left `ping -c 3 -s 1400 192.0.2.2`, `ip route get 192.0.2.2`

readonly int mtu = Param("mtu", 1400, "the longest packet that passes, in bytes; of IPv6 those of 1,280 always do", 68, 65_535);

Verdict Apply(ref Frame frame) => frame.AnswerPacketTooBig(mtu);
