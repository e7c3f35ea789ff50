// The scenarios that QUIC implementations are tried with, after quic-network-simulator: the left host is the client. RFC 9000, RFC 9002.
// See it:  ./run.sh lab -r examples/net-scenario.csx --set scenario=drop-rate, then `ping -c 3 192.0.2.2` on left

readonly string scenario = Param("scenario", "drop-rate", "drop-rate, corrupt-rate, droplist, blackhole, rebind-addr, asymmetric or cross-traffic");
readonly double rate = Param("rate", 0.1, "the share of packets, of drop-rate and corrupt-rate", 0, 1);
readonly long[] drops = Param("drops", new long[] { 1, 3, 4 }, "of droplist: packets to the client, by number");
readonly int rebind = Param("rebind", 5, "of rebind-addr: after how many seconds");
readonly double mbit = Param("mbit", 10.0, "of the path, each way; 0 for no limit", 0, 100_000);
readonly double up = Param("up", 1.0, "of asymmetric: megabits a second to the server", 0.001, 100_000);
readonly double milliseconds = Param("milliseconds", 15.0, "of the path, each way", 0, 60_000);

// A path of 15 ms and 10 Mbit/s each way, whose queue takes 25 packets, and what the scenario adds.
Impairment Path(Side from, double speed)
{
    var path = Impair(from, Param("seed", 7L, "what the random numbers begin with: the same seed hits the same packets")).Delay(Ms(milliseconds));
    return speed > 0 ? path.Rate(Mbit(speed), DropTail(packets: 25)) : path;
}

Impairment Add(Impairment path, bool toClient) => scenario switch
{
    "drop-rate" => path.Loss(rate),
    "corrupt-rate" => path.Corrupt(rate),
    "droplist" => toClient ? path.Loss(At(drops)) : path,
    "blackhole" => path.Timeline("0s: on; 5s: blackhole; 7s: on"),
    "cross-traffic" => path.CrossTraffic(connections: 1, roundTrip: Ms(30)),
    "asymmetric" or "rebind-addr" => path,
    _ => throw new ArgumentException($"there is no scenario '{scenario}'; there are drop-rate, corrupt-rate, droplist, blackhole, rebind-addr, asymmetric, cross-traffic"),
};

readonly Impairment toServer = Add(Path(Side.Left, scenario == "asymmetric" ? up : mbit), toClient: false);
readonly Impairment toClient = Add(Path(Side.Right, mbit), toClient: true);
DateTimeOffset? began = null;

// A NAT on the way forgets: the client's UDP comes from another port from then on, and answers to that are for the client's own.
void Rebind(ref Frame frame)
{
    began ??= frame.ArrivalTime;
    if (scenario != "rebind-addr" || frame.ArrivalTime - began < TimeSpan.FromSeconds(rebind) || !frame.TryGetUdp(out var udp))
        return;
    if (frame.From == Side.Left && udp.SourcePort >= 1024)
        udp.SourcePort ^= 1;
    else if (frame.From == Side.Right && udp.DestinationPort >= 1024)
        udp.DestinationPort ^= 1;
}

Verdict Apply(ref Frame frame)
{
    Rebind(ref frame);
    return frame.From == Side.Left ? toServer.Apply(ref frame) : toClient.Apply(ref frame);
}
