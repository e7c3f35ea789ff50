# The data paths between host A (fl0, 192.0.2.1) and host B (fl1, 192.0.2.2). Sourced by bench.sh.

# set_up NAME: namespaces, links, forwarder; returns once B answers A. Checks by itself what must not fail unseen: its caller asks for
# its status, which turns `set -e` off.
set_up() {
  local namespace
  : >"$WORK/forwarder.log"
  for namespace in "$A" "$B" "$M"; do
    ip netns add "$namespace"
    # Neighbour discovery and multicast reports of two booting hosts are not what is measured.
    ip netns exec "$namespace" sh -c 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6; echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6'
  done

  case $1 in
    direct) ip link add fl0 netns "$A" type veth peer name fl1 netns "$B" ;;
    c-loop) start "$WORK/loop" "fl0@$A" "fl1@$B" ;;
    # A million flows is what is sent, see measure.sh.
    fluke6|fluke6-million) fluke6 "tap:fl0@$A" "tap:fl1@$B" || return 1 ;;
    fluke6-flows-off) fluke6 "tap:fl0@$A" "tap:fl1@$B" --flows 0 || return 1 ;;
    fluke6-examples) fluke6 "tap:fl0@$A" "tap:fl1@$B" "${EXAMPLES[@]}" || return 1 ;;
    fluke6-ten) write_ten_rules; fluke6 "tap:fl0@$A" "tap:fl1@$B" -r "$WORK/ten" || return 1 ;;
    fluke6-packet) middle; fluke6 left right --fast-path off || return 1 ;;
    packet-loop) middle; start ip netns exec "$M" "$WORK/packet-loop" left right ;;
    packet-loop-no-tags) middle; start ip netns exec "$M" "$WORK/packet-loop" --no-tags left right ;;
    fluke6-packet-examples) middle; fluke6 left right "${EXAMPLES[@]}" --fast-path off || return 1 ;;
    fluke6-fast) middle; fluke6 left right "${FAST[@]}" --fast-path require || return 1 ;;
    bridge) middle; kernel_bridge ;;
    bridge-nft)
      middle
      kernel_bridge
      ip netns exec "$M" nft 'table bridge bench { chain forward {
        type filter hook forward priority 0; tcp flags syn reset tcp option sack-perm; }; }' || return 1 ;;
    scapy)
      middle
      start ip netns exec "$M" "$PYTHON" -c 'from scapy.all import bridge_and_sniff; bridge_and_sniff("left", "right", store=False, quiet=True)' ;;
    tcpbridge) middle; start ip netns exec "$M" tcpbridge --intf1=left --intf2=right ;;
  esac

  wait_for ip -n "$A" link show fl0 && wait_for ip -n "$B" link show fl1 || return 1
  ip -n "$A" address add 192.0.2.1/24 dev fl0
  ip -n "$B" address add 192.0.2.2/24 dev fl1
  case $1 in scapy|tcpbridge)
    # They copy frames without the virtio header: partial checksums and super-segments would be lost on them.
    ip netns exec "$A" ethtool -K fl0 tx off tso off gso off gro off >/dev/null || return 1
    ip netns exec "$B" ethtool -K fl1 tx off tso off gso off gro off >/dev/null || return 1 ;;
  esac
  ip -n "$A" link set fl0 up
  ip -n "$B" link set fl1 up
  wait_for ip netns exec "$A" "$WORK/rtt" 192.0.2.2 1 1000
}

# take_down: whatever stands, in any state.
take_down() {
  local namespace
  if [ -n "$FORWARDER" ]; then
    kill "$FORWARDER" 2>/dev/null || true
    for _ in {1..50}; do kill -0 "$FORWARDER" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$FORWARDER" 2>/dev/null || true
    wait "$FORWARDER" 2>/dev/null || true
    FORWARDER=
  fi
  for namespace in "$A" "$B" "$M"; do
    [ ! -e "/run/netns/$namespace" ] || { ip netns pids "$namespace" | xargs -r kill -9 || true; ip netns delete "$namespace"; }
  done
}

# wait_for COMMAND...: until it succeeds, 20 seconds at the most, or the forwarder is gone.
wait_for() {
  local end=$((SECONDS + 20))
  until "$@" >/dev/null 2>&1; do
    [ "$SECONDS" -lt "$end" ] || return 1
    [ -z "$FORWARDER" ] || kill -0 "$FORWARDER" 2>/dev/null || return 1
    sleep 0.05
  done
}

# Every forwarder has the last core for itself, as far as the hosts leave it; the senders are pinned to the first.
start() {
  taskset -c "$(($(nproc) - 1))" "$@" >"$WORK/forwarder.log" 2>&1 &
  FORWARDER=$!
}

fluke6() {
  start ip netns exec "$M" "$FLUKE6" bridge "$@" --headless --stats json
  wait_for grep -q '"type":"ready"' "$WORK/forwarder.log"
}

# left and right in namespace M, each the far end of a host's veth.
middle() {
  ip link add fl0 netns "$A" type veth peer name left netns "$M"
  ip link add fl1 netns "$B" type veth peer name right netns "$M"
  ip -n "$M" link set left up
  ip -n "$M" link set right up
}

kernel_bridge() {
  ip -n "$M" link add br0 type bridge
  ip -n "$M" link set left master br0
  ip -n "$M" link set right master br0
  ip -n "$M" link set br0 up
}

# Ten rules that parse what most rules parse, strip what is never there, and let everything pass.
write_ten_rules() {
  mkdir -p "$WORK/ten"
  local number
  for number in 0 1; do
    cat >"$WORK/ten/${number}1-strip-user-timeout.csx" <<'RULE'
Verdict Apply(ref Frame frame)
{
    if (frame.TryGetTcp(out var tcp) && tcp.Syn)
        tcp.Options.Strip(TcpOptionKind.UserTimeout);
    return Verdict.Continue;
}
RULE
    cat >"$WORK/ten/${number}2-drop-telnet.csx" <<'RULE'
Verdict Apply(ref Frame frame) =>
    frame.TryGetTcp(out var tcp) && tcp.DestinationPort == 23 ? Verdict.Drop : Verdict.Continue;
RULE
    cat >"$WORK/ten/${number}3-drop-chargen.csx" <<'RULE'
Verdict Apply(ref Frame frame) =>
    frame.TryGetUdp(out var udp) && udp.DestinationPort == 19 ? Verdict.Drop : Verdict.Continue;
RULE
    cat >"$WORK/ten/${number}4-count-arp.csx" <<'RULE'
long seen = 0;

void Apply(ref Frame frame)
{
    if (frame.TryGetArp(out _))
        seen++;
}
RULE
    cat >"$WORK/ten/${number}5-drop-from-documentation.csx" <<'RULE'
readonly Ipv4Address source = Ipv4Address.Parse("203.0.113.9");

Verdict Apply(ref Frame frame) =>
    frame.TryGetIpv4(out var ip) && ip.Source == source ? Verdict.Drop : Verdict.Continue;
RULE
  done
}
