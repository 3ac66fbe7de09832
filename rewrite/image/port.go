package image

import (
	"strconv"
	"strings"

	"github.com/offroot/offroot/templates"
)

// A Port is a port that the image listens on. Number 0 means that the user's configuration alone decides.
type Port struct {
	Number    int
	Proto     string   // tcp or udp
	Via       string   // file, env, arg or code
	Where     string   // the file in the image
	Also      []string // further files that name the number
	Directive string   // what decides it, for people
	Env       string   // the variable that moves it, for Via env
	Movable   bool
	Note      string

	// Move moves a privileged port to its usual number (80 to 8080, 443 to 8443, else 8000 more): shell commands of one
	// RUN for Via file, NAME=VALUE for Via env. It is nil where the way is not known or the port is not below 1024.
	Move []string

	recipe []string
}

// MoveTo is Move for another number, for every port whose way is known.
func (p Port) MoveTo(number int) []string {
	var moved []string
	for _, r := range p.recipe {
		moved = append(moved, strings.ReplaceAll(r, "{port}", strconv.Itoa(number)))
	}
	return moved
}

// Files are the files in the image that name the number.
func (p Port) Files() []string {
	if p.Where == "" {
		return p.Also
	}
	return append([]string{p.Where}, p.Also...)
}

func newPort(t templates.ImagePort) Port {
	p := Port{
		Number: t.Port, Proto: t.Proto, Via: t.Via, Where: t.Where, Also: t.Also, Directive: t.Directive, Env: t.Env,
		Movable: t.Movable, Note: t.Note, recipe: t.Move,
	}
	if t.Env != "" {
		p.recipe = []string{t.Env + "=" + t.Value}
	}
	if p.Movable && 0 < p.Number && p.Number < 1024 {
		p.Move = p.MoveTo(unprivileged(p.Number))
	}
	return p
}

func unprivileged(number int) int {
	switch number {
	case 80:
		return 8080
	case 443:
		return 8443
	}
	return number + 8000
}
