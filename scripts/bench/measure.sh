# What is measured on a path that stands. Sourced by bench.sh and bench/tunnels.sh.

on_a() { ip netns exec "$A" "$@"; }
on_b() { ip netns exec "$B" "$@"; }

# measure NAME: one JSON object; cpu is null where no process forwards.
measure() {
  local bulk=null round_trip median percentile lost frames cpu=null memory=null before after ticks flows=1
  [ "$1" != fluke6-million ] || flows=1000000

  settle "$flows"

  if [ "$1" != direct ]; then
    bulk=$(bulk_tcp) || return 1

    before=$(received) ticks=$(forwarder_ticks)
    on_a taskset -c 0 "$WORK/send" fl0 "$FRAMES_MILLISECONDS" 0 "$flows" >/dev/null
    drained
    after=$(received)
    frames=$((after - before))
    [ "$frames" -gt 0 ] || return 1
    if [ -n "$FORWARDER" ]; then
      memory=$(awk '$1 == "VmRSS:" { print $2 / 1024 }' "/proc/$FORWARDER/status")
      cpu=$((($(forwarder_ticks) - ticks) * 1000000000 / $(getconf CLK_TCK) / frames))
    fi
    frames=$((frames * 1000 / FRAMES_MILLISECONDS))
  fi

  round_trip=$(on_a taskset -c 0 "$WORK/rtt" 192.0.2.2 "$ROUND_TRIPS" 3000) || return 1
  read -r median percentile lost <<<"$round_trip"
  jq -nc --argjson bulk "$bulk" --argjson frames "${frames:-null}" --argjson cpu "$cpu" --argjson median "$median" \
    --argjson percentile "$percentile" --argjson lost "$lost" --argjson memory "$memory" \
    '{$bulk, $frames, $cpu, $memory, $median, $percentile, $lost}'
}

# settle FLOWS: caches, branch predictors and just-in-time compilers of all contenders alike. .NET makes the machine code of what runs often
# on a thread of its own, which takes some seconds beside a bridge that wants the same core.
settle() {
  local before
  for _ in {1..10}; do
    before=$(jit_ticks)
    on_a taskset -c 0 "$WORK/send" fl0 1500 0 "$1" >/dev/null
    [ "$(jit_ticks)" -gt $((before + 1)) ] || break
  done
}

jit_ticks() {
  [ -n "$FORWARDER" ] || { echo 0; return; }
  cat "/proc/$FORWARDER"/task/*/stat 2>/dev/null | awk '/\(\.NET Tiered/ { sub(/.*\) /, ""); sum += $12 + $13 } END { print sum + 0 }'
}

# One stream from A to B, Gbit/s at the receiver; cubic, whatever this machine prefers. The hosts may use any core: to pin them would starve the kernel's bridge.
bulk_tcp() {
  local server report
  on_b taskset -c "${BULK_CORES:-0-1023}" timeout 30 iperf3 -s -1 >/dev/null &
  server=$!
  wait_for_listener
  report=$(on_a taskset -c "${BULK_CORES:-0-1023}" timeout 25 iperf3 -c 192.0.2.2 -t "$BULK_SECONDS" -C cubic -J) || { kill "$server"; return 1; }
  wait "$server" || true
  jq -e '.end.sum_received.bits_per_second / 1e9' <<<"$report"
}

wait_for_listener() {
  local end=$((SECONDS + 5))
  until [ -n "$(on_b ss -ltnH 'sport = :5201')" ] || [ "$SECONDS" -ge "$end" ]; do sleep 0.02; done
}

received() { ip -n "$B" -s -j link show fl1 | jq '.[0].stats64.rx.packets'; }

# Until no more frames come: what queues still hold counts, and half a second is enough for the slowest.
drained() {
  local last=-1 now
  for _ in {1..10}; do
    now=$(received)
    [ "$now" != "$last" ] || break
    last=$now
    sleep 0.05
  done
}

# User and system time of all threads, in clock ticks.
forwarder_ticks() { [ -z "$FORWARDER" ] || awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$FORWARDER/stat"; }

processor() { awk -F': ' '/model name/ { print $2; exit }' /proc/cpuinfo; }
