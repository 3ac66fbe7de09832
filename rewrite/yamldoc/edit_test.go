package yamldoc

import (
	"errors"
	"strings"
	"testing"

	"github.com/offroot/offroot/rewrite/source"
)

type editCase struct {
	name, file, before string
	ops                func(r *Node) []source.Op
	after              string
}

func set(in *Node, path string, v any) *Set {
	return &Set{In: in, Path: strings.Split(path, "."), Value: v}
}

func one(op source.Op) []source.Op { return []source.Op{op} }

func runEdits(t *testing.T, cases []editCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.file == "" {
				c.file = "f.yaml"
			}
			d := mustParse(t, c.file, c.before)
			got := mustLower(t, d, c.ops(d.Roots()[0]))
			if string(got) != c.after {
				t.Errorf("got\n%s\nwant\n%s\n%q", got, c.after, got)
			}
		})
	}
}

func setUser(r *Node) []source.Op { return one(set(r, "web.user", Quoted("1:1"))) }

func appendDrop(r *Node) []source.Op {
	return one(&Append{In: r.Get("c"), Path: []string{"sc", "drop"}, Value: "ALL"})
}

func TestSetInsertsKeys(t *testing.T) {
	runEdits(t, []editCase{
		{"below the last key", "", "web:\n  image: a\nother: 1\n", setUser, "web:\n  image: a\n  user: \"1:1\"\nother: 1\n"},
		{"as deep as the keys", "", "web:\n    image: a\n", setUser, "web:\n    image: a\n    user: \"1:1\"\n"},
		{"below a block scalar", "", "web:\n  image: |\n    x\n\n    y\n\nother: 1\n", setUser,
			"web:\n  image: |\n    x\n\n    y\n  user: \"1:1\"\n\nother: 1\n"},
		{"below the blank lines that a block scalar keeps", "", "web:\n  image: |+\n    x\n\nother: 1\n", setUser,
			"web:\n  image: |+\n    x\n\n  user: \"1:1\"\nother: 1\n"},
		{"below comments that belong to the last value", "", "web:\n  image: a\n    # b\n  # c\nother: 1\n", setUser,
			"web:\n  image: a\n    # b\n  user: \"1:1\"\n  # c\nother: 1\n"},
		{"the neighbour's lines stay", "", "web:\n  \"image\": a   # x\n\n\n# other\nother: 1\n", setUser,
			"web:\n  \"image\": a   # x\n  user: \"1:1\"\n\n\n# other\nother: 1\n"},
		{"the key is empty", "", "web:\nother: 1\n", setUser, "web:\n  user: \"1:1\"\nother: 1\n"},
		{"the key is empty with a comment", "", "web: # soon\nother: 1\n", setUser, "web: # soon\n  user: \"1:1\"\nother: 1\n"},
		{"null", "", "web: null\nother: 1\n", setUser, "web:\n  user: \"1:1\"\nother: 1\n"},
		{"null with a comment", "", "web: ~  # soon\n", setUser, "web:  # soon\n  user: \"1:1\"\n"},
		{"empty map with comments below", "", "web: {}\n  # user: root\nother: 1\n", setUser,
			"web:\n  user: \"1:1\"\n  # user: root\nother: 1\n"},
		{"comments between key and value", "", "web:\n  # a\n\n  # b\n  image: c\n", setUser,
			"web:\n  # a\n\n  # b\n  image: c\n  user: \"1:1\"\n"},
		{"CRLF", "", "web:\r\n  image: a\r\nother: 1\r\n", setUser, "web:\r\n  image: a\r\n  user: \"1:1\"\r\nother: 1\r\n"},
		{"CRLF, null, no final newline", "", "a: 1\r\nweb: null", setUser, "a: 1\r\nweb:\r\n  user: \"1:1\""},
		{"byte order mark", "", "\ufeffweb:\n  image: a\n", setUser, "\ufeffweb:\n  image: a\n  user: \"1:1\"\n"},
		{"no final newline", "", "web:\n  image: a", setUser, "web:\n  image: a\n  user: \"1:1\""},
		{"no final newline, empty", "", "web:", setUser, "web:\n  user: \"1:1\""},
		{"no final newline, and the last value grows", "", "web:\n  port: 80", func(r *Node) []source.Op {
			return append(setUser(r), &SetText{Node: r.Find("web", "port"), Text: "8080"})
		}, "web:\n  port: 8080\n  user: \"1:1\""},
		{"next line in a comment", "", "x: 1 # a\u0085y: 2\nweb:\n  image: a\n", setUser,
			"x: 1 # a\u0085y: 2\nweb:\n  image: a\n  user: \"1:1\"\n"},
		{"wide runes", "", "\"世界\": 🌍\nк: [🌍, é]\nweb: {é: 🌍}\n", setUser,
			"\"世界\": 🌍\nк: [🌍, é]\nweb: {é: 🌍, user: \"1:1\"}\n"},
		{"before an end marker", "", "web:\n  image: a\n...\n---\nb: 1\n", setUser,
			"web:\n  image: a\n  user: \"1:1\"\n...\n---\nb: 1\n"},
		{"behind a marker", "", "--- # x\nweb:\n  image: a\n--- \nb: 1\n", setUser,
			"--- # x\nweb:\n  image: a\n  user: \"1:1\"\n--- \nb: 1\n"},
		{"next to a merge key", "", "x: &x\n  a: 1\nweb:\n  <<: *x\n  image: a\n", setUser,
			"x: &x\n  a: 1\nweb:\n  <<: *x\n  image: a\n  user: \"1:1\"\n"},
		{"over a merged scalar", "", "x: &x\n  user: root\nweb:\n  <<: *x\n", setUser,
			"x: &x\n  user: root\nweb:\n  <<: *x\n  user: \"1:1\"\n"},
		{"anchor on an empty map", "", "web: &w {}\n", func(r *Node) []source.Op {
			return one(&Set{In: r.Get("web"), Path: []string{"user"}, Value: "a"})
		}, "web: &w\n  user: a\n"},
		{"sequence of empty items", "", "l:\n- {}\n-\n- a: 1\n", func(r *Node) []source.Op {
			return []source.Op{set(r.Find("l", 0), "x.v", 1), set(r.Find("l", 1), "z", "t"), set(r.Find("l", 2), "b", nil)}
		}, "l:\n- x:\n    v: 1\n- z: t\n- a: 1\n  b: null\n"},
		{"empty root", "", "# c\n{}\n", func(r *Node) []source.Op { return one(set(r, "a.b", true)) }, "# c\na:\n  b: true\n"},
		{"alphabetical among themselves, drop before add", "", "c:\n  z: 1\n", func(r *Node) []source.Op {
			c := r.Get("c")
			return []source.Op{set(c, "caps.drop", List{"ALL"}), set(c, "caps.add", List{"CHOWN"}), set(c, "b", 2), set(c, "a.d", 1)}
		}, "c:\n  z: 1\n  a:\n    d: 1\n  b: 2\n  caps:\n    drop:\n      - ALL\n    add:\n      - CHOWN\n"},
		{"nested and outer at once", "", "a:\n  b:\n    c: 1\nz: 1\n", func(r *Node) []source.Op {
			return []source.Op{set(r, "a.v", 1), set(r, "a.b.d", 2), set(r, "a.b.e.f", 3)}
		}, "a:\n  b:\n    c: 1\n    d: 2\n    e:\n      f: 3\n  v: 1\nz: 1\n"},
	})
}

