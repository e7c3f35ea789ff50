#!/usr/bin/env bash
# fluke6 replay beside tcprewrite: a capture of 60-byte frames in memory, in turn, and the medians of all. tcprewrite changes every frame's
# time to live; replay runs the frames through the example chain, and through that and a rule that changes the same field of every frame.
set -euo pipefail
cd "$(dirname "$0")/.."

FRAMES=${1:-3000000} PAIRS=${2:-5}
fail() { echo "replay-speed.sh: $1" >&2; exit 1; }
command -v tcprewrite >/dev/null || fail "tcprewrite is missing: apt-get install tcpreplay"
command -v python3 >/dev/null || fail "python3 is missing: apt-get install python3"
[ -d /dev/shm ] || fail "/dev/shm is missing: mount -t tmpfs tmpfs /dev/shm"
FLUKE6=${FLUKE6:-artifacts/fluke6/fluke6}
[ -x "$FLUKE6" ] || fail "$FLUKE6 is missing: ./run.sh --help builds it"
WORK=$(mktemp -d -p /dev/shm)
trap 'rm -rf "$WORK"' EXIT

python3 - "$WORK/in.pcap" "$FRAMES" <<'PYTHON'
import struct, sys
frame = bytes.fromhex("020000000002020000000001080045000028000740003f060743c63364010a05004d9c4004d2000003e9cdd176bd501001f48fcf0000") + bytes(6)
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for i in range(int(sys.argv[2])):
        file.write(struct.pack("<IIII", 1700000000 + i // 1000000, i % 1000000, 60, 60) + frame)
PYTHON

# As the scripts/bench.sh chain: those that watch or rewrite what passes. None has anything to change here.
CHAIN=()
for rule in ndp-answer-solicitations ndp-rewrite-ra-prefix tcp-clamp-mss tcp-log-options tcp-remove-sack-permitted tcp-strip-sack-permitted; do
  CHAIN+=(-r "examples/$rule.csx")
done

cat >"$WORK/90-ttl.csx" <<'RULE'
void Apply(ref Frame frame)
{
    if (frame.TryGetIpv4(out var ipv4))
        ipv4.TimeToLive = 62;
}
RULE

# Seconds on the clock, and of processor time, of a command.
measure() { /usr/bin/env bash -c 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null 2>&1' measure "$@" 2>&1; }
median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2) }'; }

for _ in $(seq "$PAIRS"); do
  measure tcprewrite --ttl=62 -i "$WORK/in.pcap" -o "$WORK/out.pcap" >>"$WORK/tcprewrite"
  rm -f "$WORK/out.pcap"
  measure "$FLUKE6" replay "$WORK/in.pcap" -o "$WORK/out.pcapng" "${CHAIN[@]}" >>"$WORK/replay"
  rm -f "$WORK/out.pcapng"
  measure "$FLUKE6" replay "$WORK/in.pcap" -o "$WORK/out.pcapng" "${CHAIN[@]}" -r "$WORK/90-ttl.csx" >>"$WORK/replay, every frame edited"
  rm -f "$WORK/out.pcapng"
done

echo "| of $FRAMES frames | frames/s | processor time a frame, ns |"
echo "| --- | ---: | ---: |"
for name in tcprewrite replay "replay, every frame edited"; do
  wall=$(awk '{ print $1 }' "$WORK/$name" | median)
  cpu=$(awk '{ print $2 + $3 }' "$WORK/$name" | median)
  awk -v name="$name" -v frames="$FRAMES" -v wall="$wall" -v cpu="$cpu" 'BEGIN { printf "| %s | %.0f | %.0f |\n", name, frames / wall, cpu / frames * 1e9 }'
done
