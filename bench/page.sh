#!/usr/bin/env bash
# How fast the public page is, beside nginx and a bare Kestrel that serve the very same bytes with the same headers.
# Prints a Markdown table; docs/performance.md says what its rows mean.
#
#   bench/page.sh [FOLDER]     FOLDER keeps the builds and the raw figures; without it they go to a temporary one
#
# From the environment: ROUNDS (5), DURATION of one run in seconds (5), SOAK in seconds (60), STARTS (7), POSTS to the large page (40),
# PORT (18300, and the four after it).
# Needs dotnet, nginx, wrk, curl. Everything listens on loopback. The load generator shares the cores with what it
# loads, so read the ratios; the contenders take turns, so that a busy moment of the machine hits all of them.
set -euo pipefail
export LC_ALL=C DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

rounds=${ROUNDS:-5} duration=${DURATION:-5} soak=${SOAK:-60} starts=${STARTS:-7} posts=${POSTS:-40} port=${PORT:-18300}
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
pids=()
work=${1:-}
[[ -n $work ]] || { work=$(mktemp -d); temporary=1; }
mkdir -p -- "$work"
work=$(realpath -- "$work")

finish() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    [[ -z ${temporary:-} ]] || rm -rf -- "$work"
}
trap finish EXIT

say() { printf '%s\n' "$*" >&2; }
for tool in dotnet nginx wrk curl; do command -v "$tool" >/dev/null || { say "Missing: $tool"; exit 1; }; done

median() { sort -n | awk '{ v[NR] = $1 } END { if (NR) print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# --- builds: as the Dockerfile does it, ahead of time for this machine; under FOLDER, so that the work tree stays as it is
case $(uname -m) in aarch64 | arm64) arch=arm64 ;; *) arch=amd64 ;; esac
publish() {
    dotnet publish "$root/$1" --configuration Release --arch "$arch" --artifacts-path "$work/build" --output "$work/$2" --verbosity quiet >&2
}
say "Publishing..."
publish StatusPage.Web app
publish bench/BareKestrel bare
publish bench/Allocations allocations
publish bench/LargePage large

# --- the three contenders, and the app once more with a private page
app_port=$port bare_port=$((port + 1)) nginx_port=$((port + 2)) allocations_port=$((port + 3)) private_port=$((port + 4))

wait_for_port() {
    for _ in $(seq 600); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return; sleep 0.05; done
    say "Nothing listens on $1."
    exit 1
}

for p in "$app_port" "$bare_port" "$nginx_port" "$allocations_port" "$private_port"; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null; then say "Port $p is taken. Set PORT to the first of five free ones."; exit 1; fi
done

start_app() {
    (
        cd -- "$work/app" && exec dotnet StatusPage.Web.dll --urls "http://127.0.0.1:$app_port" --DataDirectory "$work/data" --Demo true
    ) >"$work/app.log" 2>&1 &
    app=$!
}

stop_app() { kill "$app" && { wait "$app" || true; } }

start_app
pids+=("$app")
wait_for_port "$app_port"
sleep 3 # until every document is made
app_url=http://127.0.0.1:$app_port/
curl -sSf -H 'Accept-Encoding: gzip' -D "$work/headers" -o "$work/body.gz" "$app_url"
tr -d '\r' <"$work/headers" | grep ': ' >"$work/fields"
tag=$(sed -n 's/^ETag: //p' "$work/fields")

# The same sample data behind the check: a reader with the cookie gets the page, a stranger does not.
rm -rf -- "$work/private-data"
cookie="Cookie: $(cd -- "$work/large" && dotnet LargePage.dll closed "$work/private-data" | tail -n 1)"
(cd -- "$work/app" && exec dotnet StatusPage.Web.dll --urls "http://127.0.0.1:$private_port" --DataDirectory "$work/private-data") >"$work/private.log" 2>&1 &
private=$!
pids+=("$private")
wait_for_port "$private_port"
sleep 3
private_url=http://127.0.0.1:$private_port/
[[ $(curl -s -o /dev/null -w '%{http_code}' "$private_url") == 401 ]] || { say "The private page is open."; exit 1; }
private_tag=$(curl -sSf -H 'Accept-Encoding: gzip' -H "$cookie" -D - -o /dev/null "$private_url" | tr -d '\r' | sed -n 's/^ETag: //p')