func TestSetPlaces(t *testing.T) {
	at := func(p Place) func(r *Node) []source.Op {
		return func(r *Node) []source.Op { return one(&Set{In: r.Find("l", 0), Path: []string{"m"}, Value: 1, At: p}) }
	}
	runEdits(t, []editCase{
		{"above", "", "l:\n- z: 1\n  # about b\n  b: 2\n", at(Place{Above: []string{"b"}}), "l:\n- z: 1\n  m: 1\n  # about b\n  b: 2\n"},
		{"above the first of two", "", "l:\n- z: 1\n  c: 2\n  b: 2\n", at(Place{Above: []string{"b", "c"}}), "l:\n- z: 1\n  m: 1\n  c: 2\n  b: 2\n"},
		{"below", "", "l:\n- z:\n    y: 1\n  b: 2\n", at(Place{Above: []string{"x"}, Below: []string{"z", "x"}}), "l:\n- z:\n    y: 1\n  m: 1\n  b: 2\n"},
		{"first, behind the dash", "", "l:\n  - z: 1\n    b: 2\n", at(Place{AsFirst: true}), "l:\n  - m: 1\n    z: 1\n    b: 2\n"},
		{"above the key behind the dash", "", "l:\n# c\n- z: 1\n", at(Place{Above: []string{"z"}}), "l:\n# c\n- m: 1\n  z: 1\n"},
		{"four sorted keys keep their order", "", "l:\n- a: 1\n  b: 1\n  l: 1\n  z: 1\n", at(Place{Above: []string{"a"}}), "l:\n- a: 1\n  b: 1\n  l: 1\n  m: 1\n  z: 1\n"},
		{"three prove nothing", "", "l:\n- a: 1\n  l: 1\n  z: 1\n", at(Place{}), "l:\n- a: 1\n  l: 1\n  z: 1\n  m: 1\n"},
		{"flow", "", "l: [{z: 1, b: 2}]\n", at(Place{Above: []string{"b"}}), "l: [{z: 1, m: 1, b: 2}]\n"},
	})
}

