#!/usr/bin/env bash
# scripts/try-service.sh DEB  does what README.md shows under "As a service", line by line, where systemd runs as on a machine of its own: in a
# copy of this machine's file system that only this script sees. Prints each line and what it says. Needs root, overlayfs and systemd-nspawn
# (apt-get install systemd systemd-container); ends with status 77 where systemd does not start. Nothing outside changes.
set -euo pipefail

fail() { echo "try-service.sh: $1" >&2; exit "${2-1}"; }
[ -f "${1-}" ] || fail "usage: scripts/try-service.sh DEB"
[ "$(id -u)" = 0 ] || fail "a file system of its own needs root: run it with sudo"
command -v systemd-nspawn >/dev/null || fail "systemd-nspawn is missing: apt-get install systemd-container" 77
[ -x /lib/systemd/systemd ] || fail "systemd is missing: apt-get install systemd" 77
if [ -z "${FLUKE6_TRY-}" ]; then
  FLUKE6_TRY=$(mktemp -d)
  export FLUKE6_TRY
  trap 'rm -rf "$FLUKE6_TRY"' EXIT
  # Mounts and processes end with these namespaces.
  unshare --mount --pid --fork --kill-child --mount-proc --propagation private "$0" "$1" && exit || exit
fi

mount -t tmpfs tmpfs "$FLUKE6_TRY"
mkdir "$FLUKE6_TRY"/{upper,work,root}
ROOT=$FLUKE6_TRY/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$FLUKE6_TRY/upper,workdir=$FLUKE6_TRY/work" "$ROOT" || fail "this kernel has no overlayfs here" 77
# systemd-nspawn's own notes are not for this machine.
mkdir -p /run/systemd && mount -t tmpfs tmpfs /run/systemd
mkdir -p "$ROOT/try/artifacts"
cp "$1" "$ROOT/try/artifacts/fluke6_0.1.0_amd64.deb"
sed -n '/^    dpkg -i artifacts/,/^    dpkg -P fluke6/ s/^    //p' "$(dirname "$0")/../README.md" >"$ROOT/try/lines"

cat >"$ROOT/try/run" <<'INSIDE'
#!/bin/bash
cd /try
export TERM=xterm HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
# pings COMMAND: how many of the pings between both hosts, a hundred a second, are lost while the command is done.
pings() {
  for host in 1 2; do
    ip netns add "h$host"
    ip link set "host$host" netns "h$host"
    ip -n "h$host" link set "host$host" up
    ip -n "h$host" address add "10.0.0.$host/24" dev "host$host"
  done
  passes() { ip netns exec h1 ping -n -q -c 1 -W 60 10.0.0.2 >/dev/null; }
  passes
  ip netns exec h1 stdbuf -oL ping -n -i 0.01 10.0.0.2 >/try/ping &
  until grep -qs icmp_seq=20 /try/ping; do sleep 0.1; done
  bash -euo pipefail -c "$1"
  # Comes after all that waited. Those that are on their way now do not count.
  passes
  kill -INT $!
  wait $! || true
  awk -F'[= ]' '/icmp_seq/ { n++; if ($6 > last) { if ($6 > last + 1) printf "pings %d to %d are lost\n", last + 1, $6 - 1; last = $6 } if ($10 > longest) longest = $10 }
    END { printf "pings: %d answered, %d lost, the longest took %d ms\n", n, last - n, longest }' /try/ping
}
export -f pings
while read -r line; do
  command=${line%%  #*}
  command=${command%"${command##*[![:space:]]}"}
  echo "> $command"
  case $command in
    # At a terminal, where somebody looks until there is something to see, and presses q.
    "fluke6 attach") command='looks() { until grep -q eth1 /try/screen; do sleep 0.2; done; printf q; sleep 60; }; >/try/screen
      timeout 60 script -qec "stty rows 24 columns 80; fluke6 attach" /dev/null < <(looks) >/try/screen' ;;
    "systemctl restart "*) command="pings '$command'" ;;
  esac
  if ! bash -euo pipefail -c "$command" </dev/null; then
    echo "FAILED: $command"
    journalctl -b --no-pager -u 'fluke6@*' | tail -n 30
    exit 1
  fi
done <lines
echo "all lines done"
INSIDE
cat >"$ROOT/etc/systemd/system/try.service" <<'UNIT'
[Unit]
After=basic.target
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Type=oneshot
ExecStart=/bin/bash /try/run
StandardOutput=file:/try/said
StandardError=file:/try/said
UNIT
timeout 300 systemd-nspawn --quiet --register=no --keep-unit --private-network --console=pipe --directory="$ROOT" --boot systemd.unit=try.service \
  </dev/null >"$FLUKE6_TRY/boot" 2>&1 || true
[ -f "$ROOT/try/said" ] || { tail -n 20 "$FLUKE6_TRY/boot" >&2; fail "systemd does not start here" 77; }
cat "$ROOT/try/said"
grep -q '^all lines done$' "$ROOT/try/said" || { tail -n 20 "$FLUKE6_TRY/boot" >&2; fail "a line failed"; }
left=$(cd "$FLUKE6_TRY/upper" && find . -mindepth 1 ! -path './try*' ! -path './var/lib/dpkg/*' ! -path './var/log/*' ! -path './var/cache/*' \
  ! -path './run/*' -iname '*fluke6*' ! -type c -print)
[ -z "$left" ] || fail "left behind: $left"
echo "nothing is left"
