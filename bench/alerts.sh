#!/usr/bin/env bash
# Alerts that are taken in a second, each stored before it is answered, beside a bare Kestrel that writes the same bytes to the same kind of store (SQLite).
# Prints a Markdown table; docs/performance.md says what it means.
#
#   bench/alerts.sh [ROUNDS] [SECONDS]     3 rounds of 5 s; the contenders take turns
#
# Then 10,000 alerts of 50 keys come within a minute, while a page is asked for 100 times a second: how long it takes then, and without them, and what became of the alerts.
#
# From the environment: PORT (18500), APP (a published app to take instead of publishing one).
# Needs dotnet and curl. The load shares the cores with the servers, and the app works on what it takes meanwhile; so read the ratio.
set -euo pipefail
export LC_ALL=C DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

rounds=${1:-3} seconds=${2:-5} port=${PORT:-18500}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
pids=()

finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
    rm -rf -- "$work"
}
trap finish EXIT

case $(uname -m) in aarch64 | arm64) arch=arm64 ;; *) arch=amd64 ;; esac
app=${APP:-$work/app}
if [[ -z ${APP:-} ]]; then
    dotnet publish "$root/StatusPage.Web" --configuration Release --arch "$arch" --artifacts-path "$work/build" --output "$app" --verbosity quiet >&2
fi
dotnet build "$root/bench/Alerts" --configuration Release --artifacts-path "$work/alerts" --verbosity quiet --nologo >&2
bench=$work/alerts/bin/Alerts/release/Alerts.dll

(cd -- "$app" && exec dotnet StatusPage.Web.dll --urls "http://127.0.0.1:$port" --DataDirectory "$work/data") >"$work/app.log" 2>&1 &
pids+=($!)
dotnet "$bench" serve $((port + 1)) "$work/reference.db" >"$work/reference.log" 2>&1 &
pids+=($!)
for _ in $(seq 600); do curl -fsS -o /dev/null "http://127.0.0.1:$port/healthz/ready" 2>/dev/null && break; sleep 0.1; done
mapfile -t made < <(cd -- "$app" && dotnet StatusPage.Web.dll alertsource create --source generic --name bench --DataDirectory "$work/data")

echo "| round | bare Kestrel, events a second, median / p99 ms | app, events a second, median / p99 ms | ratio |"
echo "|---:|---|---|---:|"
for round in $(seq "$rounds"); do
    read -r bare bare_median bare_p99 < <(dotnet "$bench" load "http://127.0.0.1:$((port + 1))/" none "$seconds")
    read -r ours ours_median ours_p99 < <(dotnet "$bench" load "http://127.0.0.1:$port${made[0]}" "${made[1]}" "$seconds")
    echo "| $round | $bare, $bare_median / $bare_p99 | $ours, $ours_median / $ours_p99 | $(awk "BEGIN { printf \"%.2f\", $ours / $bare }") |"
done

read -r _ calm_median calm_p99 _ < <(dotnet "$bench" read "http://127.0.0.1:$port/" 100 20)
dotnet "$bench" pace "http://127.0.0.1:$port${made[0]}" "${made[1]}" 167 60 >"$work/storm" &
storm=$!
read -r _ median p99 _ < <(dotnet "$bench" read "http://127.0.0.1:$port/" 100 55)
wait "$storm"
read -r _ taken_median taken_p99 refused <"$work/storm"
echo
echo "| page, 100 requests a second | median / p99 ms |"
echo "|---|---|"
echo "| nothing else | $calm_median / $calm_p99 |"
echo "| 10,000 alerts within the minute | $median / $p99 |"
echo
echo "The alerts were answered in $taken_median ms in the median, $taken_p99 ms at p99; $refused were not taken."
