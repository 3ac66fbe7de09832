#!/usr/bin/env bash
# engine.sh start|stop   a container engine for the tests of this folder, in $OFFROOT_ENGINE_DIR (default ${TMPDIR:-/tmp}/offroot-engine).
# start: keeps an engine that answers already; else, as root on Debian, installs docker.io and docker-compose and starts dockerd
#        on a socket and a data root of its own. Prints the lines to eval. OFFROOT_ENGINE_PRIVATE=1 does not look for another engine.
# stop:  ends the engine that start has started.
set -euo pipefail
dir=${OFFROOT_ENGINE_DIR:-${TMPDIR:-/tmp}/offroot-engine}
sock=$dir/docker.sock
pidfile=$dir/dockerd.pid

say() { echo "engine.sh: $*" >&2; }
answers() { timeout 10 docker ${1:+-H "$1"} info >/dev/null 2>&1; }

install_packages() {
  say "installing $*"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

print_environment() { # [HOST]
  echo "export DOCKER_HOST=${1:-unix://$sock}"
  # Debian's command brings the builders that fit Debian's engine; a newer one in front of it may lack its plugin.
  [ ! -x /usr/bin/docker ] || echo "export OFFROOT_DOCKER=/usr/bin/docker"
}

start() {
  if [ -z "${OFFROOT_ENGINE_PRIVATE:-}" ] && command -v docker >/dev/null && answers ""; then
    [ -z "${DOCKER_HOST:-}" ] || print_environment "$DOCKER_HOST"
    return
  fi
  if command -v docker >/dev/null && answers "unix://$sock"; then print_environment; return; fi
  [ "$(id -u)" = 0 ] || { say "no engine answers, and only root can start one"; exit 1; }
  missing=()
  command -v dockerd >/dev/null || missing+=(docker.io)
  { command -v docker-compose || docker compose version; } >/dev/null 2>&1 || missing+=(docker-compose)
  command -v debootstrap >/dev/null || missing+=(debootstrap)
  [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
  mkdir -p "$dir"
  setsid dockerd --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$pidfile" -H "unix://$sock" >"$dir/dockerd.log" 2>&1 </dev/null &
  for _ in $(seq 150); do
    if answers "unix://$sock"; then print_environment; return; fi
    sleep 0.2
  done
  say "dockerd did not come up; the end of its log:"
  tail -n 5 "$dir/dockerd.log" >&2
  exit 1
}

stop() {
  [ -f "$pidfile" ] || { say "not running"; return; }
  kill "$(cat "$pidfile")"
}

case ${1:-start} in
  start) start ;;
  stop) stop ;;
  *) say "usage: engine.sh start|stop"; exit 2 ;;
esac
