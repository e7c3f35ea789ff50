// The scenarios that QUIC implementations are tried with, after quic-network-simulator: the left host is the client. RFC 9000, RFC 9002.
// See it:  ./run.sh lab -r examples/net-scenario.csx --set scenario=drop-rate, then `ping -c 3 192.0.2.2` on left

readonly string scenario = Param("scenario", "drop-rate", "drop-rate, corrupt-rate, droplist, blackhole, rebind-addr, asymmetric or cross-traffic");
readonly double rate = Param("rate", 0.1, "the share of packets, of drop-rate and corrupt-rate", 0, 1);
readonly long[] drops = Param("drops", new long[] { 1, 3, 4 }, "of droplist: packets to the client, by number");
readonly int rebind = Param("rebind", 5, "of rebind-addr: after how many seconds");

// A path of 15 ms and 10 Mbit/s each way, whose queue takes 25 packets, and what the scenario adds.
Impairment Path(Side from, BitRate speed) => Impair(from, Param("seed", 7L, "what the random numbers begin with: the same seed hits the same packets")).Delay(Ms(15)).Rate(speed, DropTail(packets: 25));
Impairment Add(Impairment path, bool toClient) => scenario switch
{
    "drop-rate" => path.Loss(rate),
    "corrupt-rate" => path.Corrupt(rate),
    "droplist" => toClient ? path.Loss(At(drops)) : path,
    "blackhole" => path.Timeline("0s: on; 5s: blackhole; 7s: on"),
    "cross-traffic" => path.Timeline("0s: on; 2s: rate 2mbit; 6s: on; 8s: rate 2mbit; 12s: on"),    // another flow takes most of the link at times
    "asymmetric" or "rebind-addr" => path,
    _ => throw new ArgumentException($"there is no scenario '{scenario}'; there are drop-rate, corrupt-rate, droplist, blackhole, rebind-addr, asymmetric, cross-traffic"),
};

readonly Impairment toServer = Add(Path(Side.Left, scenario == "asymmetric" ? Mbit(1) : Mbit(10)), toClient: false);
readonly Impairment toClient = Add(Path(Side.Right, Mbit(10)), toClient: true);
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
