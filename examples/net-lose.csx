// Lose packets, one by one or in bursts; the same seed loses the same ones, live and in a replay. RFC 7680, RFC 3357.
// See it:  ./run.sh lab -r examples/net-lose.csx --set loss=0.2, then `ping 192.0.2.2` on left

readonly double loss = Param("loss", 0.05, "the share of packets that is lost", 0, 1);
readonly double burst = Param("burst", 0.0, "how many are lost in a row, on average; 0: each by itself");

readonly Impairment network = Impair(Param("seed", 7L, "what the random numbers begin with: the same seed hits the same packets")).Loss(burst >= 1 ? GilbertElliott(loss, burst) : Bernoulli(loss));

Verdict Apply(ref Frame frame) => network.Apply(ref frame);