dotnet "$work/bare/BareKestrel.dll" "$bare_port" "$work/fields" "$work/body.gz" >"$work/bare.log" 2>&1 &
bare=$!
pids+=("$bare")

# gzip_static sends index.html.gz as it is. nginx's own ETag, Last-Modified and Vary give way to the app's, to be as many bytes.
mkdir -p -- "$work/nginx/html"
cp -- "$work/body.gz" "$work/nginx/html/index.html.gz"
gzip -dc <"$work/body.gz" >"$work/nginx/html/index.html"
{
    echo "daemon off; worker_processes 1; pid $work/nginx/pid; error_log stderr;"
    [[ $(id -u) -ne 0 ]] || echo "user root;"
    echo "events { worker_connections 1024; }"
    echo "http { access_log off; server_tokens off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; open_file_cache max=100;"
    echo "types { text/html html; } charset utf-8;"
    for folder in client_body proxy fastcgi uwsgi scgi; do echo "${folder}_temp_path $work/nginx/$folder;"; done
    echo "server { listen 127.0.0.1:$nginx_port; root $work/nginx/html; gzip_static on; etag off;"
    grep -vE '^(Date|Server|Content-Type|Content-Length|Content-Encoding|Last-Modified): ' "$work/fields" |
        sed -E "s/'/\\\\'/g; s/^([^:]+): (.*)\$/add_header \1 '\2';/"
    echo "} }"
} >"$work/nginx/nginx.conf"
nginx -e stderr -p "$work/nginx" -c "$work/nginx/nginx.conf" >"$work/nginx.log" 2>&1 &
nginx=$!
pids+=("$nginx")
wait_for_port "$bare_port"
wait_for_port "$nginx_port"
for p in "$bare_port" "$nginx_port"; do
    curl -sSf -H 'Accept-Encoding: gzip' "http://127.0.0.1:$p/" | cmp -s - "$work/body.gz" || { say "Port $p does not serve the app's bytes."; exit 1; }
done

# --- load
# CPU time of a process and its children, in clock ticks (fields 14 and 15 of /proc/PID/stat); nginx works in a child.
ticks() {
    local pid sum=0 part
    for pid in "$1" $(cat "/proc/$1/task/$1/children" 2>/dev/null); do
        part=$(sed 's/.*) //' "/proc/$pid/stat" | awk '{ print $12 + $13 }')
        sum=$((sum + part))
    done
    echo "$sum"
}
resident() { awk '/^VmRSS:/ { print $2 }' "/proc/$1/status"; }

# load NAME PID PORT SECONDS [HEADER]: appends "requests/s p99-ms cpu-us-per-request" to FOLDER/NAME.
load() {
    local name=$1 pid=$2 target=$3 seconds=$4 before after
    shift 4
    before=$(ticks "$pid")
    wrk -t1 -c64 -d"${seconds}s" --latency -H 'Accept-Encoding: gzip' "$@" "http://127.0.0.1:$target/" >"$work/wrk.out"
    after=$(ticks "$pid")
    if grep -qE 'Non-2xx|Socket errors' "$work/wrk.out"; then say "$name: $(grep -E 'Non-2xx|Socket errors' "$work/wrk.out")"; fi
    awk -v ticks="$((after - before))" -v hz="$(getconf CLK_TCK)" '
        function ms(t) { return t ~ /us$/ ? t / 1000 : t ~ /ms$/ ? t + 0 : t * 1000 }
        $1 == "99%" { p99 = ms($2) }
        /requests in/ { n = $1 }
        /^Requests\/sec/ { rate = $2 }
        END { printf "%d %.2f %.2f\n", rate, p99, ticks * 1000000 / hz / n }' "$work/wrk.out" >>"$work/$name.figures"
}
figure() { awk -v column="$2" '{ print $column }' "$work/$1.figures" | median; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }
# The ratio of each round, then the median: the runs of a round lie side by side in time.
paired() { paste -d' ' "$work/$1.figures" "$work/$2.figures" | awk -v c="$3" '{ printf "%.4f\n", $c / $(c + 3) }' | median | awk '{ printf "%.2f", $1 }'; }

