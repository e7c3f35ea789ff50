// Change a bit of some packets: the checksum is wrong then, and the host drops the packet (RFC 1122 §3.2.1.2), or is made right, so that whoever is above sees it.
// See it:  ./run.sh lab -r examples/net-corrupt.csx --set share=0.2, then `ping 192.0.2.2` on left, `nstat -az IcmpInCsumErrors` on right

readonly Impairment network = Impair(Param("seed", 7L, "what the random numbers begin with: the same seed hits the same packets")).Corrupt(Param("share", 0.02, "the share of packets that is hit", 0, 1), rightChecksum: Param("right", false, "whether the checksum is made right"));

Verdict Apply(ref Frame frame) => network.Apply(ref frame);
