#!/usr/bin/env bash
# ./run.sh [COMMAND...]  builds fluke6 if its sources are newer, then becomes it; without a command: fluke6 lab.
# ./run.sh test          installs what the project's own tests need, and runs all of them.
# ./run.sh test PATH...  the tests beside rules, as fluke6 test.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
configuration=Release
program="$here/artifacts/fluke6/fluke6"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

fail() {
  echo "run.sh: $*" >&2
  exit 1
}

require_dotnet() {
  if ! command -v dotnet >/dev/null 2>&1 && [ -x "$HOME/.dotnet/dotnet" ]; then
    PATH="$HOME/.dotnet:$PATH"
    export DOTNET_ROOT="$HOME/.dotnet"
  fi
  command -v dotnet >/dev/null 2>&1 && dotnet --list-sdks 2>/dev/null | grep -q '^10\.' ||
    fail ".NET 10's SDK is missing: 'apt install dotnet-sdk-10.0', or see https://dotnet.microsoft.com/download/dotnet/10.0"
}

# Machine code for the start comes from a compiler that NuGet has; where that cannot be had, the program starts without.
make_command() {
  publish || { grep -qiE 'crossgen|NU1301' "$started.log" && publish -p:PublishReadyToRun=false; }
}

publish() {
  dotnet publish "$here/src/Fluke6/Fluke6.csproj" -c "$configuration" --use-current-runtime -v quiet --nologo -o "$here/artifacts/fluke6" "$@"
}

make_tests() {
  dotnet build "$here/Fluke6.sln" -c "$configuration" -v quiet --nologo
}

# build WHAT DIRECTORY...: unless the stamp is newer than everything there. The lock: two at once would write the same files.
build() {
  what=$1
  stamp="$here/artifacts/$what.stamp"
  shift
  newer=$(cd "$here" && find "$@" Directory.Build.props Directory.Packages.props global.json \
    \( -name bin -o -name obj \) -prune -o -newer "$stamp" -type f -print -quit 2>/dev/null || echo never built)
  [ -e "$stamp" ] && [ -z "$newer" ] && return

  require_dotnet
  mkdir -p "$here/artifacts"
  (
    flock 9
    # At a terminal only: a program that reads the error output wants to read fluke6's.
    [ ! -t 2 ] || echo "run.sh: building; the first time takes about a minute" >&2
    started=$(mktemp "$here/artifacts/build.XXXXXX")
    trap 'rm -f "$started" "$started.log"' EXIT
    if ! "make_$what" >"$started.log" 2>&1; then
      grep -E 'error|warning' "$started.log" | sort -u >&2 || cat "$started.log" >&2
      exit 1
    fi
    # As old as the build's beginning: what was saved since then is newer.
    touch -r "$started" "$stamp"
  ) 9>"$here/artifacts/build.lock" || fail "the build failed"
}

# Packages that provide the commands which are missing.
missing_packages() {
  while read -r tool package; do
    command -v "$tool" >/dev/null 2>&1 || echo "$package"
  done <<'TOOLS' | sort -u
ip iproute2
ss iproute2
bridge iproute2
tc iproute2
ping iputils-ping
iperf3 iperf3
tcpdump tcpdump
tmux tmux
tshark tshark
ndisc6 ndisc6
udhcpc udhcpc
dhcpcd dhcpcd-base
openssl openssl
rdisc6 ndisc6
radvd radvd
ethtool ethtool
arping iputils-arping
nc netcat-openbsd
curl curl
dig bind9-dnsutils
dnsmasq dnsmasq-base
nstat iproute2
unshare util-linux
script bsdutils
sysctl procps
setpriv util-linux
systemd-nspawn systemd-container
TOOLS
}

install_test_tools() {
  # The daemons' and capture tools' commands stand where an ordinary user's PATH does not look.
  PATH="$PATH:/usr/sbin:/sbin"
  packages=$(missing_packages | tr '\n' ' ')
  [ -z "$packages" ] && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "run.sh: installing $packages" >&2
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086  # a list of words
    { apt-get install -qq -y --no-install-recommends $packages ||
      { apt-get update -qq && apt-get install -qq -y --no-install-recommends $packages; }; } >/dev/null </dev/null ||
      echo "run.sh: could not install all of $packages; tests that need them are skipped" >&2
  else
    echo "run.sh: tests that need these are skipped, install them: $packages" >&2
  fi
}