func TestSetChangesValues(t *testing.T) {
	to := func(v any) func(r *Node) []source.Op { return func(r *Node) []source.Op { return one(set(r, "a", v)) } }
	runEdits(t, []editCase{
		{"number", "", "a: 80 # web\n", to(8080), "a: 8080 # web\n"},
		{"quotes stay", "", "a:   '80'   # web\n", to(8080), "a:   '8080'   # web\n"},
		{"anchor stays", "", "a: &p 80\nb: *p\n", func(r *Node) []source.Op { return one(&Set{In: r.Get("a"), Value: 81}) }, "a: &p 81\nb: *p\n"},
		{"text that would be a number", "", "a: root\n", to("1000"), "a: \"1000\"\n"},
		{"text that would be a base 60 number", "", "a: root\n", to("1000:50"), "a: \"1000:50\"\n"},
		{"text that would be a bool", "", "a: root\n", to("off"), "a: \"off\"\n"},
		{"plain text", "", "a: all\n", to("ALL"), "a: ALL\n"},
		{"always quoted", "", "a: root\n", to(Quoted("x")), "a: \"x\"\n"},
		{"empty", "", "a:\n", to(true), "a: true\n"},
		{"empty with a comment", "", "a:  # x\n", to("t"), "a: t  # x\n"},
		{"escape next to the change", "", "a: \"\\u0041 80 \\n\"\n", to("A 8080 \n"), "a: \"\\u0041 8080 \\n\"\n"},
		{"over lines", "", "a: one\n  two\nb: 1\n", to("three"), "a: three\nb: 1\n"},
		{"scalar to list", "", "a: x # c\nb: 1\n", to(List{"v"}), "a: # c\n  - v\nb: 1\n"},
		{"list to scalar", "", "a:\n- x\n- y\nb: 1\n", to(false), "a: false\nb: 1\n"},
		{"list to list", "", "a:\n- x\n- y\nb: 1\n", to(List{"z"}), "a:\n- z\nb: 1\n"},
		{"flow list to inline", "", "a: [x, y] # c\n", to(Inline{"z", 1}), "a: [z, 1] # c\n"},
		{"the same", "", "a: [x, y]\n", to(List{"x", "y"}), "a: [x, y]\n"},
		{"in flow", "", "{a: x, b: }\n", func(r *Node) []source.Op {
			return []source.Op{set(r, "a", "y, z"), set(r, "b", 1)}
		}, "{a: \"y, z\", b: 1 }\n"},
	})
}

