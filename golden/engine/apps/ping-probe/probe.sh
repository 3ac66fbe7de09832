#!/bin/sh
# pings every TARGETS entry and says which ones answer
while true; do
  for t in ${TARGETS:-127.0.0.1}; do
    if ping -c 1 -W 1 "$t" >/dev/null 2>&1; then echo "$t up"; else echo "$t DOWN"; fi
  done
  sleep 2
done
