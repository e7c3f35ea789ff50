#!/usr/bin/env bash
# Delay and rate of the examples net-delay and net-limit-rate by other clocks: irtt's and iperf3's, beside the same bridge without rules; with --scenarios what
# each of net-scenario's lets pass.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
usage: scripts/bench/impairments.sh [--seconds N] [--milliseconds N] [--awake] [--scenarios]
  --seconds N       of each measurement; default 20
  --milliseconds N  of delay each way; default 40
  --awake           keeps the processors from halting by loops of the lowest priority: what it takes to wake one is the machine's, not the bridge's
  --scenarios       only net-scenario's, between veth interfaces, with neither delay nor limit of the path: one TCP stream through each
FLUKE6=PATH measures that binary instead of building one. Round trips are told at each 10 ms; best on a machine that does nothing else.
TEXT
}

fail() { echo "impairments.sh: $1" >&2; exit "${2:-1}"; }

SECONDS_EACH=20 DELAY=40 AWAKE= SCENARIOS= KIND=tap
while [ $# -gt 0 ]; do
  case $1 in
    --seconds) SECONDS_EACH=${2:-}; shift ;;
    --milliseconds) DELAY=${2:-}; shift ;;
    --awake) AWAKE=yes ;;
    --scenarios) SCENARIOS=yes KIND=veth ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift || fail "the last option lacks its value" 2
done
[[ $SECONDS_EACH =~ ^[1-9][0-9]{0,3}$ && $DELAY =~ ^[1-9][0-9]{0,3}$ ]] || fail "--seconds and --milliseconds take whole numbers from 1 on" 2
[ "$(id -u)" = 0 ] || fail "namespaces and TAPs need root: run it with sudo"
for tool in irtt iperf3 jq ip; do command -v "$tool" >/dev/null || fail "$tool is missing: apt-get install irtt iperf3 jq iproute2"; done

WORK=$(mktemp -d)
A=fl6impair-$$-a B=fl6impair-$$-b
BRIDGE=
LOOPS=()
stop() {
  [ -z "$BRIDGE" ] || { kill -TERM "$BRIDGE" 2>/dev/null || true; wait "$BRIDGE" 2>/dev/null || true; }
  BRIDGE=
  for namespace in "$A" "$B"; do
    [ ! -e "/run/netns/$namespace" ] || { ip netns pids "$namespace" | xargs -r kill -9 || true; ip netns delete "$namespace"; }
  done
}
trap 'stop; [ ${#LOOPS[@]} = 0 ] || kill "${LOOPS[@]}"; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM HUP

FLUKE6=${FLUKE6:-}
if [ -z "$FLUKE6" ]; then
  dotnet build -c Release src/Fluke6 --nologo -v quiet >&2 || fail "Fluke6 does not build"
  FLUKE6=$PWD/src/Fluke6/bin/Release/net10.0/fluke6
fi

# start NAME OPTION...: two hosts with the bridge between them; its JSON goes to NAME.json.
start() {
  local name=$1
  shift
  stop
  ip netns add "$A"; ip netns add "$B"
  : >"$WORK/$name.json"
  "$FLUKE6" bridge "$KIND:fl0@$A" "$KIND:fl1@$B" --stats json "$@" >"$WORK/$name.json" 2>"$WORK/$name.err" &
  BRIDGE=$!
  for _ in {1..300}; do
    ! grep -q '"ready"' "$WORK/$name.json" || break
    kill -0 "$BRIDGE" 2>/dev/null || fail "the bridge ended: $(tail -n 1 "$WORK/$name.err")"
    sleep 0.1
  done
  ip -n "$A" address add 192.0.2.1/24 dev fl0; ip -n "$A" link set fl0 up; ip -n "$A" link set lo up
  ip -n "$B" address add 192.0.2.2/24 dev fl1; ip -n "$B" link set fl1 up; ip -n "$B" link set lo up
  for _ in {1..100}; do ! ip netns exec "$A" ping -q -c 1 -W 2 192.0.2.2 >/dev/null || return 0; done
  fail "the hosts do not reach each other through $name"
}

# round_trips NAME: irtt's round trips in nanoseconds, one a line, in order of size.
round_trips() {
  ip netns exec "$B" irtt server -b 192.0.2.2 >/dev/null 2>&1 &
  local server=$!
  sleep 0.5
  ip netns exec "$A" irtt client -i 10ms -d "${SECONDS_EACH}s" -l 100 -q -Q -o "$WORK/$1.irtt.json" 192.0.2.2 >/dev/null 2>&1 || fail "irtt failed over $1"
  kill "$server" 2>/dev/null || true
  wait "$server" 2>/dev/null || true
  jq -r '.round_trips[] | select(.lost == "false") | .delay.rtt' "$WORK/$1.irtt.json" | sort -n >"$WORK/$1.rtt"
  [ -s "$WORK/$1.rtt" ] || fail "irtt measured nothing over $1"
}

