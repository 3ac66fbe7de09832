#!/usr/bin/env bash
# apiserver.sh DIR...   asks a real Kubernetes API server whether it still takes what offroot rewrites. Each DIR is a directory
#                       of repositories; they are copied, never changed. Exit 1 where a document is no longer accepted.
# apiserver.sh build    only builds the server (some minutes) and keeps it for the next time
# apiserver.sh clean    removes what build keeps
#
# The server is built from the Go module proxy; etcd is the one in PATH, else that of Debian's package, unpacked and not
# installed. Both listen on loopback only and end with the script. OFFROOT names the program to try instead of this tree's.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
keep=${OFFROOT_APISERVER_DIR:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/offroot-apiserver}
VERSION=v1.36.3         # of k8s.io/kubernetes
STAGING=v0.36.3         # of the modules that it holds in its own tree, published under this number
server=$keep/kube-apiserver-$VERSION
work=
pids=()

say() { echo "apiserver.sh: $*" >&2; }

# The server goes before etcd: without it, it would try for minutes to reach it once more.
cleanup() {
  local i
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do end "${pids[i]}"; done
  [ -z "$work" ] || rm -rf "$work"
}

end() { # PID
  local _
  kill "$1" 2>/dev/null || return 0
  for _ in $(seq 50); do
    kill -0 "$1" 2>/dev/null || return 0
    sleep 0.2
  done
  kill -KILL "$1" 2>/dev/null || true
}

# A module of k8s.io/kubernetes cannot be installed by its path, since it replaces others by directories of its own tree. A
# module around it replaces them by what is published.
write_wrapper() { # DIR
  local theirs
  theirs=$(go mod download -json "k8s.io/kubernetes@$VERSION" | sed -n 's/^\t"GoMod": "\(.*\)",$/\1/p')
  {
    printf 'module wrapper\n\nrequire k8s.io/kubernetes %s\n\n' "$VERSION"
    grep '^go ' "$theirs"
    awk -v v="$STAGING" '$2 == "=>" && $3 ~ /^\.\/staging/ { print "replace " $1 " => " $1 " " v }' "$theirs"
  } >"$1/go.mod"
  printf '//go:build tools\n\npackage tools\n\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver"\n' >"$1/tools.go"
}

build_server() {
  [ ! -x "$server" ] || return 0
  local dir=$work/wrapper flags="-s -w"
  mkdir -p "$dir" "$keep"
  say "building kube-apiserver $VERSION; this takes some minutes"
  write_wrapper "$dir"
  flags+=" -X k8s.io/component-base/version.gitVersion=$VERSION"
  flags+=" -X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=${VERSION:3:2}"
  (cd "$dir" && go mod tidy && nice -n 10 go build -ldflags "$flags" -o "$server.new" k8s.io/kubernetes/cmd/kube-apiserver) >"$work/build.log" 2>&1 ||
    { tail -n 20 "$work/build.log" >&2; return 1; }
  mv "$server.new" "$server"
}

download_etcd() { apt-get download -q etcd-server || { apt-get update -q && apt-get download -q etcd-server; }; }

find_etcd() {
  if command -v etcd; then return; fi
  if [ ! -x "$keep/usr/bin/etcd" ]; then
    command -v apt-get >/dev/null || { say "etcd is not in PATH, and there is no apt-get to fetch it with"; return 1; }
    mkdir -p "$keep" "$work/deb"
    (cd "$work/deb" && download_etcd && dpkg -x etcd-server_*.deb "$keep") >"$work/apt.log" 2>&1 || { cat "$work/apt.log" >&2; return 1; }
  fi
  echo "$keep/usr/bin/etcd"
}

free_port() {
  local port
  while port=$((20000 + RANDOM)); (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

start_etcd() { # PROGRAM CLIENT_PORT PEER_PORT
  local client=http://127.0.0.1:$2 peer=http://127.0.0.1:$3
  "$1" --data-dir "$work/etcd" --unsafe-no-fsync --listen-client-urls "$client" --advertise-client-urls "$client" \
    --listen-peer-urls "$peer" --initial-advertise-peer-urls "$peer" --initial-cluster "default=$peer" >"$work/etcd.log" 2>&1 &
  pids+=($!)
}

# Plugins that ask for objects of a cluster (accounts, priority and runtime classes) would refuse pods for a reason that has
# nothing to do with the pod.
start_server() { # PORT ETCD_PORT
  openssl genrsa -out "$work/sa.key" 2048 2>/dev/null
  token=$(openssl rand -hex 16)
  (umask 077 && printf '%s,offroot,offroot,system:masters\n' "$token" >"$work/tokens.csv")
  "$server" --bind-address 127.0.0.1 --advertise-address 127.0.0.1 --secure-port "$1" --cert-dir "$work/certs" \
    --etcd-servers "http://127.0.0.1:$2" --token-auth-file "$work/tokens.csv" --authorization-mode RBAC \
    --service-account-key-file "$work/sa.key" --service-account-signing-key-file "$work/sa.key" \
    --service-account-issuer https://kubernetes.default.svc --service-cluster-ip-range 10.96.0.0/12 \
    --disable-admission-plugins ServiceAccount,Priority,RuntimeClass --endpoint-reconciler-type none --allow-privileged \
    >"$work/server.log" 2>&1 &
  pids+=($!)
}

wait_ready() { # PORT
  local _
  for _ in $(seq 300); do
    if curl -sfk -o /dev/null -H "Authorization: Bearer $token" "https://127.0.0.1:$1/readyz"; then return; fi
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.2
  done
  say "the server did not become ready; the end of its log:"
  tail -n 10 "$work/etcd.log" "$work/server.log" >&2
  return 1
}

check() { # DIR...
  local etcd etcd_port peer_port port program=${OFFROOT:-$work/offroot}
  [ -n "${OFFROOT:-}" ] || (cd "$here/../.." && go build -o "$program" ./cmd/offroot)
  (cd "$here" && go build -o "$work/judge" .)
  etcd=$(find_etcd)
  etcd_port=$(free_port) peer_port=$(free_port) port=$(free_port)
  start_etcd "$etcd" "$etcd_port" "$peer_port"
  start_server "$port" "$etcd_port"
  wait_ready "$port"
  OFFROOT_TOKEN=$token "$work/judge" -server "https://127.0.0.1:$port" -ca "$work/certs/apiserver.crt" -offroot "$program" -work "$work/copies" "$@"
}

[ $# -gt 0 ] || { sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"; exit 2; }
[ "$1" != clean ] || { rm -rf "$keep"; exit; }
work=$(mktemp -d "${TMPDIR:-/tmp}/offroot-apiserver.XXXXXX")
trap cleanup EXIT
trap 'exit 130' INT TERM
build_server
[ "$1" = build ] || check "$@"
