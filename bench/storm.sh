#!/usr/bin/env bash
# What an alert storm through the API costs: open incidents by the thousand, on SQLite. Prints a Markdown table; docs/performance.md says what it means.
#
#   bench/storm.sh [INCIDENTS]     2000; the rows are at 100, 200, 700, 1000, 1500, 2000, 3000 and 5000
#
# From the environment: PORT (18400), APP (a published app to take instead of publishing one).
# Needs dotnet and curl. The load shares the cores with the app.
set -euo pipefail
export LC_ALL=C DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

incidents=${1:-2000} port=${PORT:-18400}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
pid=

finish() {
    [[ -z $pid ]] || { kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; }
    rm -rf -- "$work"
}
trap finish EXIT

case $(uname -m) in aarch64 | arm64) arch=arm64 ;; *) arch=amd64 ;; esac
app=${APP:-$work/app}
if [[ -z ${APP:-} ]]; then
    dotnet publish "$root/StatusPage.Web" --configuration Release --arch "$arch" --artifacts-path "$work/build" --output "$app" --verbosity quiet >&2
fi
dotnet build "$root/bench/Storm" --configuration Release --artifacts-path "$work/storm" --verbosity quiet --nologo >&2

run() { (cd -- "$app" && exec dotnet StatusPage.Web.dll "$@"); }
(
    cd -- "$app" &&
        exec dotnet StatusPage.Web.dll --urls "http://127.0.0.1:$port" --DataDirectory "$work/data" --Limits:ApiRequestsPerMinute 1000000
) >"$work/app.log" 2>&1 &
pid=$!
for _ in $(seq 600); do curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz/ready" 2>/dev/null && break; sleep 0.1; done
key=$(run apikey create --name storm --role comms --DataDirectory "$work/data" | tail -1)
dotnet "$work"/storm/bin/Storm/release/Storm.dll "http://127.0.0.1:$port" "$key" "$pid" "$incidents"