func TestAppend(t *testing.T) {
	to := func(vs ...any) func(r *Node) []source.Op {
		return func(r *Node) []source.Op {
			var ops []source.Op
			for _, v := range vs {
				ops = append(ops, &Append{In: r, Path: []string{"a"}, Value: v})
			}
			return ops
		}
	}
	runEdits(t, []editCase{
		{"not indented", "", "a:\n- x # c\nb: 1\n", to("v", "v"), "a:\n- x # c\n- v\nb: 1\n"},
		{"indented", "", "a:\n    - x\n", to("v", "z"), "a:\n    - x\n    - v\n    - z\n"},
		{"map", "", "a:\n- x: 1\n  y: 2\n", to(Map{{"q", List{1}}, {"p", "t"}}), "a:\n- x: 1\n  y: 2\n- p: t\n  q:\n  - 1\n"},
		{"map with a name", "", "a:\n- name: x\n  y: 2\n", to(Map{{"name", "z"}, {"b", 1}}), "a:\n- name: x\n  y: 2\n- name: z\n  b: 1\n"},
		{"map with a name, sorted", "", "a:\n- b: 2\n  name: x\n", to(Map{{"name", "z"}, {"b", 1}}), "a:\n- b: 2\n  name: x\n- b: 1\n  name: z\n"},
		{"first map with a name", "", "b: 1\na: []\n", to(Map{{"name", "z"}, {"b", 1}}), "b: 1\na:\n  - name: z\n    b: 1\n"},
		{"flow", "", "a: [x]\n", to("y: z"), "a: [x, \"y: z\"]\n"},
		{"flow over lines", "", "a: [\n  x,\n  y\n]\n", to("z"), "a: [\n  x,\n  y,\n  z\n]\n"},
		{"empty", "", "a: []\nb: 1\n", to("x"), "a:\n  - x\nb: 1\n"},
		{"absent", "", "b: 1\n", to("x"), "b: 1\na:\n  - x\n"},
		{"null in flow", "", "{a: null}\n", to("x"), "{a: [x]}\n"},
	})
	runEdits(t, []editCase{
		{"style of the same container", "", "c:\n    x:\n      - 1\nd:\n- 1\n", appendDrop, "c:\n    x:\n      - 1\n    sc:\n        drop:\n          - ALL\nd:\n- 1\n"},
		{"style of the list around", "", "l:\n- q\nc: {}\nm:\n    - x: 1\n", func(r *Node) []source.Op {
			return one(&Append{In: r.Find("m", 0), Path: []string{"drop"}, Value: "ALL"})
		}, "l:\n- q\nc: {}\nm:\n    - x: 1\n      drop:\n          - ALL\n"},
		{"no list in a manifest", "", "apiVersion: v1\nc:\n  x: 1\n", appendDrop, "apiVersion: v1\nc:\n  x: 1\n  sc:\n    drop:\n    - ALL\n"},
		{"no list elsewhere", "", "c:\n  x: 1\n", appendDrop, "c:\n  x: 1\n  sc:\n    drop:\n      - ALL\n"},
	})
}