rm -f -- "$work"/*.figures
say "Warming up..."
for _ in 1 2 3; do
    load warm "$app" "$app_port" 3
    load warm "$app" "$app_port" 3 -H "If-None-Match: $tag"
    load warm "$private" "$private_port" 3 -H "$cookie"
    load warm "$private" "$private_port" 3 -H "$cookie" -H "If-None-Match: $private_tag"
    load warm "$bare" "$bare_port" 3
    load warm "$bare" "$bare_port" 3 -H "If-None-Match: $tag"
done
load warm "$nginx" "$nginx_port" 2
for round in $(seq "$rounds"); do
    say "Round $round of $rounds..."
    load app200 "$app" "$app_port" "$duration"
    load private200 "$private" "$private_port" "$duration" -H "$cookie"
    load bare200 "$bare" "$bare_port" "$duration"
    load nginx200 "$nginx" "$nginx_port" "$duration"
    load app304 "$app" "$app_port" "$duration" -H "If-None-Match: $tag"
    load private304 "$private" "$private_port" "$duration" -H "$cookie" -H "If-None-Match: $private_tag"
    load bare304 "$bare" "$bare_port" "$duration" -H "If-None-Match: $tag"
done

say "Soaking for $soak s..."
rss_before=$(resident "$app")
load soak "$app" "$app_port" "$soak"
rss_after=$(resident "$app")

# --- the first view: the page and what it names, with the headers, in both codings
named() {
    gzip -dc <"$work/body.gz" | grep -oE '<(link rel="(stylesheet|icon)"|script|img|iframe)[^>]*' |
        grep -oE '(href|src)="[^"]+"' | sed -E 's/^[^"]*"([^"]*)"/\1/'
}
# Lists what the page or its style sheet would fetch from somewhere else.
foreign() {
    local path
    named | grep -E '^([a-z]+:|//)' || true
    for path in $(named | grep '\.css$' || true); do curl -sSf "${app_url%/}$path" | grep -oE '@import[^;]*|url\([^)]*\)' || true; done
}
others=$(foreign | wc -l)
view() {
    local path count=0 bytes=0 size
    for path in / $(named | grep '^/[^/]'); do
        size=$(curl -sSf -H "Accept-Encoding: $1" -o /dev/null -w '%{size_header} %{size_download}' "${app_url%/}$path")
        count=$((count + 1)) bytes=$((bytes + ${size% *} + ${size#* }))
    done
    echo "$count $bytes"
}
read -r requests gzip_bytes < <(view gzip)
read -r _ br_bytes < <(view br)

stop_app

# --- cold start: from the start of the process to the first 200, the data folder filled and the files in the disk's cache
say "Starting $starts times..."
first_200() {
    local line
    while true; do
        if exec 3<>"/dev/tcp/127.0.0.1/$app_port"; then
            printf 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
            read -r line <&3 || line=
            exec 3>&-
            [[ $line != *' 200 '* ]] || return 0
        fi
        kill -0 "$app" 2>/dev/null || { say "The app ended while it started:"; cat -- "$work/app.log" >&2; exit 1; }
        sleep 0.01
    done 2>/dev/null
}
for _ in $(seq "$starts"); do
    began=$EPOCHREALTIME
    start_app
    pids+=("$app")
    first_200
    ended=$EPOCHREALTIME
    echo "$(((${ended/./} - ${began/./}) / 1000)) $(($(ticks "$app") * 1000 / $(getconf CLK_TCK)))" >>"$work/start.figures"
    stop_app
done

say "Counting allocations..."
dotnet "$work/allocations/Allocations.dll" "$allocations_port" "$work/data" >"$work/allocations.out" 2>&1 ||
    { cat -- "$work/allocations.out" >&2; exit 1; }
allocated() { sed -n "s/^$1 \([0-9]*\)$/\1/p" "$work/allocations.out"; }

# --- a page that was busy for years
large() { (cd -- "$work/large" && exec dotnet LargePage.dll "$@"); }
years=5 incidents=3000 components=200
say "Seeding $incidents incidents..."
rm -rf -- "$work/large-data"
large seed "$work/large-data" "$years" "$incidents" "$components" >/dev/null
large held "$work/large-data" >"$work/held.out"
say "Posting $posts times..."
large posts "$work/large-data" "$posts" >"$work/posts.out"
held() { awk -v name="$1" '$1 == name { print $2 }' "$work/held.out"; }
megabytes() { awk -v bytes="$1" 'BEGIN { printf "%.1f", bytes / 1000000 }'; }
# The last lines belong to the posts; before them stands the start. Together they are the time from the ring of the bell to the new page.
sed -n 's/.*was read from the database in \([0-9]*\) ms.*/\1/p' "$work/posts.out" | tail -n "$posts" >"$work/read.figures"
sed -n 's/.*is public: [0-9]* documents in \([0-9]*\) ms.*/\1/p' "$work/posts.out" | tail -n "$posts" >"$work/shown.figures"
paste -d' ' "$work/read.figures" "$work/shown.figures" | awk '{ print $1 + $2, $1, $2 }' >"$work/rebuild.figures"
awk '$1 == "post" { print $2, $3 }' "$work/posts.out" >"$work/post.figures"

