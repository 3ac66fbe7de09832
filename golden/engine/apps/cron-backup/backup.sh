#!/bin/sh
set -e
tar -czf "/backup/etc-$(date +%H%M).tar.gz" /etc
echo "backup done"