# Teredo's client and server, unpacked where only tests find them: installed, they would be daemons and give this machine a tunnel.
fetch_miredo() {
  root="$here/artifacts/miredo"
  [ -x "$root/usr/sbin/miredo" ] && return
  command -v apt-get >/dev/null 2>&1 && command -v dpkg >/dev/null 2>&1 || return 0
  packages=$(mktemp -d)
  chmod 755 "$packages"
  (
    cd "$packages"
    set -- miredo miredo-server libjudydebian1
    { apt-get download -qq "$@" || { apt-get update -qq && apt-get download -qq "$@"; }; } >/dev/null 2>&1 </dev/null || exit 1
    for package in *.deb; do dpkg -x "$package" unpacked || exit 1; done
    mkdir -p "$here/artifacts"
    rm -rf "$root"
    mv unpacked "$root"
  ) || echo "run.sh: could not fetch miredo; the tests that need it are skipped" >&2
  rm -rf "$packages"
}

# run_test_project NAME [FILTER...]. A test project is a program; its exit status tells failure from a crash that leaves no results. Where these
# tests run in the background, the shell has told it to ignore signals that tests send to programs.
run_test_project() {
  echo "== $*"
  name=$1
  shift
  status=0
  result=$(mktemp "$results/$name.XXXXXX.xml")
  env --default-signal=INT,HUP,QUIT "$here/tests/$name/bin/$configuration/net10.0/$name" -noLogo -noColor "$@" -result-xml "$result" || status=1
  [ -s "$result" ] || { echo "run.sh: $name ended without results" >&2; status=1; }
  return "$status"
}

# Three lanes side by side, of about the same length: their tests wait for hosts, terminals and starts most of the time.
traffic='Fluke6.Command.Tests.EndToEnd' documents='Fluke6.Command.Tests.Documents' packaging='Fluke6.Command.Tests.Packaging'
faults="$traffic.HangTests" crashes="$traffic.SuperviseTests"

run_lane() {
  failed=0
  case $1 in
    traffic) run_test_project Fluke6.Tests -namespace "$traffic" -class- "$faults" -class- "$crashes" || failed=1 ;;
    screen)
      run_test_project Fluke6.Dashboard.Tests || failed=1
      run_test_project Fluke6.Tests -namespace "$documents" -namespace "$packaging" || failed=1
      ;;
    rest)
      run_test_project Fluke6.Tests -namespace- "$traffic" -namespace- "$documents" -namespace- "$packaging" || failed=1
      run_test_project Fluke6.Tests -class "$faults" -class "$crashes" || failed=1
      for project in "$here"/tests/*.Tests/*.csproj; do
        other=$(basename "$project" .csproj)
        case $other in Fluke6.Tests | Fluke6.Dashboard.Tests) ;; *) run_test_project "$other" || failed=1 ;; esac
      done
      ;;
  esac
  return "$failed"
}

run_tests() {
  install_test_tools
  fetch_miredo
  build tests src tests examples
  # Most rules of tests are there once only; those tests that are about the cache give it a folder.
  export FLUKE6_CACHE=off
  results=$(mktemp -d)
  trap 'rm -rf "$results"' EXIT
  broken=0
  running=
  for lane in screen rest; do
    run_lane "$lane" >"$results/$lane.txt" 2>&1 &
    running="$running $!"
  done
  run_lane traffic || broken=1
  for lane in $running; do
    wait "$lane" || broken=1
  done
  cat "$results/screen.txt" "$results/rest.txt"
  cat "$results"/*.xml /dev/null | summarize || broken=1
  exit "$broken"
}

# Adds up what xUnit counts per assembly.
summarize() {
  grep -o '<assembly [^>]*>' | awk '
    function count(name) { return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4) : 0 }
    { passed += count("passed"); failed += count("failed") + count("errors"); skipped += count("skipped") }
    END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 || passed == 0 }'
}

if [ "${1-}" = test ] && [ $# -eq 1 ]; then
  run_tests
fi

build command src examples
[ $# -gt 0 ] || set -- lab
command -v dotnet >/dev/null 2>&1 || require_dotnet
exec "$program" "$@"