func TestDelete(t *testing.T) {
	del := func(path ...any) func(r *Node) []source.Op {
		return func(r *Node) []source.Op { return one(&Delete{Node: r.Find(path...)}) }
	}
	runEdits(t, []editCase{
		{"with its comments", "", "a: 1\n\n# one\n# two\nb: # x\n  # y\n  - z # w\n# three\nc: 1\n", del("b"), "a: 1\n\n# three\nc: 1\n"},
		{"comments kept", "", "# one\nb: 1 # x\nc: 1\n", func(r *Node) []source.Op {
			return one(&Delete{Node: r.Get("b"), KeepComments: true})
		}, "# one\nc: 1\n"},
		{"what is left empty goes", "", "a:\n  # n\n  b:\n    c: 1\nd: 1\n", del("a", "b", "c"), "d: 1\n"},
		{"never the root", "", "# h\na:\n  b: 1\n", del("a", "b"), "# h\n{}\n"},
		{"behind the dash", "", "l:\n- a: 1 # x\n  b: 2\n- c: 1\n", del("l", 0, "a"), "l:\n- b: 2\n- c: 1\n"},
		{"item", "", "l:\n- a\n# about b\n- b\n- c\n", del("l", 1), "l:\n- a\n- c\n"},
		{"first nested item", "", "- - a\n  - b\n- c\n", del(0, 0), "- - b\n- c\n"},
		{"in flow", "", "a: {x: 1, y: 2, z: 3}\n", del("a", "y"), "a: {x: 1, z: 3}\n"},
		{"last in flow", "", "a: [x, y ]\n", del("a", 1), "a: [x ]\n"},
		{"no final newline", "", "a: 1\nb: 2", del("b"), "a: 1"},
		{"no final newline, blank line above", "", "a: 1\r\n\r\nb: 2", del("b"), "a: 1"},
		{"in the anchor", "", "x: &x\n  user: root\n  a: 1\ny:\n  <<: *x\n", del("y", "user"), "x: &x\n  a: 1\ny:\n  <<: *x\n"},
		{"first below a byte order mark, above a comment", "", "\ufeffa: 1\n# b\nb: 2\n",
			func(r *Node) []source.Op { return one(&Delete{Node: r.Get("a")}) }, "\ufeff# b\nb: 2\n"},
		{"alias", "", "x: &x 1\ny: *x\nz: 1\n", func(r *Node) []source.Op { return one(&Delete{Node: r.Own("y")}) }, "x: &x 1\nz: 1\n"},
		{"a whole list at once", "", "l:\n- a\n- b\nm: 1\n", func(r *Node) []source.Op {
			return []source.Op{&Delete{Node: r.Find("l", 0)}, &Delete{Node: r.Find("l", 1)}}
		}, "m: 1\n"},
		{"one goes, another comes", "", "m:\n  a: 1\n", func(r *Node) []source.Op {
			return []source.Op{&Delete{Node: r.Find("m", "a")}, set(r.Get("m"), "b", 2)}
		}, "m:\n  b: 2\n"},
		{"last goes, another comes, no final newline", "", "a: 1\nb: 1", func(r *Node) []source.Op {
			return []source.Op{&Delete{Node: r.Get("b")}, set(r, "c", 2)}
		}, "a: 1\nc: 2"},
	})
}

func TestSetText(t *testing.T) {
	text := func(s string) func(r *Node) []source.Op {
		return func(r *Node) []source.Op { return one(&SetText{Node: r.Get("a"), Text: s}) }
	}
	runEdits(t, []editCase{
		{"plain", "", "a: 8082:80 # c\n", text("8082:8080"), "a: 8082:8080 # c\n"},
		{"number stays number", "", "a: 80\n", text("8080"), "a: 8080\n"},
		{"plain that would be a number", "", "a: 22:80\n", text("22:22"), "a: \"22:22\"\n"},
		{"single quoted", "", "a: 'it''s 80'\n", text("it's '8080"), "a: 'it''s ''8080'\n"},
		{"double quoted", "", "a: \"\\x41 80\\\n  b\"\n", text("A 8080b"), "a: \"\\x41 8080\\\n  b\"\n"},
		{"literal, lines that differ", "", "a: |\n  listen 80;\n\n    x  \n  listen 80;\nb: 1\n",
			text("listen 8080;\n\n  x  \nlisten 8080;\n"), "a: |\n  listen 8080;\n\n    x  \n  listen 8080;\nb: 1\n"},
		{"literal, CRLF", "", "a: |\r\n  x 80\r\n  y\r\nb: 1\r\n", text("x 8080\ny\n"), "a: |\r\n  x 8080\r\n  y\r\nb: 1\r\n"},
		{"literal, a line more", "", "a: |-\n  x\n  y\nb: 1\n", text("x\nz\n\ny"), "a: |-\n  x\n  z\n\n  y\nb: 1\n"},
		{"literal, a line less, no final newline", "", "a: |-\n  x\n  y", text("x"), "a: |-\n  x"},
		{"folded, within a word", "", "a: >\n  curl\n  http://x:80/\nb: 1\n", text("curl http://x:8080/\n"), "a: >\n  curl\n  http://x:8080/\nb: 1\n"},
	})
}

