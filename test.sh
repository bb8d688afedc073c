#!/usr/bin/env bash
# Runs every test, with a real PostgreSQL, PgBouncer, Redis, nginx, Prometheus, Alertmanager, mail server and browser.
# The last line printed is the totals alone: "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")"

give_up() { echo "$1" >&2; exit 1; }

command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.' \
  || give_up "Missing: the .NET 10 SDK. Install it from https://dotnet.microsoft.com/download/dotnet/10.0 and run ./test.sh again."

missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing+=(postgresql)
command -v pgbouncer >/dev/null || [ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx)
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
command -v prometheus >/dev/null || missing+=(prometheus)
command -v prometheus-alertmanager >/dev/null || missing+=(prometheus-alertmanager)
command -v smtp-sink >/dev/null || [ -x /usr/sbin/smtp-sink ] || missing+=(postfix)
if [ ${#missing[@]} -gt 0 ]; then
  as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null && sudo -n true 2>/dev/null || give_up "Missing: ${missing[*]}. Install with: sudo apt-get install ${missing[*]}"
    as_root=(sudo -n)
  fi
  command -v apt-get >/dev/null || give_up "Missing: ${missing[*]}. There is no apt-get here; install them another way and run ./test.sh again."
  # The tests start servers of their own; those of the packages stay off.
  {
    "${as_root[@]}" apt-get update -qq &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${missing[@]}"
  } >/dev/null 2>&1 \
    || give_up "Missing: ${missing[*]}. apt-get could not install them."
fi

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
# Debug compiles faster, and most of the time goes to real servers anyway. Warnings are errors in every build of this solution.
dotnet build StatusPage.sln --configuration Debug --verbosity quiet --nologo

log=$(mktemp)
trap 'rm -f "$log"' EXIT
code=0
dotnet test StatusPage.sln --configuration Debug --no-build 2>&1 | tee "$log" || code=$?

count() { sed -n "s/^ *$1: *\([0-9][0-9]*\)$/\1/p" "$log" | tail -n 1; }
passed=$(count succeeded) failed=$(count failed)
[ -n "$passed" ] && [ -n "$failed" ] || give_up "The test run ended without a summary."
[ "$failed" -eq 0 ] || [ "$code" -ne 0 ] || code=1
# The failures once more, at the end, where they are found.
grep -A 12 '^ *failed ' "$log" | cut -c 1-300 | head -n 200 || true
echo "$passed passed, $failed failed"
exit "$code"
