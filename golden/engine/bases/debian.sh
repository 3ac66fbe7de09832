#!/bin/sh
# debian.sh NAME: makes Debian's base image in the engine of the environment, with debootstrap and without a registry.
set -eu
command -v debootstrap >/dev/null || {
  [ "$(id -u)" = 0 ] || { echo "debootstrap is missing and only root can install it" >&2; exit 1; }
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap >/dev/null
}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
debootstrap --variant=minbase bookworm "$root/fs" >"$root/log" 2>&1 || { tail -n 5 "$root/log" >&2; exit 1; }
tar -C "$root/fs" -c . | docker import -c 'CMD ["bash"]' -c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' - "$1" >/dev/null