func TestReplace(t *testing.T) {
	with := Map{{"z", List{"x"}}, {"a", Map{{"k", 1}}}}
	swap := func(r *Node) []source.Op { return one(&Replace{Node: r.Get("p"), With: with}) }
	runEdits(t, []editCase{
		{"comment moves to the last line", "", "# h\np: true   # c\nq: 1\n", swap, "# h\nz:\n  - x\na:\n  k: 1   # c\nq: 1\n"},
		{"comment on the key of a block", "", "p: # c\n  x: 1\nq: 1\n", swap, "z:\n  - x\na:\n  k: 1 # c\nq: 1\n"},
		{"in flow", "", "{p: 1, q: 1}\n", swap, "{z: [x], a: {k: 1}, q: 1}\n"},
		{"behind a dash", "", "- p: 1\n  q: 1\n", func(r *Node) []source.Op {
			return one(&Replace{Node: r.Find(0, "p"), With: with})
		}, "- z:\n    - x\n  a:\n    k: 1\n  q: 1\n"},
		{"no final newline", "", "q: 1\np: 1", swap, "q: 1\nz:\n  - x\na:\n  k: 1"},
	})
}

func TestJSON(t *testing.T) {
	const pretty = "{\n    \"a\": {\n        \"b\": 1,\n        \"l\": [\n            \"x\"\n        ]\n    },\n    \"e\": {}\n}\n"
	runEdits(t, []editCase{
		{"above the last key, expanded as the file", "f.json", pretty, func(r *Node) []source.Op {
			return []source.Op{set(r.Get("a"), "s.t", List{"u"}), set(r.Get("e"), "f", true)}
		}, strings.NewReplacer("        \"l\"", "        \"s\": {\n            \"t\": [\n                \"u\"\n            ]\n        },\n        \"l\"",
			"{}", "{\n        \"f\": true\n    }").Replace(pretty)},
		{"append", "f.json", pretty, func(r *Node) []source.Op {
			return one(&Append{In: r, Path: []string{"a", "l"}, Value: "y"})
		}, strings.Replace(pretty, "\"x\"", "\"x\",\n            \"y\"", 1)},
		{"delete", "f.json", pretty, func(r *Node) []source.Op { return one(&Delete{Node: r.Get("e")}) },
			strings.Replace(pretty, ",\n    \"e\": {}", "", 1)},
		{"delete what is left empty", "f.json", pretty, func(r *Node) []source.Op { return one(&Delete{Node: r.Find("a", "l", 0)}) },
			strings.Replace(pretty, ",\n        \"l\": [\n            \"x\"\n        ]", "", 1)},
		{"compact", "f.json", `{"a":{"b":1,"c":[1,2]}}`, func(r *Node) []source.Op {
			return []source.Op{set(r, "a.d", "x"), &Append{In: r, Path: []string{"a", "c"}, Value: 3}}
		}, `{"a":{"b":1,"c":[1,2,3],"d":"x"}}`},
		{"tabs", "f.json", "{\n\t\"a\": {\n\t\t\"b\": 1\n\t}\n}\n", func(r *Node) []source.Op { return one(set(r, "a.c.d", Map{{"e", Map{{"f", 1}}}})) },
			"{\n\t\"a\": {\n\t\t\"c\": {\n\t\t\t\"d\": {\n\t\t\t\t\"e\": {\n\t\t\t\t\t\"f\": 1\n\t\t\t\t}\n\t\t\t}\n\t\t},\n\t\t\"b\": 1\n\t}\n}\n"},
	})
}

