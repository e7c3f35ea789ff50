#!/usr/bin/env bash
# Saves a rule again and again, each time with another guard, while ping and iperf3 run between two hosts: what was lost, doubled, or came to the host.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "guard-saves.sh: $1" >&2; exit "${2:-1}"; }

SAVES=${1:-1000}
[[ $SAVES =~ ^[1-9][0-9]{0,5}$ ]] || fail "usage: scripts/guard-saves.sh [SAVES]; FLUKE6=PATH takes that program instead of building one" 2
[ "$(id -u)" = 0 ] || fail "namespaces need root: run it with sudo"
for tool in iperf3 ping nstat jq; do command -v "$tool" >/dev/null || fail "$tool is missing: apt-get install iperf3 iputils-ping iproute2 jq"; done

WORK=$(mktemp -d)
A=fl6saves-$$-a B=fl6saves-$$-b M=fl6saves-$$-m FORWARDER=
. scripts/bench/paths.sh
trap 'take_down; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM HUP
FLUKE6=${FLUKE6:-}
if [ -z "$FLUKE6" ]; then
  dotnet build -c Release src/Fluke6 --nologo -v quiet >&2 || fail "Fluke6 does not build"
  FLUKE6=$PWD/src/Fluke6/bin/Release/net10.0/fluke6
fi

GUARDS=('Guard.Icmpv4()' 'Guard.TcpSyn' '"icmp or udp port 53"' 'Guard.Tcp()' 'Guard.Ipv4' '"tcp port 5201"')
# Renamed into place, so that no half of it is ever read.
save() {
  printf 'When(%s);    // %s\nVerdict Apply(ref Frame frame) => Verdict.Continue;\n' "${GUARDS[$(($1 % ${#GUARDS[@]}))]}" "$1" >"$WORK/new"
  mv "$WORK/new" "$WORK/rules/10-x.csx"
}
reloads() { grep -c '"type":"reload"' "$WORK/forwarder.log" || true; }

mkdir "$WORK/rules"
save 0
for namespace in "$A" "$B" "$M"; do ip netns add "$namespace"; done
middle
fluke6 left right -r "$WORK/rules" --fast-path require || fail "the bridge does not begin: $(tail -n 3 "$WORK/forwarder.log")"
ip -n "$A" address add 192.0.2.1/24 dev fl0
ip -n "$B" address add 192.0.2.2/24 dev fl1
# An address of the host's own, so that its stack would answer.
ip -n "$M" address add 198.51.100.1/24 dev left
ip -n "$A" link set fl0 up
ip -n "$B" link set fl1 up
wait_for ip netns exec "$A" ping -c 1 -W 1 192.0.2.2 || fail "the hosts do not reach each other"

ip netns exec "$B" iperf3 -s >/dev/null &
SERVER=$!
ip netns exec "$A" ping -n -i 0.002 -W 20 192.0.2.2 >"$WORK/ping" &
PING=$!
wait_for ip netns exec "$A" iperf3 -c 192.0.2.2 -t 1
ip netns exec "$A" iperf3 -c 192.0.2.2 -t 86400 -J >"$WORK/iperf3" &
CLIENT=$!
for ((i = 1; i <= SAVES; i++)); do
  before=$(reloads)
  save "$i"
  end=$((SECONDS + 30))
  until [ "$(reloads)" -gt "$before" ]; do
    [ "$SECONDS" -lt "$end" ] || fail "save $i was not loaded within 30 s"
    sleep 0.005
  done
done

kill -INT "$CLIENT"
wait "$CLIENT" || true
kill -INT "$PING"
wait "$PING" || true
kill "$SERVER"
tail -n 3 "$WORK/ping"
echo "doubled: $(grep -c 'DUP!' "$WORK/ping" || true); loaded: $(reloads); refused: $(grep -c '"ok":false' "$WORK/forwarder.log" || true)"
echo "bulk TCP: $(jq -r '"\(.end.sum_sent.bits_per_second / 1e9 * 100 | round / 100) Gbit/s, \(.end.sum_sent.retransmits) segments sent again"' "$WORK/iperf3")"
# The receiver tells the sender of each segment that it had already (RFC 2883).
ip netns exec "$A" nstat -asz TcpRetransSegs TcpExtTCPDSACKRecvSegs | awk 'NR > 1 { seen[$1] = $2 }
  END { printf "%d segments sent again since the start, %d of them for nothing: the receiver had them\n", seen["TcpRetransSegs"], seen["TcpExtTCPDSACKRecvSegs"] }'
kill -TERM "$FORWARDER"
wait "$FORWARDER" || true
FORWARDER=
echo "lost at the ports:"
jq -c 'select(.type == "stats") | .ports | map_values({rxFrames, kernelFrames, rxDropped, txDropped})' "$WORK/forwarder.log" | tail -n 1
echo "came to the host:"
ip netns exec "$M" nstat -asz IpInReceives IcmpOutMsgs TcpOutRsts | tail -n +2
