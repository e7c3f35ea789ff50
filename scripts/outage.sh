#!/usr/bin/env bash
# scripts/outage.sh  how long frames are lost when a bridge with --on-exit open is killed, and when the next one takes over: pings of a millisecond
# each, counted. Needs root, iproute2 and ping. Nothing outside of its own namespaces changes.
set -euo pipefail
cd "$(dirname "$0")/.."
FLUKE6=${FLUKE6-src/Fluke6/bin/Release/net10.0/fluke6}
[ -x "$FLUKE6" ] || { echo "outage.sh: no program at $FLUKE6: build it, or name it with FLUKE6=" >&2; exit 1; }
[ "$(id -u)" = 0 ] || { echo "outage.sh: network namespaces need root: run it with sudo" >&2; exit 1; }
NAME=outage-$$
cleanup() { for host in left middle right; do ip netns delete "$NAME-$host" 2>/dev/null || true; done; rm -rf "$WORK"; }
WORK=$(mktemp -d)
trap cleanup EXIT
for host in left middle right; do ip netns add "$NAME-$host"; done
for end in "left p0 1" "right p1 2"; do
  read -r host port number <<<"$end"
  ip -n "$NAME-$host" link add h0 type veth peer name "$port" netns "$NAME-middle"
  ip -n "$NAME-$host" link set h0 up
  ip -n "$NAME-$host" address add "10.0.0.$number/24" dev h0
  ip -n "$NAME-middle" link set "$port" up
done
printf 'When(Guard.TcpSyn);\nvoid Apply(ref Frame frame) { }\n' >"$WORK/rule.csx"

ip netns exec "$NAME-middle" bash -euo pipefail -s "$FLUKE6" "$WORK" "$NAME-left" <<'INSIDE'
mount -t bpf bpf /sys/fs/bpf
start() {
  "$1" bridge p0 p1 -r "$2/rule.csx" --headless --stats json --control none --on-exit open >"$2/out" &
  until grep -q '"type":"ready"' "$2/out"; do sleep 0.05; done
}
# lost WHAT COMMAND...: of 2,000 pings in two seconds, how many were lost while a command was done in their middle.
lost() {
  nsenter --net="/run/netns/$3" ping -n -q -i 0.001 -c 2000 -W 1 10.0.0.2 >"$2/ping" &
  local ping=$!
  sleep 0.5
  "${@:4}"
  wait "$ping" || true
  sed -n "s/\([0-9]*\) packets transmitted, \([0-9]*\) received.*/\1 \2/p" "$2/ping" | { read -r sent got; echo "$1: $((sent - got)) of $sent pings lost, one a millisecond"; }
}
start "$@"
lost "killed with SIGKILL" "$2" "$3" kill -KILL $!
lost "the next takes over" "$2" "$3" start "$1" "$2"
lost "ended with SIGTERM" "$2" "$3" kill -TERM $!
INSIDE