row() { printf '| %s | %s | %s |\n' "$@"; }
echo "| what | measured | target |"
echo "|---|---|---|"
row "200, gzip: app, requests/s" "$(figure app200 1) ($(figure app200 3) µs of CPU each)" ""
row "200, gzip: bare Kestrel" "$(figure bare200 1) ($(figure bare200 3) µs)" ""
row "200, gzip: nginx, one worker" "$(figure nginx200 1) ($(figure nginx200 3) µs)" ""
row "200, gzip: app / bare Kestrel" "$(paired app200 bare200 1) (bare / app in CPU: $(paired bare200 app200 3))" "≥ 0.95"
row "200, gzip: app / nginx" "$(paired app200 nginx200 1)" "≥ 0.75"
row "304: app / bare Kestrel" \
    "$(paired app304 bare304 1) (bare / app in CPU: $(paired bare304 app304 3); $(figure app304 1) / $(figure bare304 1) requests/s, $(figure app304 3) / $(figure bare304 3) µs)" \
    "≥ 0.95"
row "200 / 304: private page with a reader's cookie / public page" \
    "$(paired private200 app200 1) / $(paired private304 app304 1) (public / private in CPU: $(paired app200 private200 3) / $(paired app304 private304 3))" "≥ 0.90"
row "99th percentile, 64 connections: app / nginx" \
    "$(ratio "$(figure app200 2)" "$(figure nginx200 2)") ($(figure app200 2) / $(figure nginx200 2) ms)" "≤ 2"
row "resident memory before / after $soak s of load" "$((rss_before / 1024)) / $((rss_after / 1024)) MB" "flat"
row "allocated for a 200 / a 304" "$(allocated 200) / $(allocated 304) bytes" "< 1,024"
row "process start to the first 200 of \`/\`" \
    "$(awk '{ print $1 }' "$work/start.figures" | median) ms ($(awk '{ print $2 }' "$work/start.figures" | median) ms of CPU)" "< 1,000 ms"
row "first view of \`/\`: bytes, headers included, gzip / br" "$gzip_bytes / $br_bytes" "≤ 20,480"
row "first view of \`/\`: requests, and of them to others" "$requests, $others" "≤ 4, none"
row "large page: a version read and rendered, after a post" \
    "$(figure rebuild 1) ms ($(figure rebuild 2) + $(figure rebuild 3); the first after a start: $(head -n 1 "$work/rebuild.figures" | cut -d' ' -f1))" \
    "< 200 ms"
row "large page: a post, until its author sees it" "$(figure post 1) ms ($(figure post 2) ms of CPU)" ""
row "large page: $(held documents) documents and the snapshot in memory" \
    "$(megabytes $(($(held document_bytes) + $(held snapshot_bytes)))) MB of content, $(megabytes "$(held heap)") MB of heap" "< 8 MB"
