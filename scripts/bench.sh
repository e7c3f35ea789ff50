#!/usr/bin/env bash
# Fluke6 beside plain C loops (or itself, set up otherwise), the kernel's bridge, scapy and tcpbridge: two hosts in network namespaces, one run, one table.
set -euo pipefail
cd "$(dirname "$0")/.."

usage() {
  cat <<'TEXT'
usage: scripts/bench.sh [--quick] [--pairs N] [--only NAME,...] [--base NAME] [--bulk-cores LIST]
  --quick       one pair each, shorter measurements: shows that all of it runs, not how fast
  --pairs N     pairs (base, contender) for each Fluke6 row; the others get at most 3. Default 7
  --only NAMES  of fluke6, fluke6-examples, fluke6-ten, fluke6-packet, bridge, bridge-nft, scapy, tcpbridge; and, only if named,
                packet-loop (a C loop over packet sockets on veth), packet-loop-no-tags (the same, which loses VLAN tags), fluke6-packet-examples (packet ports, the example chain),
                fluke6-flows-off (no flow table), fluke6-fast (packet ports, three SYN examples, --fast-path require)
                and fluke6-million (every frame from the next of a million addresses)
  --base NAME   what each is measured beside: c-loop unless said, or one of the above
  --bulk-cores LIST  the cores that both hosts have for bulk TCP, as taskset takes them; all unless said. With one, the figure says what a byte costs,
                and not where the scheduler puts the two ends
FLUKE6=PATH measures that binary instead of building one.
TEXT
}

fail() { echo "bench.sh: $1" >&2; exit "${2:-1}"; }

DEFAULT="fluke6 fluke6-examples fluke6-ten fluke6-packet bridge bridge-nft scapy tcpbridge"
ALL="$DEFAULT packet-loop packet-loop-no-tags fluke6-packet-examples fluke6-fast fluke6-flows-off fluke6-million"
PAIRS=7 BULK_SECONDS=3 FRAMES_MILLISECONDS=2000 ROUND_TRIPS=5000 ONLY=$DEFAULT BASE=c-loop BULK_CORES=0-$(($(nproc) - 1))
while [ $# -gt 0 ]; do
  case $1 in
    --quick) PAIRS=1 BULK_SECONDS=1 FRAMES_MILLISECONDS=500 ROUND_TRIPS=1000 ;;
    --pairs) PAIRS=${2:-}; shift ;;
    --only) ONLY=${2:-}; ONLY=${ONLY//,/ }; shift ;;
    --base) BASE=${2:-}; shift ;;
    --bulk-cores) BULK_CORES=${2:-}; shift ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift || fail "the last option lacks its value" 2
done
[[ $PAIRS =~ ^[1-9][0-9]?$ ]] || fail "--pairs takes a number from 1 to 99, not '$PAIRS'" 2
taskset -c "$BULK_CORES" true 2>/dev/null || fail "--bulk-cores takes cores that there are, such as 0 or 0-1, not '$BULK_CORES'" 2
for name in $ONLY; do
  [[ " $ALL " == *" $name "* ]] || fail "there is no contender '$name'; there are: $ALL" 2
done
[[ " c-loop $ALL " == *" $BASE "* ]] || fail "there is no base '$BASE'; there are: c-loop $ALL" 2

need() { command -v "$1" >/dev/null || fail "$1 is missing: apt-get install $2"; }
wants() { [[ " $BASE $ONLY " =~ \ $1 ]]; }

[ "$(id -u)" = 0 ] || fail "namespaces and TAPs need root: run it with sudo"
[ -c /dev/net/tun ] || fail "/dev/net/tun is missing: modprobe tun"
need cc gcc; need iperf3 iperf3; need jq jq; need ip iproute2; need taskset util-linux
if wants bridge-nft; then need nft nftables; fi
if wants scapy || wants tcpbridge; then need ethtool ethtool; fi
if wants tcpbridge; then need tcpbridge tcpreplay; fi
PYTHON=
if wants scapy; then
  # A python3 found first may be one that apt's scapy does not know.
  for PYTHON in /usr/bin/python3 python3 ''; do
    [ -z "$PYTHON" ] || ! "$PYTHON" -c 'import scapy' 2>/dev/null || break
  done
  [ -n "$PYTHON" ] || fail "scapy is missing: apt-get install python3-scapy"
