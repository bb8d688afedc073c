#!/usr/bin/env bash
# What compose.yaml runs, as plain processes on loopback: PostgreSQL, Redis, two nodes and a proxy in front of them.
#   docs/deploy/topology.sh up STATE_FOLDER [--publish FOLDER] [-- ARGUMENT...]   starts what does not run; returns when all of it answers
#   docs/deploy/topology.sh status STATE_FOLDER                                   one line for each part; 0 when all run
#   docs/deploy/topology.sh down STATE_FOLDER                                     stops what runs; its data stays
# --publish names a folder with the published program; without it the steps of the Dockerfile are done, once for each state folder.
# Arguments after -- go to both nodes: -- --Demo true. Addresses are in STATE_FOLDER/ports.env, process ids in STATE_FOLDER/pids, logs in STATE_FOLDER/logs.
# As root, each part runs as a user without rights; a node sees a file system that is read-only except for its own data folder.
# Needs the .NET SDK, postgresql, redis-server, nginx and openssl (apt-get install --no-install-recommends postgresql redis-server nginx openssl).
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin # Where nginx lies.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
parts=(postgres redis node1 node2 proxy)
patience=120    # seconds for a part to answer, or to end
app_user=1654   # APP_UID of the .NET images
nobody=65534

give_up() { echo "$*" >&2; exit 1; }
usage() { sed -n '2,/^set /{/^# */s///p}' "${BASH_SOURCE[0]}" >&2; exit 2; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# When a process began, in the system's ticks; nothing when it is gone. Tells it from a later one with the same id.
began() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
  # After the name, which may hold anything: state is the first field, the beginning the twentieth.
  read -ra stat <<<"${stat##*) }"
  [ "${stat[0]}" = Z ] || echo "${stat[19]}"
}

pid_of() { cat "$state/pids/$1.pid" 2>/dev/null || true; }

runs() {
  local pid
  pid=$(pid_of "$1")
  [ -n "$pid" ] && [ -n "$(began "$pid")" ] && [ "$(began "$pid")" = "$(cat "$state/pids/$1.began")" ]
}

# PART COMMAND...: starts it in the background, with its output in a file.
start() {
  local part=$1
  shift
  setsid "$@" >>"$state/logs/$part.log" 2>&1 </dev/null &
  echo "$!" >"$state/pids/$part.pid"
  began "$!" >"$state/pids/$part.began"
}

# PART QUESTION...: asks until it is answered.
wait_for() {
  local part=$1 until=$((SECONDS + patience))
  shift
  until "$@" >/dev/null 2>&1; do
    runs "$part" || { tail -n 20 "$state/logs/$part.log" >&2; give_up "$part ended before it answered. Its log: $state/logs/$part.log"; }
    [ $SECONDS -lt $until ] || { tail -n 20 "$state/logs/$part.log" >&2; give_up "$part did not answer within $patience s. Its log: $state/logs/$part.log"; }
    sleep 0.1
  done
}

stop() {
  local part=$1 signal=$2 pid until=$((SECONDS + patience))
  if runs "$part"; then
    pid=$(pid_of "$part")
    kill -s "$signal" "$pid"
    kill -s CONT "$pid" # It may have been paused.
    while runs "$part"; do
      [ $SECONDS -lt $until ] || { kill -s KILL "$pid"; give_up "$part did not end within $patience s and was killed."; }
      sleep 0.1
    done
  fi
  rm -f "$state/pids/$part.pid" "$state/pids/$part.began"
}

# USER COMMAND...: as that user where we may choose, as ourselves otherwise.
as() {
  local user=$1
  shift
  if is_root; then setpriv --reuid "$user" --regid "$(id -g "$user" 2>/dev/null || echo "$user")" --clear-groups -- "$@"; else "$@"; fi
}

# The same as a prefix for a command that keeps its process id.
prefix_for() { if is_root; then echo "setpriv --reuid $1 --regid $(id -g "$1" 2>/dev/null || echo "$1") --clear-groups --"; fi; }

own() { if is_root; then chown -R "$1" "$2"; fi; }

answers_http() {
  local line
  exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
  printf 'GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n' "$2" >&3
  read -r -t 5 line <&3 || line=
  exec 3>&-
  [[ $line == *" 200 "* ]]
}

