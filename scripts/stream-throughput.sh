#!/bin/bash
# How much a rule that rewrites TCP in flight costs: iperf3 between two namespaces, through a rule that does nothing, through ReplaceTcp
# with a text that hardly ever comes, and through a rule whose one edit is over, so that only numbers differ. In turns; Gbit/s.
# Usage: scripts/stream-throughput.sh [ROUNDS [SECONDS [RULES]]], RULES being some of "nothing rare edited"; as root, after dotnet build src/Fluke6 -c Release. Needs iperf3.
set -eu
rounds=${1:-5} seconds=${2:-3} measured=${3:-nothing rare edited}
fluke6=$(dirname "$0")/../src/Fluke6/bin/Release/net10.0/fluke6
left=fluke6-streams-left right=fluke6-streams-right rules=$(mktemp -d) bridge=
clean() {
    [ -z "$bridge" ] || kill "$bridge" 2>/dev/null || true
    wait || true
    ip netns del $left 2>/dev/null || true
    ip netns del $right 2>/dev/null || true
    rm -rf "$rules"
}
trap clean EXIT
ip netns add $left
ip netns add $right
echo 'Verdict Apply(ref Frame frame) => Verdict.Continue;' > "$rules/nothing.csx"
cat > "$rules/rare.csx" <<'RULE'
readonly TcpStreams streams = ReplaceTcp("a needle that no haystack has"u8, "a straw"u8, new() { Port = 5201 });
Verdict Apply(ref Frame frame) => streams.Rewrite(ref frame);
RULE
cat > "$rules/edited.csx" <<'RULE'
// iperf3's control connection stays as it is: its messages are short.
readonly TcpStreams streams = RewriteTcp(new() { Port = 5201 }, (stream, data) =>
{
    data.Pass(1);
    if (data.Length > 4000)
        data.Insert("!"u8);
    if (data.Length > 4000 || !stream.IsFromClient)
        stream.PassRest();
    data.Pass(data.Length);
});
Verdict Apply(ref Frame frame) => streams.Rewrite(ref frame);
RULE
for round in $(seq "$rounds"); do
    for rule in $measured; do
        "$fluke6" bridge tap:eth0@$left tap:eth0@$right --stats none -r "$rules/$rule.csx" > "$rules/log" 2>&1 &
        bridge=$!
        until grep -q '"ready"\|ready' "$rules/log"; do sleep 0.1; kill -0 $bridge; done
        ip -n $left address add 10.66.1.1/24 dev eth0
        ip -n $left link set eth0 up
        ip -n $right address add 10.66.1.2/24 dev eth0
        ip -n $right link set eth0 up
        ip netns exec $right iperf3 -s -1 > /dev/null &
        until ip netns exec $right ss -tln | grep -q :5201; do sleep 0.1; done
        until ip netns exec $left ping -c 1 -W 1 10.66.1.2 > /dev/null; do :; done
        rate=$(ip netns exec $left iperf3 -c 10.66.1.2 -t "$seconds" -J | python3 -c 'import json,sys; print("%.2f" % (json.load(sys.stdin)["end"]["sum_received"]["bits_per_second"] / 1e9))')
        echo "round $round $rule $rate"
        kill $bridge
        wait $bridge || true
        bridge=
    done
done
