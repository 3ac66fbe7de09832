#!/bin/sh
set -e

# a volume from a backup may belong to root
if [ "$(id -u)" = 0 ]; then
  chown -R kvd:kvd /data
  exec setpriv --reuid=kvd --regid=kvd --init-groups "$0" "$@"
fi

exec "$@"