fi

WORK=$(mktemp -d)
# The six that can stand in one chain: the others pretend to be hosts.
EXAMPLES=()
for name in tcp-strip-sack-permitted tcp-remove-sack-permitted tcp-clamp-mss tcp-log-options ndp-rewrite-ra-prefix ndp-answer-solicitations; do
  EXAMPLES+=(-r "examples/$name.csx")
done
# An MSS of 1460 is what these hosts have: at 1220, the example's own, a byte costs both hosts more on every path, also on the kernel's bridge.
FAST=(--set tcp-clamp-mss.mss=1460)
for name in tcp-strip-sack-permitted tcp-clamp-mss tcp-log-options; do FAST+=(-r "examples/$name.csx"); done
A=fl6bench-$$-a B=fl6bench-$$-b M=fl6bench-$$-m   # two hosts and what lies between them
FORWARDER=
. scripts/bench/paths.sh
. scripts/bench/measure.sh
cleanup() {
  take_down
  rm -rf "$WORK"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

for program in loop packet-loop send rtt; do
  cc -O2 -Wall -o "$WORK/$program" "scripts/bench/$program.c"
done
FLUKE6=${FLUKE6:-}
if [ -z "$FLUKE6" ] && wants fluke6; then
  need dotnet dotnet-sdk-10.0
  dotnet build -c Release src/Fluke6 --nologo -v quiet >&2 || fail "Fluke6 does not build"
  FLUKE6=$PWD/src/Fluke6/bin/Release/net10.0/fluke6
fi

pairs_of() { case $1 in fluke6*) echo "$PAIRS" ;; *) echo $((PAIRS < 3 ? PAIRS : 3)) ;; esac; }

measurements=$PAIRS
for name in $ONLY; do measurements=$((measurements + 2 * $(pairs_of "$name"))); done
echo "$measurements measurements, about $(((measurements * (BULK_SECONDS * 1000 + FRAMES_MILLISECONDS + 3000) + 59999) / 60000)) minutes" >&2

FAILED=0
# run NAME: its figures into NAME.json. A contender that fails costs its own row, not the run.
run() {
  local name=$1
  if set_up "$name" && measure "$name" >"$WORK/$name.json"; then
    take_down
  else
    echo "bench.sh: $name failed in round $round" >&2
    tail -n 3 "$WORK/forwarder.log" >&2 || true
    take_down
    return 1
  fi
}

for ((round = 1; round <= PAIRS; round++)); do
  run direct || fail "two hosts on one veth pair do not reach each other"
  for name in $ONLY; do
    [ "$round" -le "$(pairs_of "$name")" ] || continue
    echo "round $round of $PAIRS: $name" >&2
    run "$BASE" && mv "$WORK/$BASE.json" "$WORK/base.json" || fail "$BASE does not run"
    if run "$name"; then
      jq -c -n --arg name "$name" '[inputs] | { $name, direct: .[0], base: .[1], contender: .[2] }' \
        "$WORK/direct.json" "$WORK/base.json" "$WORK/$name.json" >>"$WORK/results"
    else
      FAILED=1
    fi
  done
done

[ -s "$WORK/results" ] || fail "nothing was measured"
jq -rs -f scripts/bench/report.jq --arg machine "$(processor), $(nproc) cores, $(($(awk '/MemTotal/ { print $2 }' /proc/meminfo) / 1048576)) GiB" \
  --arg kernel "$(uname -sr)" --arg date "$(date -u +%F)" --arg order "$ONLY" --arg base "$BASE" "$WORK/results"
exit "$FAILED"
