// Package shell reads shell scripts into the commands they run, and the commands into what they mean for a container:
// which users they create, what they own, install and grant, and where a process changes its user.
package shell
