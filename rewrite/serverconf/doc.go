// Package serverconf reads the configuration files of servers (nginx, Apache, HAProxy, Caddy, lighttpd, Tomcat) for one
// purpose: to find the ports on which they listen, and to change these numbers byte for byte.
//
// The scanners are tolerant. They know comments, quotes, blocks and continuation lines of each language, and no directive
// but the few that matter here. What they do not know they step over; what they cannot place (a port in a variable, a
// range) they report with Port 0 or Range set, and every change of it is refused.
package serverconf
