#!/bin/sh
set -e
php-fpm -y /usr/local/etc/php-fpm.conf &
exec nginx -g 'daemon off;'
