#!/usr/bin/env bash
# Bulk TCP inside tunnels, between two hosts on veth, in turn, one run, one table: the kernel's bridge; Fluke6 with rules that do not ask for
# it, so that the kernel forwards it; Fluke6 that cuts up and forwards everything itself; and that with --no-offload.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
  cat <<'TEXT'
usage: scripts/bench/tunnels.sh [--rounds N] [--seconds N] [--only NAME,...]
  --rounds N    how often each path is measured, in turn. Default 5; the table has medians
  --seconds N   how long each iperf3 runs. Default 3
  --only NAMES  of none, vxlan, vxlan-udpcsum, vxlan6, geneve, gre, gretap, ipip, sit. Those that the kernel cannot make are left out
FLUKE6=PATH measures that binary instead of building one.
TEXT
}

fail() { echo "tunnels.sh: $1" >&2; exit "${2:-1}"; }

ROUNDS=5 SECONDS_EACH=3 ONLY="none vxlan vxlan-udpcsum vxlan6 geneve gre gretap ipip sit"
while [ $# -gt 0 ]; do
  case $1 in
    --rounds) ROUNDS=${2:-}; shift ;;
    --seconds) SECONDS_EACH=${2:-}; shift ;;
    --only) ONLY=${2:-}; ONLY=${ONLY//,/ }; shift ;;
    -h|--help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift || fail "the last option lacks its value" 2
done
[[ $ROUNDS =~ ^[1-9][0-9]?$ && $SECONDS_EACH =~ ^[1-9][0-9]?$ ]] || fail "--rounds and --seconds take a number from 1 to 99" 2
[ "$(id -u)" = 0 ] || fail "namespaces need root: run it with sudo"
for tool in iperf3 jq ip taskset; do command -v "$tool" >/dev/null || fail "$tool is missing"; done

FLUKE6=${FLUKE6:-}
if [ -z "$FLUKE6" ]; then
  dotnet build -c Release src/Fluke6 --nologo -v quiet >&2 || fail "Fluke6 does not build"
  FLUKE6=$PWD/src/Fluke6/bin/Release/net10.0/fluke6
fi

WORK=$(mktemp -d)
A=fl6tun-$$-a B=fl6tun-$$-b M=fl6tun-$$-m FORWARDER=
. scripts/bench/paths.sh
. scripts/bench/measure.sh
trap 'take_down; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM HUP

# tunnel NAME HOST NUMBER: makes t0 in a host, and gives it an address. Inside are TCP over IPv4 and, but for ipip, Ethernet or IPv6.
tunnel() {
  local name=$1 host=$2 own=192.0.2.$3 other=192.0.2.$((3 - $3))
  case $name in
    vxlan) set -- vxlan id 7 local "$own" remote "$other" dstport 4789 dev fl0 noudpcsum ;;
    vxlan-udpcsum) set -- vxlan id 7 local "$own" remote "$other" dstport 4789 dev fl0 udpcsum ;;
    vxlan6) set -- vxlan id 7 local "2001:db8::$3" remote "2001:db8::$((3 - $3))" dstport 4789 dev fl0 udp6zerocsumtx udp6zerocsumrx ;;
    geneve) set -- geneve id 7 remote "$other" noudpcsum ;;
    gre|gretap|ipip|sit) set -- "$name" local "$own" remote "$other" ;;
  esac
  ip -n "$host" link add t0 type "$@" 2>/dev/null && ip -n "$host" link set t0 up
}

# hosts NAME: both, on veth to left and right in M, with the tunnel; sets TARGET.
hosts() {
  local number=0 host address
  for host in "$A" "$B" "$M"; do ip netns add "$host"; ip -n "$host" link set lo up; done
  middle
  ip -n "$B" link set fl1 name fl0
  for host in "$A" "$B"; do
    number=$((number + 1))
    ip -n "$host" address add "192.0.2.$number/24" dev fl0
    ip -n "$host" address add "2001:db8::$number/64" dev fl0 nodad
    ip -n "$host" link set fl0 up
    [ "$1" = none ] || tunnel "$1" "$host" "$number" || return 1
    address=198.51.100.$number/24
    [ "$1" != sit ] || address=2001:db8:1::$number/64
    ip -n "$host" address add "$address" dev "$([ "$1" = none ] && echo fl0 || echo t0)" $([ "$1" != sit ] || echo nodad)
  done
  TARGET=198.51.100.2
  [ "$1" != sit ] || TARGET=2001:db8:1::2
}

# Gbit/s from A to B, at the receiver.
bulk() {
  local server report
  wait_for on_a ping -c 1 -W 1 "$TARGET" || return 1
  on_b timeout $((SECONDS_EACH + 20)) iperf3 -s -1 >/dev/null 2>&1 &
  server=$!
  wait_for_listener
  report=$(on_a timeout $((SECONDS_EACH + 15)) iperf3 -c "$TARGET" -t "$SECONDS_EACH" -C cubic -J) || { kill "$server"; return 1; }
  wait "$server" || true
  jq -e '.end.sum_received.bits_per_second / 1e9' <<<"$report"
}

# path PATH TUNNEL
path() {
  local result
  hosts "$2" || { take_down; return 1; }
  case $1 in
    bridge) kernel_bridge ;;
    fast) fluke6 left right -r examples/tcp-clamp-mss.csx -r examples/tcp-log-options.csx --fast-path require ;;
    fluke6) fluke6 left right --fast-path off ;;
    no-offload) fluke6 left right --no-offload ;;
  esac || { take_down; return 1; }
  result=$(bulk) || { take_down; return 1; }
  take_down
  echo "$result"
}

for name in $ONLY; do
  hosts "$name" || { take_down; echo "tunnels.sh: this kernel makes no $name" >&2; continue; }
  take_down
  for ((round = 1; round <= ROUNDS; round++)); do
    echo "$name, round $round of $ROUNDS" >&2
    bridge=$(path bridge "$name") && fast=$(path fast "$name") && offload=$(path fluke6 "$name") && wire=$(path no-offload "$name") || fail "$name failed"
    jq -nc --arg name "$name" --argjson bridge "$bridge" --argjson fast "$fast" --argjson offload "$offload" --argjson wire "$wire" '$ARGS.named' >>"$WORK/results"
  done
done

[ -s "$WORK/results" ] || fail "nothing was measured"
jq -rs --arg machine "$(processor), $(nproc) cores; $(uname -sr); $(date -u +%F)" '
  def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2] + .[length / 2 - 1]) / 2 end;
  def digits: if . >= 10 then . * 10 | round / 10 else . * 100 | round / 100 end;
  def names: reduce .[].name as $name ([]; if index($name) then . else . + [$name] end);
  . as $all | "\($machine)\n",
  "| tunnel | rounds | kernel bridge, Gbit/s | Fluke6, guarded rules | Fluke6 `--fast-path off` | Fluke6 `--no-offload` |", "| --- | ---: | ---: | ---: | ---: | ---: |",
  (names[] as $name | [$all[] | select(.name == $name)] |
    "| \($name) | \(length) | \(map(.bridge) | median | digits) | \(map(.fast) | median | digits) (\(map(.fast / .bridge) | median | digits)) " +
    "| \(map(.offload) | median | digits) (\(map(.offload / .bridge) | median | digits)) | \(map(.wire) | median | digits) (\(map(.wire / .bridge) | median | digits)) |")
' "$WORK/results"
