package yamldoc

import (
	"errors"
	"testing"
	"unicode/utf8"

	"github.com/offroot/offroot/rewrite/source"
)

// shapes are small files with everything that makes locating and editing hard.
var shapes = []string{
	"a: 1\nb:\n  c: x # note\n",
	"spec:\n  containers:\n  - name: x\n    image: y\n  - {name: z, ports: [80, 443]}\n",
	"list:\n  - a\n  - 'b b'\n  - \"c\\n\\u0041\"\n",
	"# head\nk: |\n  line 1\n\n  line 2 # no comment\n# foot\nl: >-\n  folded\n  text\n",
	"x: &a\n  u: root\ny:\n  <<: *a\n  z: *a\nw:\n  <<: [*a]\n",
	"empty:\nnull1: null\nmap: {}\n  # comment\nseq: []\n",
	"---\na: 1\n...\n---\n# only\n---\n- - a\n  - b\n-\n- c: 1\n",
	"\ufeffa: 1\r\nb:\r\n  - x\r\n  - y # c\r\n",
	"a: 1 # x\u0085b: 2\nc: 3\n",
	"\"quoted key\": v\n'single': w\nключ: значение\n世界: 🌍 # ok\n",
	"? complex\n: value\n? [a, b]\n: c\n",
	"k: !!str 80\nt: !tag {a: b}\np: &p 80\nq: *p\n",
	"{\n  \"a\": 1,\n  \"b\": {\"c\": [\"d\"]},\n  \"e\": {\n    \"f\": null\n  }\n}\n",
	"{\"a\":1,\"b\":[1,2],\"c\":{}}",
	"a:\n  b: multi\n    line plain\n  c: \"multi\n    line\"",
	"k: |+\n  keep\n\n\nl: |2\n   indented\nm: |-\n  strip",
	"[a: b, {c: d}, [e, f], ]\n",
	"{a, b: , c: [x],}\n",
	"-   name: x\n    v: |\n      t\n- # note\n  name: y\n",
	"%YAML 1.1\n---\na: 1\n",
	"a: # c1\n  # c2\n  - x # c3\n  # c4\nb: 2\n",
}

func addSeeds(f *testing.F) {
	for _, s := range shapes {
		for pick := range uint8(6) {
			f.Add([]byte(s), pick, "key", "8080")
			f.Add([]byte(s), pick*7, "securityContext.drop", "text: #\n'x\"")
		}
	}
}

// parsed returns the document of data and the nodes that ops may name, nil if data is no YAML.
func parsed(data []byte) (*Document, []*Node) {
	if len(data) > 4096 {
		return nil, nil
	}
	d, err := Parse(source.NewFile("f.yaml", data))
	if err != nil {
		return nil, nil
	}
	var nodes []*Node
	for _, r := range d.roots {
		walk(r, func(n *Node) { nodes = append(nodes, n) })
	}
	return d, nodes
}

// holds is the invariant of all ops: Lower refuses, or its edits apply, keep the final newline and byte order mark as they
// were, parse, and pass Confirm, which compares data and comments.
func holds(t *testing.T, d *Document, ops ...source.Op) {
	t.Helper()
	for _, op := range ops {
		_, _ = op.String(), op.Place()
	}
	edits, err := d.Lower(ops)
	var refusal *source.Refusal
	if errors.As(err, &refusal) {
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", ops[0], err)
	}
	after, err := source.Apply(d.file.Content, edits)
	if err != nil {
		t.Fatalf("%s: %v", ops[0], err)
	}
	if err := d.Confirm(ops, after); err != nil {
		t.Fatalf("%s: %v\nbefore\n%q\nafter\n%q", ops[0], err, d.file.Content, after)
	}
	if was, is := d.file.HasFinalNewline(), source.NewFile("", after).HasFinalNewline(); was != is && len(after) > 0 {
		t.Fatalf("%s: final newline was %t, is %t\nbefore\n%q\nafter\n%q", ops[0], was, is, d.file.Content, after)
	}
}

func usable(s string) bool { return utf8.ValidString(s) && len(s) < 100 }

func pickFrom(nodes []*Node, i uint8) *Node {
	if len(nodes) == 0 {
		return nil
	}
	return nodes[int(i)%len(nodes)]
}

// FuzzSpans: nodes that are located decode to their text, lie within their parents and do not overlap.
func FuzzSpans(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte, _ uint8, _, _ string) {
		d, nodes := parsed(data)
		if d == nil || d.lost > 0 {
			return
		}
		for _, n := range nodes {
			if n.up != nil && !n.up.span.Contains(n.span) && n.span.Len() > 0 {
				t.Errorf("%q: %v is not within %v", data, n.span, n.up.span)
			}
			if n.start > n.span.Start || n.span.Start > n.end {
				t.Errorf("%q: start %d, span %v, end %d", data, n.start, n.span, n.end)
			}
			if n.isScalar() {
				n.textMap()
			}
		}
	})
}

func FuzzSet(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte, pick uint8, key, text string) {
		d, nodes := parsed(data)
		n := pickFrom(nodes, pick)
		if n == nil || !usable(key) || !usable(text) {
			return
		}
		holds(t, d, &Set{In: n, Path: []string{key}, Value: text})
		holds(t, d, &Set{In: n, Path: []string{key, "in"}, Value: Map{{text, 1}, {"b" + text, List{true, Quoted(text)}}}})
		if k := pickFrom(nodes, pick+1); n.isMapping() && len(n.kids) > 0 {
			own := n.kids[int(pick)%len(n.kids)|1].Key()
			holds(t, d, &Set{In: n, Path: []string{own}, Value: text}, &Set{In: n, Path: []string{"zz"}, Value: 1},
				&Set{In: k, Path: []string{key}, Value: nil, At: Place{Above: []string{own}}})
			holds(t, d, &Set{In: n, Path: []string{own}, Value: List{text}})
		}
		holds(t, d, &SetText{Node: n, Text: text})
		holds(t, d, &SetText{Node: n, Text: n.Text() + key})
	})
}

func FuzzAppend(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte, pick uint8, key, text string) {
		d, nodes := parsed(data)
		n := pickFrom(nodes, pick)
		if n == nil || !usable(key) || !usable(text) {
			return
		}
		holds(t, d, &Append{In: n, Value: text}, &Append{In: n, Value: Map{{"a", text}, {"b", List{1}}}})
		holds(t, d, &Append{In: n, Path: []string{key}, Value: text}, &Set{In: n, Path: []string{"a" + key}, Value: text})
	})
}

func FuzzDelete(f *testing.F) {
	addSeeds(f)
	f.Fuzz(func(t *testing.T, data []byte, pick uint8, key, text string) {
		d, nodes := parsed(data)
		n, other := pickFrom(nodes, pick), pickFrom(nodes, pick+uint8(len(key)))
		if n == nil || !usable(key) || !usable(text) {
			return
		}
		holds(t, d, &Delete{Node: n, KeepComments: pick%2 == 1})
		holds(t, d, &Delete{Node: n}, &Delete{Node: other})
		holds(t, d, &Delete{Node: n}, &Set{In: other, Path: []string{key}, Value: text})
		holds(t, d, &Replace{Node: n, With: Map{{key, text}, {key + "2", List{text}}}})
		holds(t, d, &Replace{Node: n, With: Map{{"b", Map{{key, 1}}}}}, &Delete{Node: other})
	})
}
