package evidence

import (
	"strings"
	"testing"
)

func TestEntries(t *testing.T) {
	const out = "fs.mkdirSync('/no')"
	for _, tt := range []struct {
		name    string
		entries string // separated by "; "
		want    string
		reached int
		files   []string
	}{
		{"imports", "server/server.js", "/data/", 2, []string{"server/server.js\nconst d = require('./db')", "server/db.js\nfs.mkdirSync('/data')", "extra/release/lib.mjs\n" + out}},
		{"without entries", "", "/data/ /no/", 0, []string{"server/server.js\nrequire('./db')", "server/db.js\nfs.mkdirSync('/data')", "extra/lib.mjs\n" + out}},
		{"unknown entry", "other.js", "/no/", 0, []string{"server.js\n" + out}},
		{"all kinds of imports", "a.mjs", "/1/ /2/ /3/ /4/", 5, []string{"a.mjs\nimport './1.mjs'\nimport { x } from './2.mjs'\nexport * from './3.mjs'\nawait import('./4.mjs')", "1.mjs\nfs.mkdirSync('/1')", "2.mjs\nfs.mkdirSync('/2')", "3.mjs\nfs.mkdirSync('/3')", "4.mjs\nfs.mkdirSync('/4')", "5.mjs\n" + out}},
		{"index", "app", "/data/", 2, []string{"app.js\nrequire('./routes')", "routes/index.ts\nfs.mkdirSync('/data')", "b.js\n" + out}},
		{"compiled", "dist/main.js", "/data/", 2, []string{"src/main.ts\nimport { X } from './x.js'", "src/x.ts\nfs.mkdirSync('/data')", "src/y.ts\n" + out}},
		{"compiled in a repository of several", "dist/apps/api/main.js", "/data/", 1, []string{"apps/api/src/main.ts\nfs.mkdirSync('/data')", "apps/web/src/main.ts\n" + out}},
		{"below a directory that is copied", "main:app", "/data/", 1, []string{"backend/main.py\nos.mkdir('/data')", "tools2/x.py\nos.mkdir('/no')"}},
		{"absolute", "/app/server.js", "/data/", 1, []string{"server.js\nfs.mkdirSync('/data')", "b.js\n" + out}},
		{"computed import", "a.js", "/no/", 0, []string{"a.js\nrequire(name)", "b.js\n" + out}},
		{"computed import below a directory", "a.js", "/data/", 2, []string{"a.js\nrequire(path.join(__dirname, 'routes', f))", "routes/r.js\nfs.mkdirSync('/data')", "b.js\n" + out}},
		{"template import", "a.js", "/data/", 2, []string{"a.js\nawait import(`./routes/${f}.js`)", "routes/r.js\nfs.mkdirSync('/data')", "b.js\n" + out}},
		{"worker", "a.js", "/data/", 2, []string{"a.js\nnew Worker(path.join(__dirname, 'jobs', 'w.js'))", "jobs/w.js\nfs.mkdirSync('/data')", "b.js\n" + out}},
		{"alias", "src/a.ts", "/data/", 2, []string{"tsconfig.json\n{\"compilerOptions\": {\"paths\": {\"@lib/*\": [\"./src/lib/*\"]}}}", "src/a.ts\nimport x from '@lib/x'", "src/lib/x.ts\nfs.mkdirSync('/data')", "src/y.ts\n" + out}},
		{"package of the repository", "apps/a/a.js", "/data/", 2, []string{"packages/p/package.json\n{\"name\": \"@me/p\", \"main\": \"lib/p.js\"}", "apps/a/a.js\nrequire('@me/p')", "packages/p/lib/p.js\nfs.mkdirSync('/data')", "y.ts\n" + out}},
		{"by convention", "server.js", "/no/", 0, []string{"server.js\nconst next = require('next')", "pages/x.js\n" + out}},
		{"entities by pattern", "src/main.ts", "/no/", 0, []string{"src/main.ts\nconst o = { entities: [__dirname + '/**/*.entity{.ts,.js}'] }", "src/y.ts\n" + out}},
		{"idle, but imported", "a.js", "/data/", 2, []string{"a.js\nrequire('./docs/x')", "docs/x.js\nfs.mkdirSync('/data')", "docs/y.js\n" + out}},
		{"python", "app.py", "/1/ /2/ /3/ /4/", 6, []string{"app.py\nimport one, json\nfrom pkg import two\nfrom pkg.three import x", "one.py\nos.mkdir('/1')", "pkg/__init__.py\nos.mkdir('/4')", "pkg/two.py\nfrom . import five\nos.mkdir('/2')", "pkg/three.py\nos.mkdir('/3')", "pkg/five.py\nx", "make-data.py\nos.mkdir('/no')"}},
		{"python relative", "shop.api:app", "/1/", 4, []string{"shop/__init__.py\n", "shop/api/__init__.py\nfrom ..db import (\n  a as b,\n  c)\n", "shop/db/__init__.py\n", "shop/db/c.py\nos.mkdir('/1')", "x.py\nos.mkdir('/no')"}},
		{"python module", "-m pkg.mod", "/1/", 2, []string{"pkg/__init__.py\n", "pkg/mod.py\nos.mkdir('/1')", "x.py\nos.mkdir('/no')"}},
		{"python source directory", "-m pkg", "/1/", 2, []string{"src/pkg/__init__.py\n", "src/pkg/__main__.py\nos.mkdir('/1')", "x.py\nos.mkdir('/no')"}},
		{"the context is a package", "app.py", "/1/", 2, []string{"__init__.py\n", "app.py\nos.mkdir('/1')", "x.py\nos.mkdir('/no')"}},
		{"python in a string", "app.py", "/1/", 2, []string{"app.py\nuvicorn.run('web:app')", "web.py\nos.mkdir('/1')", "x.py\nos.mkdir('/no')"}},
		{"python computed", "app.py", "/1/ /no/", 0, []string{"app.py\nimportlib.import_module(name)", "web.py\nos.mkdir('/1')", "x.py\nos.mkdir('/no')"}},
		{"django", "manage.py", "/no/", 0, []string{"manage.py\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'a.settings')", "x.py\nos.mkdir('/no')"}},
		{"ruby", "app.rb", "/1/", 2, []string{"app.rb\nrequire 'sinatra'\nrequire_relative 'lib/x'", "lib/x.rb\nDir.mkdir('/1')", "y.rb\nDir.mkdir('/no')"}},
		{"php", "index.php", "/1/", 2, []string{"index.php\n<?php require __DIR__ . '/inc/x.php';", "inc/x.php\n<?php mkdir('/1');", "y.php\n<?php mkdir('/no');"}},
		{"php with composer", "index.php", "/no/", 0, []string{"index.php\n<?php require 'vendor/autoload.php';", "y.php\n<?php mkdir('/no');"}},
		{"go", "./cmd/a", "/1/", 2, []string{"go.mod\nmodule example.com/m\n", "cmd/a/main.go\npackage main\nimport \"example.com/m/x\"\n", "x/x.go\npackage x\nimport \"os\"\nfunc f() { os.Mkdir(\"/1\", 0) }", "cmd/b/main.go\npackage main\nimport \"os\"\nfunc f() { os.Mkdir(\"/no\", 0) }"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var entries []string
			if tt.entries != "" {
				entries = strings.Split(tt.entries, "; ")
			}
			r := scanFiles(Options{Entries: entries}, tt.files...)
			if got := summary(r); got != tt.want || r.Reachable != tt.reached {
				t.Errorf("got  %q with %d files\nwant %q with %d", got, r.Reachable, tt.want, tt.reached)
			}
		})
	}
}

