package yamldoc

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

const sample1 = `# head
x: &x
  user: root
  env: {A: "1"}
services:
  # about web
  web: # trailing
    <<: *x
    ports:
    - "80:80" # first
    - &p 443
    - *p
    user: app
    script: |
      one
        two
    empty:
  db:
    <<: [{user: db}, *x]
    on: yes
    n: 0x10
    no: ~
`

func TestNodes(t *testing.T) {
	r := mustParse(t, "f.yaml", sample1).Roots()[0]
	web, db := r.Find("services", "web"), r.Find("services", "db")
	yes, isBool := db.Get("on").Bool()
	sixteen, isInt := db.Get("n").Int()
	_, textIsInt := web.Find("ports", 0).Int()
	check := func(name string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	check("own before merged", web.Get("user").Text(), "app")
	check("earlier merged first", db.Get("user").Text(), "db")
	check("merged", db.Find("env", "A").Text(), "1")
	check("own only", web.Own("env") == nil, true)
	check("keys", web.Keys(), []string{"ports", "user", "script", "empty"})
	check("all keys", web.AllKeys(), []string{"ports", "user", "script", "empty", "env"})
	check("items follow aliases", web.Get("ports").Items()[2].Text(), "443")
	check("alias", r.Get("x").Aliases()[1].Parent() == db, true)
	check("alias key", r.Get("x").Aliases()[1].Key(), "<<")
	check("aliases", len(r.Get("x").Aliases()), 2)
	check("anchor", web.Find("ports", 1).Anchor(), "p")
	check("anchor owner", r.Find("x", "env", "A").AnchorOwner() == r.Get("x"), true)
	check("no anchor owner", web.Get("user").AnchorOwner() == nil, true)
	check("bool", []bool{yes, isBool}, []bool{true, true})
	check("int", []any{sixteen, isInt, textIsInt}, []any{16, true, false})
	check("null", []bool{db.Get("no").IsNull(), web.Get("empty").IsNull(), web.Get("absent").IsNull()}, []bool{true, true, false})
	check("head comment", web.HeadComment(), "# about web")
	check("comment", web.Comment(), "# trailing")
	check("comment of an item", web.Find("ports", 0).Comment(), "# first")
	check("lines", []int{web.Line(), web.KeyLine(), web.EndLine(), web.Get("script").EndLine(), web.Place().Line}, []int{8, 7, 17, 16, 7})
	check("key of an item", web.Find("ports", 0).Key()+web.Find("ports").Key(), "ports")
	check("style", []Style{web.Style(), r.Find("x", "env").Style(), web.Get("script").Style(), web.Find("ports", 0).Style()},
		[]Style{Block, Flow, Literal, DoubleQuoted})
	check("kind", []Kind{web.Kind(), web.Get("ports").Kind(), web.Get("user").Kind(), r.Get("x").Aliases()[0].Kind()},
		[]Kind{Mapping, Sequence, Scalar, Alias})
	check("span of an anchored scalar", r.Document().File().Text(web.Find("ports", 1).Span()), "443")
}

func TestBlockOffset(t *testing.T) {
	const file = "a: |\n    one\n      two\nb: \"x\\ty\"\nc: 'p q'\nd: >\n  f g\n  h\n"
	r := mustParse(t, "f.yaml", file).Roots()[0]
	for _, c := range []struct {
		key, part string
		ok        bool
	}{{"a", "one", true}, {"a", "two", true}, {"b", "x", true}, {"b", "\t", false}, {"b", "y", true}, {"c", "q", true}, {"d", "h", true}} {
		n := r.Get(c.key)
		at, ok := n.BlockOffset(strings.Index(n.Text(), c.part))
		if ok != c.ok || ok && !strings.HasPrefix(file[at:], c.part) {
			t.Errorf("%s in %s: got %d, %t", c.part, c.key, at, ok)
		}
	}
	if _, ok := r.Get("a").BlockOffset(99); ok {
		t.Error("an offset beyond the text was mapped")
	}
}

func TestNilNodes(t *testing.T) {
	var n *Node
	if n.Get("a").Find("b", 0).Own("c").Parent() != nil || n.Text()+n.Key()+n.Anchor()+n.Comment()+n.HeadComment() != "" ||
		n.IsNull() || n.IsEmptyMap() || n.Items() != nil || n.Keys() != nil || n.AllKeys() != nil || n.Kind() != NoKind ||
		n.Style() != NoStyle || n.Line()+n.KeyLine()+n.EndLine() != 0 || n.Place() != (source.Place{}) ||
		n.Span() != (source.Span{}) || n.Document() != nil || n.AnchorOwner() != nil || n.Aliases() != nil {
		t.Error("nil is not all zero")
	}
	if _, ok := n.BlockOffset(0); ok {
		t.Error("nil has text")
	}
}

func TestParseErrors(t *testing.T) {
	bomb := "a0: &a0 [1]\n"
	for i := 1; i < 20; i++ {
		at := string(rune('a' + i))
		before := "a0"
		if i > 1 {
			before = string(rune('a' + i - 1))
		}
		bomb += at + ": &" + at + " [" + strings.Repeat("*"+before+", ", 9) + "]\n"
	}
	for _, c := range []struct{ name, content, want string }{
		{"tab", "a:\n\tb: 1\n", "f.yaml:2:1: parse YAML: "},
		{"tab below a value", "a:\n  b: 1\n  c: d\n\te: 1\nf: 1\n", "f.yaml:4:1: parse YAML: found a tab"},
		{"key of a long mapping", "# head\n\na: 1\nb: 2\nc: [3]\n- d\ne: 4\n", "f.yaml:6:1: parse YAML: "},
		{"quote that nobody closes", "a: 'b\n\n  c'\nd: 'e\nf: 1\n", "f.yaml:4:1: parse YAML: found unexpected end of stream"},
		{"template", "a: 1\n{{ if }}\n", "is it a template?"},
		{"unknown anchor", "b: 1\na: *x\nc: 1\n", "f.yaml:2:1: parse YAML: unknown anchor 'x'"},
		{"aliases multiply", bomb, "aliases stand for too many values"},
		{"anchor in itself", "a: &a\n  b: [*a]\n", `f.yaml:2:7: parse YAML: anchor "a" contains itself`},
		{"UTF-16", "\xff\xfea\x00", "UTF-16"},
	} {
		_, err := Parse(source.NewFile("f.yaml", []byte(c.content)))
		var e *source.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestDocumentsOfAStream(t *testing.T) {
	d := mustParse(t, "f.yaml", "# only a comment\n---\n---\na: 1\n...\n---\n# nothing\n---\nb: 2\n")
	if len(d.Roots()) != 2 || d.Roots()[1].Get("b").Line() != 9 {
		t.Errorf("got %d documents", len(d.Roots()))
	}
}

// TestDeepAndWide: nesting and size cost no more than their length. A quadratic step would take minutes here.
func TestDeepAndWide(t *testing.T) {
	deep := ""
	for i := range 200 {
		deep += spaces(i) + "a:\n"
	}
	deep += spaces(200) + "a: 1\n"
	wide := "l:\n" + strings.Repeat("- n: 1\n  # c\n  i: 2\n", 17_000)
	for _, content := range []string{deep, wide, "a: [" + strings.Repeat("{b: 1}, ", 20_000) + "]\n"} {
		d := mustParse(t, "f.yaml", content)
		var ops []source.Op
		for _, n := range collect(d, (*Node).isMapping) {
			ops = append(ops, set(n, "x.y", List{"z"}), set(n, "x.w", 1))
		}
		mustLower(t, d, ops)
	}
}

// TestConfirmObjects: Confirm notices what Lower must never do.
func TestConfirmObjects(t *testing.T) {
	d := mustParse(t, "f.yaml", "a: 1 # c\nb: &x [p, q]\nd: *x\n")
	ops := one(set(d.Roots()[0], "e", "f"))
	good := "a: 1 # c\nb: &x [p, q]\nd: *x\ne: f\n"
	if err := d.Confirm(ops, []byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"a lost comment":    {" # c", ""},
		"another value":     {"a: 1", "a: 2"},
		"another type":      {"a: 1", "a: \"1\""},
		"another order":     {"a: 1 # c\nb: &x [p, q]\n", "b: &x [p, q]\na: 1 # c\n"},
		"a lost key":        {"d: *x\n", ""},
		"a lost item":       {"p, q", "p"},
		"a lost anchor":     {"&x [p, q]\nd: *x", "[p, q]\nd: [p, q]"},
		"the op not done":   {"e: f\n", ""},
		"the op done wrong": {"e: f", "e: g"},
		"a further key":     {"e: f", "e: f\ng: h"},
		"a document more":   {"e: f\n", "e: f\n---\ng: h\n"},
		"no YAML":           {"e: f", "e: [f"},
	} {
		if err := d.Confirm(ops, []byte(strings.Replace(good, change[0], change[1], 1))); err == nil {
			t.Errorf("%s was not noticed", name)
		}
	}
}
