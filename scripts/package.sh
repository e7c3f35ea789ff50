#!/usr/bin/env bash
# Makes, in artifacts/:
#   fluke6_VERSION_ARCH.deb        the program with its own .NET runtime and machine code, manual pages, completion, a systemd unit, the examples
#   fluke6.VERSION.nupkg           the program for: dotnet tool install fluke6
#   Fluke6.Library.VERSION.nupkg   rules in one's own tests and programs: docs/library.md
# Needs .NET 10's SDK, dpkg-deb and NuGet; installs nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

fail() { echo "package.sh: $1" >&2; exit 1; }
command -v dpkg-deb >/dev/null || fail "dpkg-deb is missing: apt-get install dpkg"
command -v dotnet >/dev/null || fail ".NET 10's SDK is missing: apt-get install dotnet-sdk-10.0"

ARCHITECTURE=$(dpkg --print-architecture)
case $ARCHITECTURE in
  amd64) RUNTIME=linux-x64 ;;
  arm64) RUNTIME=linux-arm64 ;;
  *) fail "there is no .NET runtime for $ARCHITECTURE; amd64 and arm64 have one" ;;
esac
VERSION=$(dotnet msbuild src/Fluke6/Fluke6.csproj -getProperty:Version)
# As old as the commit: the same sources make the same files, all but the list of methods (MethodProfile), which is of one run.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Directory.Build.props)}
export SOURCE_DATE_EPOCH
DATE=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
ROOT=$WORK/root
OUTPUT=artifacts
mkdir -p "$OUTPUT"

# run_dotnet WHAT ARGUMENT...: in a folder of its own, so that nobody's build is disturbed.
run_dotnet() {
  dotnet "${@:2}" -c Release -v quiet --nologo --artifacts-path "$WORK/build" >"$WORK/log" 2>&1 ||
    { grep -E 'error' "$WORK/log" | sort -u >&2; fail "$1 cannot be made"; }
}
run_dotnet "the program" publish src/Fluke6/Fluke6.csproj -r "$RUNTIME" --self-contained \
  -p:DebugType=none -p:GenerateDocumentationFile=false -o "$ROOT/usr/lib/fluke6"
for project in Fluke6 Fluke6.Library; do run_dotnet "the package of $project" pack "src/$project/$project.csproj" -o "$OUTPUT"; done
FLUKE6=$ROOT/usr/lib/fluke6/fluke6

# The examples stand where a reader looks for them.
mkdir -p "$ROOT/usr/share/fluke6"
mv "$ROOT/usr/lib/fluke6/examples" "$ROOT/usr/share/fluke6/examples"
ln -s ../../share/fluke6/examples "$ROOT/usr/lib/fluke6/examples"
mkdir -p "$ROOT/usr/bin"
ln -s ../lib/fluke6/fluke6 "$ROOT/usr/bin/fluke6"

install -D -m 644 packaging/fluke6@.service "$ROOT/usr/lib/systemd/system/fluke6@.service"
install -D -m 644 packaging/example.json "$ROOT/etc/fluke6/example.json"
mkdir -p "$ROOT/etc/fluke6/rules"
install -D -m 644 packaging/completions/fluke6.bash "$ROOT/usr/share/bash-completion/completions/fluke6"
install -D -m 644 packaging/completions/_fluke6 "$ROOT/usr/share/zsh/vendor-completions/_fluke6"
install -D -m 644 packaging/completions/fluke6.fish "$ROOT/usr/share/fish/vendor_completions.d/fluke6.fish"
install -D -m 644 packaging/lintian-overrides "$ROOT/usr/share/lintian/overrides/fluke6"
install -D -m 644 README.md "$ROOT/usr/share/doc/fluke6/README.md"
cp docs/*.md docs/*.txt "$ROOT/usr/share/doc/fluke6/"
install -D -m 644 LICENSE "$ROOT/usr/share/doc/fluke6/copyright"
printf 'fluke6 (%s) unstable; urgency=medium\n\n  * As docs/CHANGELOG.md says.\n\n -- The Fluke6 authors <fluke6@fluke6.invalid>  %s\n' \
  "$VERSION" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")" | gzip -9n >"$ROOT/usr/share/doc/fluke6/changelog.gz"

manual_page() {
  "$FLUKE6" "${@:2}" --help | awk -v name="$1" -v version="$VERSION" -v date="$DATE" -f packaging/man.awk | gzip -9n \
    >"$ROOT/usr/share/man/man1/$1.1.gz"
}
mkdir -p "$ROOT/usr/share/man/man1"
manual_page fluke6
for command in $("$FLUKE6" --help | awk '/^Commands:/ { on = 1; next } on && /^  [a-z]/ { print $1 } on && /^$/ { exit }'); do
  manual_page "fluke6-$command" "$command"
done

find "$ROOT" -type d -exec chmod 755 {} +
find "$ROOT" -type f -exec chmod 644 {} +
chmod 755 "$FLUKE6" "$ROOT"/usr/lib/fluke6/{Fluke6.Scripting,createdump}
mkdir "$ROOT/DEBIAN"
cat >"$ROOT/DEBIAN/control" <<CONTROL
Package: fluke6
Version: $VERSION
Architecture: $ARCHITECTURE
Maintainer: The Fluke6 authors <fluke6@fluke6.invalid>
Installed-Size: $(du -sk --exclude=DEBIAN "$ROOT" | cut -f1)
Depends: libc6, libgcc-s1, libstdc++6, libssl3t64 | libssl3
Recommends: iproute2
Suggests: wireshark, tcpdump
Section: net
Priority: optional
Description: programmable bump in the wire
 Bridges two ports (TAP, TUN or an existing interface) and runs every frame
 through a chain of C# scripts that may drop it, rewrite it, answer it or send
 others. Save a script and it is live. For experiments on one's own network:
 TCP option negotiation, IPv6 neighbour discovery, DNS, tunnels.
CONTROL
echo /etc/fluke6/example.json >"$ROOT/DEBIAN/conffiles"
cat >"$ROOT/DEBIAN/postrm" <<'POSTRM'
#!/bin/sh
set -e
# Where the control sockets of bridges stood that root started by hand.
if [ "$1" = purge ] && [ -d /run/fluke6 ]; then
  rmdir --ignore-fail-on-non-empty /run/fluke6
fi
POSTRM
chmod 755 "$ROOT/DEBIAN/postrm"
(cd "$ROOT" && find usr etc -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
DEB=$OUTPUT/fluke6_${VERSION}_$ARCHITECTURE.deb
dpkg-deb --root-owner-group --build "$ROOT" "$DEB" >/dev/null
printf '%s\n' "$DEB" "$OUTPUT/fluke6.$VERSION.nupkg" "$OUTPUT/Fluke6.Library.$VERSION.nupkg"
