// A slow link each way, with a queue before it that drops what it has no room for, or CoDel (RFC 8289).
// See it:  ./run.sh lab -r examples/net-limit-rate.csx --set mbit=5, then `iperf3 -s -1` on right and `iperf3 -c 192.0.2.2` on left

readonly BitRate rate = Mbit(Param("mbit", 20.0, "megabits a second, each way"));
readonly int packets = Param("packets", 100, "how many wait at most", 1, 100_000);

readonly Impairment network = Impair().Rate(rate, Param("codel", false, "whether the queue is CoDel's") ? CoDel(packets: packets) : DropTail(packets: packets));

Verdict Apply(ref Frame frame) => network.Apply(ref frame);
