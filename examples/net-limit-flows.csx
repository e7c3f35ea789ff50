// Let each flow have so many frames a second, both directions together (RFC 2722 §2), and drop what is beyond: others do not notice.
// The memory of a flow goes with it (--flows), so that a scan of a million ports costs no more memory than a thousand.
// See it:  ./run.sh lab -r examples/net-limit-flows.csx --set rate=20, then on the left host `ping -i 0.02 -c 100 192.0.2.2` and beside it a second one

readonly int rate = Param("rate", 100, "how many frames of a flow pass in a second", 1, 1_000_000);

Verdict Apply(ref Frame frame)
{
    ref var passed = ref frame.Flow.State<(long Second, int Frames)>();
    long second = frame.ArrivalTime.ToUnixTimeSeconds();
    if (passed.Second != second)
        passed = (second, 0);

    return ++passed.Frames <= rate ? Verdict.Continue : Verdict.Drop;
}
