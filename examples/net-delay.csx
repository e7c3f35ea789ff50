// Let packets be under way for a while, each way, with jitter that keeps their order. RFC 7679, RFC 5481.
// See it:  ./run.sh lab -r examples/net-delay.csx --set jitter=0, then `ping -c 3 192.0.2.2` on left: 80 ms

readonly Impairment network = Impair(Param("seed", 7L, "what the random numbers begin with: the same seed hits the same packets"))
    .Delay(Normal(mean: Ms(Param("milliseconds", 40.0, "each way")), deviation: Ms(Param("jitter", 5.0, "the standard deviation, in milliseconds"))));

Verdict Apply(ref Frame frame) => network.Apply(ref frame);
