// Apiserver asks a running Kubernetes API server about every object of a directory of repositories, as it is and as offroot
// makes it: what the server took before with strict field validation it must take afterwards, and in a namespace that
// enforces the restricted level of Pod Security no pod may be refused that was accepted before. Nothing is stored: all
// requests are dry runs, but those that make the namespaces.
//
// apiserver.sh builds and starts a server and calls this program. It is a module of its own, since its tests need nothing
// of offroot but the command.
package main