func TestRefusals(t *testing.T) {
	cases := []struct {
		name, before string
		ops          func(r *Node) []source.Op
		reason       string
	}{
		{"anchor on the way", "a: &x\n  b: 1\nc: *x\n", func(r *Node) []source.Op { return one(set(r, "a.d", 1)) },
			"the mapping at line 1 is the anchor &x, used at line 3"},
		{"alias at the target", "a: &x\n  b: 1\nc: *x\n", func(r *Node) []source.Op { return one(set(r, "c.d", 1)) },
			"line 3 uses the anchor &x of line 1"},
		{"merged map on the way", "a: &x\n  sc: {b: 1}\nc:\n  <<: *x\n", func(r *Node) []source.Op { return one(set(r, "c.sc.d", 1)) },
			"sc is merged into the mapping at line 4 from line 2"},
		{"anchor that is used goes", "a: &x\n  b: 1\nc: *x\n", func(r *Node) []source.Op { return one(&Delete{Node: r.Get("a")}) },
			"line 1 holds the anchor &x, used at line 3"},
		{"tag", "a: !x {b: 1}\n", func(r *Node) []source.Op { return one(set(r, "a.c", 1)) }, "the mapping at line 1 has the tag !x"},
		{"template", "a: '{{ .x }}'\n", func(r *Node) []source.Op { return one(set(r, "a", 1)) }, "the value at line 1 is a template"},
		{"repeated key", "a: 1\nb: 1\na: 2\n", func(r *Node) []source.Op { return one(set(r, "a", 1)) }, "the key a is repeated at line 3"},
		{"complex key", "? a\n: b\nc: 1\n", func(r *Node) []source.Op { return one(set(r, "d", 1)) }, "writes a key with ? at line 1"},
		{"flow shape", "{a: 1,\n b: 2, c: 3}\n", func(r *Node) []source.Op { return one(set(r, "d", 1)) },
			"the flow mapping at line 1 has several lines, and several entries on a line"},
		{"not a mapping", "a: x\n", func(r *Node) []source.Op { return one(set(r, "a.b", 1)) }, "the value at line 1 is not a mapping"},
		{"contradiction", "a: 1\n", func(r *Node) []source.Op { return []source.Op{set(r, "b.c", 1), set(r, "b.c", 2)} }, `it contradicts "set b.c: 1"`},
		{"contradicting values", "a: 1\n", func(r *Node) []source.Op { return []source.Op{set(r, "a", 3), set(r, "a", 2)} }, `it contradicts "set a: 3"`},
		{"set below what goes", "a:\n  b: 1\n  c: 1\n", func(r *Node) []source.Op {
			return []source.Op{&Delete{Node: r.Get("a")}, set(r, "a.d", 2)}
		}, "another op deletes what it changes"},
		{"two keys on a line", "a: 1 # x\u0085b: 2\nc: 3\n", func(r *Node) []source.Op { return one(&Delete{Node: r.Get("b")}) }, "shares its line"},
		{"block scalar without a line break", "a: |\n  x", func(r *Node) []source.Op { return one(set(r, "b", 1)) }, "not ended by a line break"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := mustParse(t, "f.yaml", c.before)
			_, err := d.Lower(c.ops(d.Roots()[0]))
			var r *source.Refusal
			if !errors.As(err, &r) || !strings.Contains(r.Reason, c.reason) {
				t.Errorf("got %v, want a refusal with %q", err, c.reason)
			}
		})
	}
}
