// A link whose rate changes all the time, as a trace of mahimahi says: each line a millisecond at which 1,500 bytes can leave. RFC 8289 is the queue.
// See it:  ./run.sh lab -r examples/net-link-trace.csx, then `iperf3 -s -1` on right and `iperf3 -c 192.0.2.2` on left

// Such as those of github.com/ravinet/mahimahi, traces/. Without one, a second that falls from 12 to 3 Mbit/s and stands still for a fifth of it.
readonly string file = Param("trace", "", "the file");
readonly long[] second = [.. Enumerable.Range(1, 500).Select(i => i <= 400 ? i : 400L + (4 * (i - 400))), 1000];

readonly Impairment network = Impair().Rate(file.Length > 0 ? LinkTrace(file) : LinkTrace(second), CoDel());

Verdict Apply(ref Frame frame) => network.Apply(ref frame);