# Free ports, from below those that the system hands out itself.
choose_ports() {
  local next=$((10000 + RANDOM % 4500)) found=()
  while [ ${#found[@]} -lt 5 ]; do
    next=$((next + 1))
    (exec 3<>"/dev/tcp/127.0.0.1/$next") 2>/dev/null || found+=("$next")
  done
  local password
  password=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
  (
    umask 077
    cat >"$state/ports.env" <<END
PROXY_URL=http://127.0.0.1:${found[0]}
NODE1_URL=http://127.0.0.1:${found[1]}
NODE2_URL=http://127.0.0.1:${found[2]}
PROXY_PORT=${found[0]}
NODE1_PORT=${found[1]}
NODE2_PORT=${found[2]}
POSTGRES_PORT=${found[3]}
REDIS_PORT=${found[4]}
POSTGRES_PASSWORD=$password
PIDS='$state/pids'
LOGS='$state/logs'
END
  )
}

# The build stage of the Dockerfile, in a folder of its own: what it copies is copied, the dotnet commands that it runs are run.
publish() {
  local source=$state/source verb rest words
  rm -rf "$source" "$state/publish.next"
  mkdir -p "$source"
  case $(uname -m) in aarch64) export TARGETARCH=arm64 ;; *) export TARGETARCH=amd64 ;; esac
  while read -r verb rest; do
    case $verb in
      COPY)
        read -ra words <<<"$rest"
        copy "$source" "${words[@]}"
        ;;
      RUN)
        [[ $rest == dotnet\ * ]] || continue
        rest=${rest//\$TARGETARCH/$TARGETARCH}
        read -ra words <<<"${rest/--output \/app/--output $state/publish.next}"
        echo "$ ${words[*]}" >>"$state/logs/publish.log"
        # Build servers would outlive the script.
        (cd "$source" && env DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false "${words[@]}") \
          >>"$state/logs/publish.log" 2>&1 || { tail -n 20 "$state/logs/publish.log" >&2; give_up "Failed: $rest"; }
        ;;
    esac
  done < <(sed -n '/^FROM .* AS build$/,/^FROM [^ ]*$/p' "$root/Dockerfile")
  rm -rf "$source"
  # Nobody but its owner may change it, and the program does not run as its owner.
  chmod -R u=rwX,go=rX "$state/publish.next"
  mv "$state/publish.next" "$state/publish"
}

# FOLDER FROM... TO: as the Dockerfile's COPY, which puts a folder's content into the target, without what .dockerignore leaves out.
copy() {
  local to=$1/${*: -1} from
  shift
  while [ $# -gt 1 ]; do
    from=$root/$1
    shift
    if [ -d "$from" ]; then
      mkdir -p "$to"
      tar -C "$from" --exclude=bin --exclude=obj --exclude=data -cf - . | tar -C "$to" -xf -
    else
      mkdir -p "$to"
      cp "$from" "$to"
    fi
  done
}

start_postgres() {
  local bin user=postgres
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -x "$bin/initdb" ] || bin=$(dirname "$(command -v initdb || give_up 'Missing: initdb. Install postgresql.')")
  if [ ! -d "$state/postgres" ]; then
    rm -rf "$state/postgres.next"
    mkdir "$state/postgres.next"
    echo "$POSTGRES_PASSWORD" >"$state/postgres.next.password"
    own "$user" "$state/postgres.next"
    own "$user" "$state/postgres.next.password"
    (cd / && as "$user" "$bin/initdb" -D "$state/postgres.next" -U statuspage -A scram-sha-256 --pwfile "$state/postgres.next.password" -E UTF8 --locale=C.UTF-8) \
      >>"$state/logs/postgres.log" 2>&1 || { tail -n 20 "$state/logs/postgres.log" >&2; give_up "The database could not be made."; }
    rm "$state/postgres.next.password"
    mv "$state/postgres.next" "$state/postgres"
  fi
  # shellcheck disable=SC2046
  start postgres $(prefix_for "$user") "$bin/postgres" -D "$state/postgres" -p "$POSTGRES_PORT" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200
  wait_for postgres "$bin/pg_isready" -q -h 127.0.0.1 -p "$POSTGRES_PORT"
  export PGPASSWORD=$POSTGRES_PASSWORD
  local query=("$bin/psql" -h 127.0.0.1 -p "$POSTGRES_PORT" -U statuspage -d postgres -qAtX -c)
  [ "$("${query[@]}" "SELECT 1 FROM pg_database WHERE datname = 'statuspage'")" = 1 ] || "${query[@]}" "CREATE DATABASE statuspage"
  unset PGPASSWORD
}

start_redis() {
  mkdir -p "$state/redis"
  own "$nobody" "$state/redis"
  # shellcheck disable=SC2046
  start redis $(prefix_for "$nobody") redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save "" --appendonly no \
    --maxmemory 64mb --maxmemory-policy allkeys-lru --dir "$state/redis"
  wait_for redis answers_redis
}

answers_redis() {
  local line
  exec 3<>"/dev/tcp/127.0.0.1/$REDIS_PORT" || return 1
  printf 'PING\r\n' >&3
  read -r -t 5 line <&3 || line=
  exec 3>&-
  [[ $line == +PONG* ]]
}

# Runs inside a mount namespace of its own: all but the data folder becomes read-only, as with "read_only: true". /dev/shm stays, as it does there.
read_only_except() {
  local data=$1
  shift
  mount --bind "$data" "$data"
  for folder in /tmp /var/tmp /home /var /; do
    if mountpoint -q "$folder"; then mount -o remount,bind,ro "$folder"; fi
  done
  exec "$@"
}

