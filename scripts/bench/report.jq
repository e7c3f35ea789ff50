# The table of bench.sh: medians, and in brackets the median of the pairs' ratios to the base, such as the C loop, of the same pair.

def median: sort | if length == 0 then null elif length % 2 == 1 then .[length / 2 | floor] else (.[length / 2] + .[length / 2 - 1]) / 2 end;
def fixed($digits): pow(10; $digits) as $unit | . * $unit | round | . / $unit | tostring
    | if $digits == 0 then . else (if contains(".") then . else . + "." end) as $text
        | $text + ("0" * ($digits - ($text | split(".")[1] | length)) // "") end;
def short: if . == null then "n/a" elif . >= 100 then fixed(0) elif . >= 10 then fixed(1) elif . >= 0.1 then fixed(2) else fixed(4) end;

def values: {
    bulk: .run.bulk, frames: .run.frames, cpu: .run.cpu, memory: .run.memory,
    median: (.run.median - .direct.median), percentile: (.run.percentile - .direct.percentile) };
def column($name): map(values[$name]) | map(numbers) | median;
def ratio($name):
    map(({run: .contender, direct} | values[$name]) as $mine | ({run: .base, direct} | values[$name]) as $theirs
        | select($mine != null and $theirs != null and $theirs > 0) | $mine / $theirs) | median;

def cell($rows; $name):
    ($rows | map({run: .contender, direct}) | column($name)) as $value
    | if $value == null then "n/a" else "\($value | short) (\($rows | ratio($name) | short))" end;

def title: {
    "c-loop": "C loop (poll, read, write)",
    "packet-loop": "C loop on packet sockets (poll, recvmmsg, sendmmsg)",
    "packet-loop-no-tags": "C loop on packet sockets that loses VLAN tags",
    "fluke6-packet-examples": "Fluke6, packet ports on veth, the example chain, --fast-path off",
    "fluke6-flows-off": "Fluke6, no rule, no flow table",
    "fluke6-million": "Fluke6, no rule, a million flows",
    "fluke6": "Fluke6, no rule", "fluke6-examples": "Fluke6, the example chain", "fluke6-ten": "Fluke6, ten rules",
    "fluke6-packet": "Fluke6, packet ports on veth, no rule, --fast-path off",
    "fluke6-fast": "Fluke6, packet ports on veth, three SYN rules, --fast-path require",
    "bridge": "kernel bridge on veth", "bridge-nft": "kernel bridge, nftables `reset tcp option sack-perm`",
    "scapy": "scapy `bridge_and_sniff` [1]", "tcpbridge": "tcpbridge [1]" }[.];

. as $all
| ["bulk", "frames", "cpu", "memory", "median", "percentile"] as $columns
| "\($machine); \($kernel); \($date)",
  "",
  "| path between two hosts | pairs | bulk TCP, Gbit/s | 60-byte frames/s | CPU, ns/frame | memory, MiB | added round trip, µs: median | 99th percentile |",
  "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
  "| \($base | title) | \($all | length) | " + ($columns | map(. as $name
      | $all | map({run: .base, direct}) | column($name) | short) | join(" | ")) + " |",
  ($order | split(" ")[] | . as $name | ($all | map(select(.name == $name))) as $rows
      | if $rows == [] then "| \($name | title) | 0 | failed | | | | | |" else
        "| \($name | title) | \($rows | length) | " + ($columns | map(cell($rows; .)) | join(" | ")) + " |" end),
  "",
  "Medians; in brackets the median of the pairs' ratios to the \($base | title) that ran just before, with offload on.",
  "Bulk TCP: one iperf3 stream (cubic), at the receiver. Frames: sent as fast as one core can, counted at the receiver; CPU: user and system time of",
  "the forwarding process over those (a kernel bridge has none: it works on the sender's core); memory: what of that process is resident then. Added round trip: ICMP echo, one at a",
  "time, minus that of the same hosts on one veth pair (\($all | map(.direct.median) | median | short) and \($all | map(.direct.percentile) | median | short) µs).",
  "Echo replies that did not come: \($all | map(.contender.lost) | add).",
  (if $all | any(.name == "scapy" or .name == "tcpbridge")
      then "[1] Run with tx, tso, gso and gro switched off at both hosts: it passes on neither partial checksums nor super-segments." else empty end)