quantile() { awk -v share="$2" '{ v[NR] = $1 } END { i = int(NR * share) + 1; if (i > NR) i = NR; print v[i] }' "$WORK/$1.rtt"; }

# bulk: Mbit/s of one stream at the receiver.
bulk() {
  ip netns exec "$B" iperf3 -s -1 >/dev/null &
  local server=$!
  for _ in {1..100}; do [ -z "$(ip netns exec "$B" ss -ltnH 'sport = :5201')" ] || break; sleep 0.05; done
  ip netns exec "$A" iperf3 -c 192.0.2.2 -t "$SECONDS_EACH" -O 2 -J "$@" | jq '.end.sum_received.bits_per_second / 1e6'
  wait "$server" || true
}

if [ -n "$AWAKE" ]; then
  for _ in $(seq "$(nproc)"); do
    chrt --idle 0 bash -c 'while :; do :; done' &
    LOOPS+=($!)
  done
fi

if [ -n "$SCENARIOS" ]; then
  start plain
  printf 'one TCP stream by iperf3 from the server, Mbit/s:\n  %-44s %10.0f\n' "no rule" "$(bulk -R)"
  for scenario in "drop-rate --set rate=0.0001" "corrupt-rate --set rate=0.0001" "droplist" "blackhole" "rebind-addr" "asymmetric --set up=500"; do
    # shellcheck disable=SC2086 # several words
    start scenario -r examples/net-scenario.csx --set milliseconds=0 --set mbit=0 --set scenario=$scenario
    printf '  %-44s %10.0f\n' "$scenario" "$(bulk -R)"
  done
  exit
fi

start plain; round_trips plain
PLAIN_BULK=$(bulk)
start delay -r examples/net-delay.csx --set jitter=0 --set "milliseconds=$DELAY"; round_trips delay
# What the bridge says of the same packets, before the stream comes.
sleep 1.5
OWN=$(jq -sc '[.[] | select(.type == "stats")][-1].rules[0].impairments[0] | [.latenessMedian * 1000, .lateness99 * 1000]' "$WORK/delay.json")
start short -r examples/net-delay.csx --set jitter=0 --set milliseconds=1
DELAY_BULK=$(bulk -w 4M)
CUT=$(jq -sc '[.[] | select(.type == "stats")][-1].rules[0] | .sent' "$WORK/short.json")
start rate -r examples/net-limit-rate.csx --set mbit=20
RATE_BULK=$(bulk)
RATE_OWN=$(jq -sc '[.[] | select(.type == "stats") | .rules[0].impairments[0].bitsPerSecond // 0] | max / 1e6' "$WORK/rate.json")
stop

ASKED=$((2 * DELAY * 1000000))
base=$(quantile plain 0.5)
awk -v asked="$ASKED" -v base="$base" -v base99="$(quantile plain 0.99)" -v least="$(quantile delay 0)" -v median="$(quantile delay 0.5)" -v p99="$(quantile delay 0.99)" \
  -v count="$(wc -l <"$WORK/delay.rtt")" -v own="$OWN" -v bulk="$PLAIN_BULK" -v delayed="$DELAY_BULK" -v cut="$CUT" -v rate="$RATE_BULK" -v rateown="$RATE_OWN" 'BEGIN {
  split(own, o, /[][,]/)
  printf "delay of %d ms each way, %d round trips by irtt, microseconds for each way:\n", asked / 2e6, count
  printf "  %-44s %10.1f\n", "median error (rule - no rule - asked) / 2", (median - base - asked) / 2e3
  printf "  %-44s %10.1f\n", "99 % error (rule - no rule - asked) / 2", (p99 - base99 - asked) / 2e3
  early = "yes"; if (least < asked) early = "NO"
  printf "  %-44s %10s\n", "never early (least round trip at least that)", early
  printf "  %-44s %10.1f %10.1f\n", "later than asked, by the bridge: median, 99 %", o[2], o[3]
  printf "one TCP stream by iperf3, Mbit/s:\n"
  printf "  %-44s %10.0f\n", "no rule", bulk
  printf "  %-44s %10.0f  ratio %.2f, super-segments cut: %d\n", "1 ms each way, offload kept", delayed, delayed / bulk, cut
  printf "  %-44s %10.2f  of the frames, by the bridge: %.2f\n", "20 Mbit/s each way (payload)", rate, rateown
}'