func TestIdleDirectoryIsTheProgram(t *testing.T) {
	const settings = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(BASE_DIR, 'db.sqlite3')}}\nBASE_DIR = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))"
	const mkdir = "package main\nimport \"os\"\nfunc main() { os.Mkdir(\"/data\", 0) }"
	for _, tt := range []struct {
		name, want string
		files      []string
	}{
		{"named by manage.py", "/app/<db.sqlite3", []string{"manage.py\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'example.settings')", "example/settings.py\n" + settings, "example/tests/x.py\nos.mkdir('/no')"}},
		{"the only settings", "/app/<db.sqlite3", []string{"example/settings.py\n" + settings}},
		{"settings of an example", "", []string{"settings.py\nx = 1", "examples/shop/settings.py\n" + settings}},
		{"the only program", "/data/", []string{"docs/main.go\n" + mkdir}},
		{"an example in Go", "", []string{"main.go\npackage main\nfunc main() {}", "examples/a/main.go\n" + mkdir}},
	} {
		if got := summary(scanFiles(Options{}, tt.files...)); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestMainOnly(t *testing.T) {
	const flask = "app.py\nfrom flask import Flask\napp = Flask(__name__)\n\ndef main():\n    os.mkdir('/data')\n    app.run(port=5000)\n\nif __name__ == '__main__':\n    main()\n"
	for _, tt := range []struct {
		entry, listens, writes string
		main                   bool
	}{
		{"", "5000", "/data/", true},
		{"app.py", "5000", "/data/", true},
		{"-m app", "5000", "/data/", true},
		{"app:app", "", "", false},
		{"app", "", "", false},
		{"app:main", "5000", "/data/", false},
		{"app.py:app", "", "", false},
	} {
		opts := Options{}
		if tt.entry != "" {
			opts.Entries = []string{tt.entry}
		}
		r := scanFiles(opts, flask)
		if got := listening(r); got != tt.listens {
			t.Errorf("%q: listens %q, want %q", tt.entry, got, tt.listens)
		}
		if got := summary(r); got != tt.writes {
			t.Errorf("%q: writes %q, want %q", tt.entry, got, tt.writes)
		}
		if len(r.Listens) == 1 && r.Listens[0].Main != tt.main {
			t.Errorf("%q: Main is %v", tt.entry, r.Listens[0].Main)
		}
	}
	both := scanFiles(Options{}, "a.py\nuvicorn.run(app, port=80)\nif __name__ == '__main__':\n    uvicorn.run(app, port=81)\nuvicorn.run(app, port=82)\n")
	if both.Listens[0].Main || !both.Listens[1].Main || both.Listens[2].Main {
		t.Errorf("got %+v", both.Listens)
	}
}

func TestEntriesOf(t *testing.T) {
	for _, tt := range []struct{ command, want string }{
		{"node --enable-source-maps -r ./x.js dist/main.js --port 80", "dist/main.js"},
		{"node server", "server"},
		{"python -u app.py", "app.py"},
		{"python3 -m pkg.mod --x", "-m pkg.mod"},
		{"python -m gunicorn -b :80 shop.api:app", "shop.api:app"},
		{"gunicorn --bind 0.0.0.0:80 -w 4 shop.wsgi", "shop.wsgi:application"},
		{"uvicorn --host 0.0.0.0 main:app", "main:app"},
		{"flask --app web run", "web:app"},
		{"flask run --host 0.0.0.0", "wsgi.py:app app.py:app"},
		{"celery -A proj worker", "proj:app"},
		{"streamlit run app.py", "app.py"},
		{"uwsgi --http :80 --wsgi-file app.py", "app.py:application"},
		{"fastapi run app/main.py", "app/main.py:app"},
		{"ruby app.rb -o 0.0.0.0", "app.rb"},
		{"go run ./cmd/x", "./cmd/x"},
		{"./run.sh", "./run.sh"},
		{"nginx -g daemon", ""},
		{"python -c x", ""},
	} {
		words := strings.Fields(tt.command)
		if got := strings.Join(EntriesOf(words[0], words[1:]), " "); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.command, got, tt.want)
		}
	}
}

