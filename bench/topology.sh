#!/usr/bin/env bash
# The topology of compose.yaml without containers, as plain processes on loopback: PostgreSQL, Redis, two nodes and nginx.
# The nodes are made by the Dockerfile's own steps and run as in its image: a user of no rank, a program folder that root
# owns and nobody can write, and one data folder that it can.
#
#   bench/topology.sh up STATE [-- SETTINGS]   builds what is missing and starts everything; SETTINGS go to both nodes
#   bench/topology.sh status STATE             one line for each process; exit code 1 when one is missing
#   bench/topology.sh down STATE               stops everything; STATE stays (logs, data), delete it when done
#   bench/topology.sh stop|start STATE NAME    one of postgres, redis, app1, app2, nginx, as an outage would
#
# STATE is a folder of this script's own. From the environment, all optional:
#   PROXY_PORT (18080; the others follow it), APP1_PORT, APP2_PORT, POSTGRES_PORT, REDIS_PORT, PUBLIC_URL
#   APP         a folder that was published before, in place of a new build
#   RUN_AS      the user of the nodes and of the services (nobody); only root can change to it
#   POSTGRES_BIN  the folder of initdb and postgres
set -euo pipefail
umask 022

usage() { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "$0" >&2; exit 2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

[[ $# -ge 2 ]] || usage
command=$1
state=$(realpath -m -- "$2")
shift 2
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
names=(postgres redis app1 app2 nginx)

run_as=${RUN_AS:-nobody}
as_user=()
if [[ $(id -u) -eq 0 ]]; then
    as_user=(setpriv --reuid="$(id -u "$run_as")" --regid="$(id -g "$run_as")" --clear-groups --no-new-privs --)
fi

# What `up` was told is kept, so that the other commands need not be told again.
load_ports() {
    if [[ -f $state/ports ]]; then
        # shellcheck source=/dev/null
        . "$state/ports"
        return
    fi
    proxy_port=${PROXY_PORT:-18080}
    app1_port=${APP1_PORT:-$((proxy_port + 1))}
    app2_port=${APP2_PORT:-$((proxy_port + 2))}
    postgres_port=${POSTGRES_PORT:-$((proxy_port + 3))}
    redis_port=${REDIS_PORT:-$((proxy_port + 4))}
    public_url=${PUBLIC_URL:-http://127.0.0.1:$proxy_port}
}

# A process id is used anew one day; with the instant it was started (field 22 of /proc/PID/stat) it names one process only.
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

pid_of() {
    local pid since
    [[ -f $state/run/$1.pid ]] || return 1
    read -r pid since <"$state/run/$1.pid"
    [[ -n $since && $(started_at "$pid") == "$since" && $(sed 's/.*) //' "/proc/$pid/stat" | cut -c1) != Z ]] || return 1
    printf '%s\n' "$pid"
}

# launch NAME COMMAND...: in the background, in a session of its own, its output in STATE/log.
launch() {
    local name=$1
    shift
    setsid -- "$@" </dev/null >>"$state/log/$name.log" 2>&1 &
    local pid=$!
    printf '%s %s\n' "$pid" "$(started_at "$pid")" >"$state/run/$name.pid"
}

stop_one() {
    local name=$1 pid signal=TERM
    pid=$(pid_of "$name") || { rm -f -- "$state/run/$name.pid"; return 0; }
    # To PostgreSQL INT means: end the sessions, then stop. TERM would wait for them. To nginx QUIT is the graceful one, but waits for kept connections.
    [[ $name == postgres ]] && signal=INT
    kill -s "$signal" "$pid" 2>/dev/null || true
    for _ in $(seq 150); do
        pid_of "$name" >/dev/null || break
        sleep 0.1
    done
    if pid_of "$name" >/dev/null; then kill -s KILL "$pid" 2>/dev/null || true; fi
    rm -f -- "$state/run/$name.pid"
}

# wait_for NAME SECONDS COMMAND...: until the command succeeds; at once no more, when the process has ended.
wait_for() {
    local name=$1 tries=$(($2 * 10))
    shift 2
    for _ in $(seq "$tries"); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        pid_of "$name" >/dev/null || break
        sleep 0.1
    done
    tail -n 20 -- "$state/log/$name.log" >&2 || true
    fail "$name did not come up; the end of its log is above."
}

build() {
    [[ -f $state/app/StatusPage.Web.dll ]] && return
    if [[ -n ${APP:-} ]]; then
        cp -r -- "$APP" "$state/app"
    else
        # The Dockerfile's two steps. The build's own files lie under STATE, so that the work tree stays as it is.
        (
            cd -- "$root"
            dotnet restore StatusPage.Web --arch "$arch" --artifacts-path "$state/build" --verbosity quiet
            dotnet publish StatusPage.Web --no-restore --configuration Release --arch "$arch" --artifacts-path "$state/build" --output "$state/app.new" --verbosity quiet
        ) >&2
        mv -- "$state/app.new" "$state/app"
    fi
    chmod -R a+rX,a-w -- "$state/app"
    # Where the tests run as root this changes nothing; elsewhere the folder is the caller's, and read-only.
    [[ $(id -u) -ne 0 ]] || chown -R root:root -- "$state/app"
}

prepare() {
    mkdir -p -- "$state" "$state/run" "$state/log"
    # mktemp makes folders that only their owner may pass.
    chmod 755 -- "$state"
    local folder
    for folder in postgres data1 data2 nginx; do
        [[ -d $state/$folder ]] || install -d -m 700 -- "$state/$folder"
        [[ $(id -u) -ne 0 ]] || chown "$run_as" -- "$state/$folder"
    done
    "${as_user[@]}" test -w "$state/data1" || fail "User $run_as cannot reach $state. Choose a folder below one that everybody may pass."
    [[ -f $state/password ]] || (umask 077 && head -c 18 /dev/urandom | base64 | tr '+/' 'xy' >"$state/password")
    # initdb reads it; the nodes are told it in any case.
    [[ $(id -u) -ne 0 ]] || chown "$run_as" -- "$state/password"
}

start_postgres() {
    local bin=${POSTGRES_BIN:-$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)}
    [[ -x $bin/postgres ]] || fail "No PostgreSQL found. Install it or set POSTGRES_BIN."
    if [[ ! -f $state/postgres/PG_VERSION ]]; then
        "${as_user[@]}" "$bin/initdb" --pgdata="$state/postgres" --username=statuspage --encoding=UTF8 --locale=C.UTF-8 \
            --auth=scram-sha-256 --pwfile="$state/password" >"$state/log/initdb.log" 2>&1 \
            || { cat -- "$state/log/initdb.log" >&2; fail "initdb failed."; }
    fi
    # No socket file: its path must be short, and STATE's need not be.
    launch postgres "${as_user[@]}" "$bin/postgres" -D "$state/postgres" -p "$postgres_port" -c listen_addresses=127.0.0.1 -c unix_socket_directories=
    wait_for postgres 30 "$bin/pg_isready" --host=127.0.0.1 --port="$postgres_port"
    PGPASSWORD=$(cat -- "$state/password") "$bin/psql" --host=127.0.0.1 --port="$postgres_port" --username=statuspage --dbname=postgres --no-psqlrc --quiet --tuples-only \
        --command="SELECT 1 FROM pg_database WHERE datname = 'statuspage'" | grep -q 1 \
        || PGPASSWORD=$(cat -- "$state/password") "$bin/createdb" --host=127.0.0.1 --port="$postgres_port" --username=statuspage statuspage
}

start_redis() {
    launch redis "${as_user[@]}" redis-server --bind 127.0.0.1 --port "$redis_port" --save '' --appendonly no --dir /
    wait_for redis 10 redis-cli -h 127.0.0.1 -p "$redis_port" ping
}

# start_node NAME PORT DATA: nothing of the caller's environment reaches it, just what the image and compose.yaml set.
start_node() {
    local name=$1 port=$2 data=$3 settings=()
    [[ ! -f $state/settings ]] || mapfile -d '' -t settings <"$state/settings"
    (
        cd -- "$state/app"
        launch "$name" "${as_user[@]}" env -i \
            PATH="$PATH" DataDirectory="$data" TMPDIR="$data" DOTNET_EnableDiagnostics=0 ASPNETCORE_URLS="http://127.0.0.1:$port" \
            ConnectionStrings__Postgres="Host=127.0.0.1;Port=$postgres_port;Database=statuspage;Username=statuspage;Password=$(cat -- "$state/password")" \
            ConnectionStrings__Redis="127.0.0.1:$redis_port" PublicUrl="$public_url" TrustedProxies=127.0.0.1 Log__Format=json \
            "$dotnet" StatusPage.Web.dll "${settings[@]}"
    )
    wait_for "$name" 60 "${as_user[@]}" env -i PATH="$PATH" ASPNETCORE_URLS="http://127.0.0.1:$port" DOTNET_EnableDiagnostics=0 "$dotnet" "$state/app/StatusPage.Web.dll" healthcheck
}

start_nginx() {
    command -v nginx >/dev/null || fail "No nginx found."
    sed -e "s/app1:8080/127.0.0.1:$app1_port/" -e "s/app2:8080/127.0.0.1:$app2_port/" -e "s/listen 8080/listen 127.0.0.1:$proxy_port/" \
        "$root/docs/deploy/nginx.conf" >"$state/nginx/site.conf"
    cat >"$state/nginx/nginx.conf" <<CONF
daemon off;
worker_processes 1;
pid $state/nginx/nginx.pid;
error_log stderr;
events { worker_connections 4096; }
http {
    access_log off;
    client_body_temp_path $state/nginx/body;
    proxy_temp_path $state/nginx/proxy;
    fastcgi_temp_path $state/nginx/fastcgi;
    uwsgi_temp_path $state/nginx/uwsgi;
    scgi_temp_path $state/nginx/scgi;
    include $state/nginx/site.conf;
}
CONF
    launch nginx "${as_user[@]}" nginx -e stderr -p "$state/nginx" -c "$state/nginx/nginx.conf"
    wait_for nginx 10 bash -c "exec 3<>/dev/tcp/127.0.0.1/$proxy_port"
}

start_one() {
    pid_of "$1" >/dev/null && return
    case $1 in
        postgres) start_postgres ;;
        redis) start_redis ;;
        app1) start_node app1 "$app1_port" "$state/data1" ;;
        app2) start_node app2 "$app2_port" "$state/data2" ;;
        nginx) start_nginx ;;
        *) usage ;;
    esac
}

