#!/usr/bin/env bash
# scripts/try-package.sh DEB  installs the package in a copy of this machine's file system that only this script sees, uses it, removes it,
# and fails if anything is left. Needs root, dpkg and overlayfs. Nothing outside changes.
set -euo pipefail

fail() { echo "try-package.sh: $1" >&2; exit 1; }
[ -f "${1-}" ] || fail "usage: scripts/try-package.sh DEB"
[ "$(id -u)" = 0 ] || fail "a file system of its own needs root: run it with sudo"
if [ -z "${FLUKE6_TRY-}" ]; then
  FLUKE6_TRY=$(mktemp -d)
  export FLUKE6_TRY
  trap 'rm -rf "$FLUKE6_TRY"' EXIT
  # Mounts, interfaces and processes end with these namespaces.
  unshare --mount --net --pid --fork --kill-child --propagation private "$0" "$1"
  exit
fi

mount -t tmpfs tmpfs "$FLUKE6_TRY"
mkdir "$FLUKE6_TRY"/{upper,work,root}
ROOT=$FLUKE6_TRY/root
mount -t overlay overlay -o "lowerdir=/,upperdir=$FLUKE6_TRY/upper,workdir=$FLUKE6_TRY/work" "$ROOT" || fail "this kernel has no overlayfs here"
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount -t tmpfs tmpfs "$ROOT/tmp"
# As on every machine; what others run on this one stands there, too.
mount -t tmpfs tmpfs "$ROOT/run"
cp "$1" "$ROOT/tmp/fluke6.deb"
# A runtime or an SDK that this machine has is none of the package's.
mkdir "$ROOT/tmp/empty"
for dotnet in /usr/share/dotnet /usr/lib/dotnet "$HOME/.dotnet"; do
  [ ! -d "$ROOT$dotnet" ] || mount --bind "$ROOT/tmp/empty" "$ROOT$dotnet"
done

chroot "$ROOT" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp LANG=C.UTF-8 bash -euo pipefail <<'INSIDE'
step() { echo "$*"; }
step "installs: $(dpkg -i /tmp/fluke6.deb | tail -n 1)"
step "version: $(fluke6 --version)"
step "checks: $(fluke6 check /usr/share/fluke6/examples | tail -n 1)"
# Machines with one processor make no list and use none.
methods=/usr/lib/fluke6/compiler.methods
if [ "$(nproc)" -gt 1 ]; then
  [ -s "$methods" ] || { echo "no list of the compiler's methods"; exit 1; }
  echo none >"$methods"
  step "with a list that is none: $(FLUKE6_CACHE=off fluke6 check /usr/share/fluke6/examples/tcp-clamp-mss.csx)"
fi
step "tests: $(fluke6 test /usr/share/fluke6/examples/tcp-clamp-mss.csx | tail -n 1)"
for page in fluke6 fluke6-bridge fluke6-replay; do [ -s "/usr/share/man/man1/$page.1.gz" ] || { echo "no manual page $page"; exit 1; }; done
. /usr/share/bash-completion/completions/fluke6
complete -p fluke6 >/dev/null
ip link set lo up
ip link add port0 type veth peer name host0
ip link add port1 type veth peer name host1
for link in port0 host0 port1 host1; do ip link set "$link" up; done
cat >/etc/fluke6/lab.json <<'JSON'
{ "left": "port0", "right": "port1", "rules": ["/usr/share/fluke6/examples/tcp-clamp-mss.csx"] }
JSON
step "forwards: $(fluke6 bridge --config /etc/fluke6/lab.json --headless --stats json --duration 0.2 | grep -o '"type":"ready","left":"port0","right":"port1"')"
rm /etc/fluke6/lab.json
dpkg -P fluke6 >/dev/null
step "removed: $(command -v fluke6 || echo yes)"
INSIDE

# What dpkg writes of every package is its own.
left=$(cd "$FLUKE6_TRY/upper" &&
  find . -mindepth 1 \( ! -type d -o -name '*fluke6*' \) ! -path './var/lib/dpkg/*' ! -path './var/log/*' ! -path './var/cache/*' -print)
[ -z "$left" ] || fail "left behind: $left"
[ ! -e "$ROOT/run/fluke6" ] || fail "left behind: /run/fluke6"
echo "nothing is left"