func TestBuildsAtStart(t *testing.T) {
	for _, tt := range []struct{ command, want string }{
		{"go run ./cmd/x", "go run"},
		{"cargo run --release", "cargo run"},
		{"./mvnw -q spring-boot:run", "mvn spring-boot:run"},
		{"mvn -pl app spring-boot:run -DskipTests", "mvn spring-boot:run"},
		{"./gradlew :app:bootRun", "gradle bootRun"},
		{"dotnet run --no-launch-profile", "dotnet run"},
		{"dotnet watch", "dotnet watch"},
		{"dotnet App.dll", ""},
		{"sh -c \"npm run build && node dist/x.js\"", "npm run build"},
		{"npm run build:css && node x", "npm run build:css"},
		{"npm --prefix web run build", "npm run build"},
		{"npm start", ""},
		{"npm run start", ""},
		{"yarn build", "yarn build"},
		{"yarn start", ""},
		{"pnpm install; node x.js", "pnpm install"},
		{"npm ci", "npm ci"},
		{"tsc -p . && node dist", "tsc"},
		{"npx tsc", "tsc"},
		{"tsc --noEmit && node x", ""},
		{"NODE_ENV=production webpack --mode production", "webpack"},
		{"nodemon --exec go run .", "go run"},
		{"vite preview", ""},
		{"vite --host", "vite"},
		{"next start", ""},
		{"next dev", "next dev"},
		{"nest start", "nest start"},
		{"bundle exec rails assets:precompile", "rails assets:precompile"},
		{"bundle exec puma", ""},
		{"node server.js", ""},
		{"python manage.py runserver", ""},
		{"python -m pip install -r x", "pip install"},
		{"/go/bin/app run", ""},
		{"", ""},
	} {
		if got, ok := BuildsAtStart(tt.command); ok != (tt.want != "") || ok && got != tt.want {
			t.Errorf("%s: got %q %v, want %q", tt.command, got, ok, tt.want)
		}
	}
}
