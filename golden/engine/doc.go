// Package engine holds small applications as people write them and proves on a container engine that offroot's changes to
// them are right: each is built and run before and after the change, and has to answer, write and log as it did, with no
// process left as root. Applications that offroot must not touch prove that it says why.
//
// apps/NAME is an application with an app.json that says what to ask of it; bases/NAME makes a stand-in for a public base
// image out of Debian's packages, under its real name and with its real users, paths and ports, so that no registry is
// needed. The tests skip where no engine answers; engine.sh starts one.
package engine
