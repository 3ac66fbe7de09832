// Package config reads .offroot.yaml. Keys are strict: an unknown one is an error with its place and the nearest key that
// exists.
package config

import (
	"fmt"
	"path"
	"strings"
	"time"

	"github.com/offroot/offroot/rewrite/decide"
	"github.com/offroot/offroot/rewrite/plan"
	"github.com/offroot/offroot/rewrite/source"
	"github.com/offroot/offroot/rewrite/yamldoc"
)

// Names are the files that a configuration may be in, below the directory that it holds for.
var Names = []string{".offroot.yaml", ".config/offroot.yaml"}

// A Config is what a file says. Zero values are not stated.
type Config struct {
	Policy     decide.Policy
	Only, Skip []string
	Ignores    []plan.Ignore
}

// Parse reads a configuration. Errors are *source.Error, with the place of the key.
func Parse(file *source.File) (*Config, error) {
	doc, err := yamldoc.Parse(file)
	if err != nil {
		return nil, err
	}
	c := &Config{}
	for i, root := range doc.Roots() {
		if i > 0 {
			return nil, at(root, "a configuration is one document")
		}
		if err := c.read(root); err != nil {
			return nil, err
		}
	}
	return c, nil
}

var topKeys = []string{"version", "uid", "gid", "user-name", "fix-level", "ports", "rules", "ignore", "workloads"}

func (c *Config) read(root *yamldoc.Node) error {
	if err := known(root, topKeys); err != nil {
		return err
	}
	if v := root.Get("version"); v != nil && v.Text() != "1" {
		return at(v, fmt.Sprintf("version %q is not known: this offroot reads version 1", v.Text()))
	}
	var err error
	if c.Policy.UID, err = id(root.Get("uid")); err != nil {
		return err
	}
	if c.Policy.GID, err = id(root.Get("gid")); err != nil {
		return err
	}
	c.Policy.UserName = root.Get("user-name").Text()
	if n := root.Get("fix-level"); n != nil {
		if c.Policy.Level, err = decide.ParseLevel(n.Text()); err != nil {
			return at(n, err.Error())
		}
	}
	if c.Policy.Ports, err = ports(root.Get("ports")); err != nil {
		return err
	}
	rules := root.Get("rules")
	if err := known(rules, []string{"only", "skip"}); err != nil {
		return err
	}
	c.Only, c.Skip = texts(rules.Get("only")), texts(rules.Get("skip"))
	if err := c.ignores(root.Get("ignore")); err != nil {
		return err
	}
	return c.workloads(root.Get("workloads"))
}

func (c *Config) ignores(n *yamldoc.Node) error {
	for _, item := range n.Items() {
		if err := known(item, []string{"paths", "rules", "reason", "until"}); err != nil {
			return err
		}
		ignore := plan.Ignore{Paths: texts(item.Get("paths")), Rules: texts(item.Get("rules")), Reason: item.Get("reason").Text(), Place: item.Place()}
		if ignore.Reason == "" {
			return at(item, "an entry of ignore needs a reason")
		}
		if until := item.Get("until"); until != nil {
			day, err := time.Parse(time.DateOnly, until.Text())
			if err != nil {
				return at(until, fmt.Sprintf("until %q is no day: write it as 2027-01-31", until.Text()))
			}
			ignore.Until = day
		}
		c.Ignores = append(c.Ignores, ignore)
	}
	return nil
}

func (c *Config) workloads(n *yamldoc.Node) error {
	for _, name := range n.Keys() {
		item := n.Get(name)
		if err := known(item, []string{"uid", "gid", "ports", "writable", "capabilities", "skip"}); err != nil {
			return err
		}
		if _, err := path.Match(name, ""); err != nil {
			return at(item, fmt.Sprintf("the pattern %q is malformed", name))
		}
		o := decide.Override{Glob: name, Writable: texts(item.Get("writable")), Capabilities: texts(item.Get("capabilities")), Skip: item.Get("skip").Text(), Place: item.Place()}
		var err error
		if o.UID, err = id(item.Get("uid")); err != nil {
			return err
		}
		if o.GID, err = id(item.Get("gid")); err != nil {
			return err
		}
		if o.Ports, err = ports(item.Get("ports")); err != nil {
			return err
		}
		for _, w := range o.Writable {
			if !path.IsAbs(w) {
				return at(item.Get("writable"), fmt.Sprintf("writable %q: give the path as it is in the image, from /", w))
			}
		}
		c.Policy.Workloads = append(c.Policy.Workloads, o)
	}
	return nil
}

func id(n *yamldoc.Node) (int, error) {
	if n == nil {
		return 0, nil
	}
	v, ok := n.Int()
	if !ok || v < 1 || v > 1<<31-1 {
		return 0, at(n, fmt.Sprintf("%s %q: it must be a number between 1 and 2147483647", n.Key(), n.Text()))
	}
	return v, nil
}

func ports(n *yamldoc.Node) (decide.PortStrategy, error) {
	if n == nil {
		return "", nil
	}
	p, err := decide.ParsePorts(n.Text())
	if err != nil {
		return "", at(n, err.Error())
	}
	return p, nil
}

func texts(n *yamldoc.Node) []string {
	if n.Kind() == yamldoc.Scalar && n.Text() != "" {
		return []string{n.Text()}
	}
	var all []string
	for _, item := range n.Items() {
		all = append(all, item.Text())
	}
	return all
}

// known refuses keys that a mapping cannot have.
func known(n *yamldoc.Node, keys []string) error {
	if n == nil || n.IsNull() {
		return nil
	}
	if n.Kind() != yamldoc.Mapping {
		return at(n, "expected keys and values here")
	}
	for _, key := range n.Keys() {
		if !contains(keys, key) {
			return at(n.Get(key), fmt.Sprintf("unknown key %q%s", key, didYouMean(keys, key)))
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// didYouMean suggests the key that a wrong one was meant to be.
func didYouMean(keys []string, wrong string) string {
	if best := Nearest(wrong, keys); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return "; known are " + strings.Join(keys, ", ")
}

func at(n *yamldoc.Node, msg string) error {
	line := n.KeyLine()
	if line == 0 {
		line = n.Line()
	}
	return &source.Error{Place: source.Place{Path: n.Document().File().Path, Line: line}, Msg: msg}
}
