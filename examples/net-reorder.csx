// Hold packets back until others have passed them. RFC 4737.
// See it:  ./run.sh lab -r examples/net-reorder.csx --set share=0.2, then a transfer, and `ss -tino` on both hosts: reord_seen

readonly Impairment network = Impair(Param("seed", 7L, "what the random numbers begin with: the same seed hits the same packets")).Reorder(Param("share", 0.05, "the share of packets that is held back", 0, 1), gap: Param("gap", 3, "how many packets pass one", 1, 1000));

Verdict Apply(ref Frame frame) => network.Apply(ref frame);
