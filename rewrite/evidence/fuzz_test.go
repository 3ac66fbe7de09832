package evidence

import (
	"path"
	"testing"
	"testing/fstest"
)

// Invariants:
//  1. Scan returns and does not panic, whatever the text.
//  2. Every path that it reports as absolute is absolute and clean, every other is not.
//  3. Places lie within the file; ports are ports.
//  4. With the file as an entry it reports no more paths than without.
//  5. The same text gives the same report.
func FuzzScan(f *testing.F) {
	names := []string{"a.js", "a.py", "a.rb", "a.php", "A.java", "A.cs", "main.go", "run.sh", "application.yml", "appsettings.json", "settings.py", "schema.prisma", "logback.xml"}
	for i, s := range []string{
		"const U = path.join(__dirname, 'u')\nfs.createWriteStream(path.join(U, name))\napp.listen(process.env.PORT || 80)",
		"os.makedirs(os.path.join(D, f'{x}/y'))\nDB = Path(__file__).parent / 'x'\nDB.mkdir()", "File.open(\"#{a}/b\", 'w')", "<?php $a = \"{$b}/x\"; fopen($a . '/y', 'w');",
		"class A { void f() { new FileWriter(\"/a\" + b); } }", "File.WriteAllText($\"{a}/b\", c);", "package main\nimport \"os\"\nfunc f(p string) { f(p); os.Create(p + \"/x\") }",
		"mkdir -p /a/$B", "a:\n  b: ${C:/d}", `{"Url": "http://*:80"}`, "x = x + '/a'\nopen(x, 'w')",
	} {
		f.Add(uint8(i%len(names)), s)
	}
	f.Fuzz(func(t *testing.T, k uint8, text string) {
		if len(text) > 2000 {
			return
		}
		name := names[int(k)%len(names)]
		fsys := fstest.MapFS{name: {Data: []byte(text)}}
		r := Scan(fsys, ".", Options{Workdir: "/w"})
		for _, p := range r.Writes {
			if !p.Absolute || p.Path != path.Clean(p.Path) || p.Path[0] != '/' {
				t.Fatalf("path %+v", p)
			}
			if p.Place.Line < 1 || p.Place.Path != name {
				t.Fatalf("place %+v", p)
			}
		}
		for _, l := range r.Listens {
			if l.Port < 0 || l.Port > 65535 || l.Port == 0 && l.Env == "" && l.Arg == "" {
				t.Fatalf("listen %+v", l)
			}
		}
		entry := Scan(fsys, ".", Options{Workdir: "/w", Entries: []string{name}})
		if len(entry.Writes) > len(r.Writes) || len(entry.Unknown) > len(r.Unknown) || entry.Reachable > 1 {
			t.Fatalf("as an entry %+v", entry)
		}
		again := Scan(fsys, ".", Options{Workdir: "/w"})
		if len(again.Writes) != len(r.Writes) || len(again.Unknown) != len(r.Unknown) || len(again.Listens) != len(r.Listens) {
			t.Fatal("a second reading differs")
		}
	})
}