start_node() {
  local part=$1 port=$2 data=$state/$1 command=() line
  mkdir -p "$data"
  own "$app_user" "$data"
  # Inherits nothing but where .NET is; the rest is what the Dockerfile and compose.yaml say.
  command=(env -i "PATH=$PATH" HOME=/nonexistent "Audit__KeyFile=$state/audit-key.pem")
  [ -z "${DOTNET_ROOT:-}" ] || command+=("DOTNET_ROOT=$DOTNET_ROOT")
  while read -r line; do command+=("${line/=\/data/=$data}"); done < <(sed -n '/^ENV ASPNETCORE_HTTP_PORTS/d; s/^ENV //p' "$root/Dockerfile")
  command+=(
    "ConnectionStrings__Postgres=Host=127.0.0.1;Port=$POSTGRES_PORT;Username=statuspage;Database=statuspage;Password=$POSTGRES_PASSWORD"
    "ConnectionStrings__Redis=127.0.0.1:$REDIS_PORT"
    "PublicUrl=$PROXY_URL" TrustedProxies=127.0.0.1
    dotnet "$program/StatusPage.Web.dll" --urls "http://127.0.0.1:$port" "${arguments[@]}")
  if is_root; then
    # shellcheck disable=SC2046
    command=($(prefix_for "$app_user") "${command[@]}")
    if unshare --mount true 2>/dev/null; then
      command=(unshare --mount --propagation private bash -c "$(declare -f read_only_except); read_only_except \"\$@\"" read-only "$data" "${command[@]}")
    else
      echo "$part: no mount namespaces here; the program folder is root's, the rest of the file system is as it is." >&2
    fi
  fi
  (cd "$program" && start "$part" "${command[@]}")
}

start_proxy() {
  mkdir -p "$state/proxy"
  sed -e "s|listen 8080|listen 127.0.0.1:$PROXY_PORT|" -e "s|node1:8080|127.0.0.1:$NODE1_PORT|" -e "s|node2:8080|127.0.0.1:$NODE2_PORT|" \
    -e "s|/tmp/|$state/proxy/|" -e "s|/dev/stdout|$state/proxy/access.log|" "$root/docs/deploy/nginx.conf" >"$state/proxy/nginx.conf"
  own "$nobody" "$state/proxy"
  # shellcheck disable=SC2046
  start proxy $(prefix_for "$nobody") nginx -e stderr -p "$state/proxy" -c "$state/proxy/nginx.conf" -g "daemon off;"
  wait_for proxy answers_http "$PROXY_PORT" /healthz/ready
}

up() {
  mkdir -p "$state/pids" "$state/logs"
  # The parts run as users of their own, who have to get to their folders.
  if is_root; then
    chmod go+x "$state"
    as "$nobody" test -x "$state" || give_up "$state cannot be reached by other users, as which the parts run. Choose a folder below one that everybody may enter, such as /tmp or /var/lib."
  fi
  [ -f "$state/ports.env" ] || choose_ports
  # shellcheck disable=SC1091
  . "$state/ports.env"
  if [ -z "$program" ]; then
    program=$state/publish
    [ -d "$program" ] || publish
  fi
  [ -f "$program/StatusPage.Web.dll" ] || give_up "There is no published program in $program."
  # Both nodes sign the audit by one key.
  if [ ! -f "$state/audit-key.pem" ]; then
    (umask 077 && openssl ecparam -name prime256v1 -genkey -noout -out "$state/audit-key.pem")
    own "$app_user" "$state/audit-key.pem"
  fi
  runs postgres || start_postgres
  runs redis || start_redis
  runs node1 || start_node node1 "$NODE1_PORT"
  runs node2 || start_node node2 "$NODE2_PORT"
  wait_for node1 answers_http "$NODE1_PORT" /healthz/ready
  wait_for node2 answers_http "$NODE2_PORT" /healthz/ready
  runs proxy || start_proxy
  echo "$PROXY_URL"
}

down() {
  stop proxy QUIT
  stop node1 TERM
  stop node2 TERM
  stop redis TERM
  stop postgres INT
}

status() {
  local part all=0
  for part in "${parts[@]}"; do
    if runs "$part"; then echo "$part runs ($(pid_of "$part"))"; else
      echo "$part is down"
      all=3
    fi
  done
  return "$all"
}

[ $# -ge 2 ] || usage
action=$1 state=$(realpath -m "$2") program=
shift 2
while [ $# -gt 0 ]; do
  case $1 in
    --publish)
      [ $# -ge 2 ] || usage
      program=$(realpath "$2")
      shift 2
      ;;
    --)
      shift
      break
      ;;
    *) usage ;;
  esac
done
arguments=("$@")

case $action in
  up | down | status) "$action" ;;
  *) usage ;;
esac
