#!/bin/sh
# keeps the index fresh, and gives it to the web server
while true; do
  date > /app/public/index.txt
  chown www-data /app/public/index.txt
  sleep 60
done