find_dotnet() {
    dotnet=$(realpath -- "$(command -v dotnet)") || fail "No dotnet found."
    case $(uname -m) in
        aarch64 | arm64) arch=arm64 ;;
        *) arch=amd64 ;;
    esac
}

status() {
    local name pid missing=0
    for name in "${names[@]}"; do
        if pid=$(pid_of "$name"); then
            printf '%-9s runs, process %s\n' "$name" "$pid"
        else
            printf '%-9s does not run\n' "$name"
            missing=1
        fi
    done
    return "$missing"
}

down() {
    local i
    for ((i = ${#names[@]} - 1; i >= 0; i--)); do stop_one "${names[i]}"; done
}

load_ports
case $command in
    up)
        [[ ${1:-} != -- ]] || shift
        find_dotnet
        prepare
        for variable in proxy_port app1_port app2_port postgres_port redis_port public_url; do
            printf '%s=%q\n' "$variable" "${!variable}"
        done >"$state/ports"
        # Each ends with a zero byte: a setting may hold anything else.
        if [[ $# -gt 0 ]]; then printf '%s\0' "$@" >"$state/settings"; fi
        trap down EXIT
        build
        for name in "${names[@]}"; do start_one "$name"; done
        trap - EXIT
        printf 'Proxy: http://127.0.0.1:%s  nodes: http://127.0.0.1:%s http://127.0.0.1:%s\n' "$proxy_port" "$app1_port" "$app2_port"
        ;;
    down) down ;;
    status) status ;;
    stop) stop_one "${1:?which one}" ;;
    start) find_dotnet && start_one "${1:?which one}" ;;
    *) usage ;;
esac
