package evidence

import (
	"strings"
	"testing"
)

func TestConventions(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		env        map[string]string
		files      []string
	}{
		{"laravel", "/app/bootstrap/cache/ /app/storage/", nil, []string{"artisan\nx", "bootstrap/app.php\n<?php"}},
		{"laravel with sqlite", "/app/bootstrap/cache/ /app/database/ /app/storage/", map[string]string{"DB_CONNECTION": "sqlite"}, []string{"artisan\nx", "bootstrap/app.php\n<?php", "config/database.php\n<?php"}},
		{"laravel below", "/app/src/bootstrap/cache/ /app/src/storage/", nil, []string{"src/artisan\nx", "src/bootstrap/app.php\n<?php"}},
		{"symfony", "/app/var/", nil, []string{"config/bundles.php\n<?php", "bin/console\nx"}},
		{"rails", "/app/log/ /app/storage/ /app/tmp/", nil, []string{"config.ru\nrun Rails.application", "config/application.rb\nx", "config/storage.yml\nlocal:\n  service: Disk\n"}},
		{"rails with sqlite", "/app/storage/<production.sqlite3 /app/tmp/", map[string]string{"RAILS_LOG_TO_STDOUT": "1"}, []string{"config.ru\nrun Rails.application", "config/application.rb\nx", "config/database.yml\ndefault:\n  adapter: sqlite3\ntest:\n  database: storage/test.sqlite3\nproduction:\n  database: storage/production.sqlite3\n"}},
		{"rack", "", nil, []string{"config.ru\nrun App"}},
		{"wordpress", "/app/wp-content/uploads/", nil, []string{"wp-load.php\n<?php"}},
		{"next", "/app/.next/cache/", nil, []string{"next.config.js\nmodule.exports = { output: 'standalone' }"}},
		{"next that is exported", "", nil, []string{"next.config.js\nmodule.exports = { output: 'export' }"}},
		{"prisma", "/app/prisma/<dev.db", nil, []string{"prisma/schema.prisma\ndatasource db {\n  provider = \"sqlite\"\n  url = \"file:./dev.db\"\n}"}},
		{"prisma variable", "/data/<x.db(env:DATABASE_URL)", map[string]string{"DATABASE_URL": "file:/data/x.db"}, []string{"prisma/schema.prisma\ndatasource db {\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}"}},
		{"prisma variable that is not known", "?(env:DATABASE_URL)", nil, []string{"prisma/schema.prisma\ndatasource db {\n  provider = \"sqlite\"\n  url = env(\"DATABASE_URL\")\n}"}},
		{"prisma with a server", "", nil, []string{"prisma/schema.prisma\ndatasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}"}},
		{"logback", "/var/log/x/ /var/log/x/<a.log(env)", nil, nil},
		{"typeorm module", "/app/data/<x.db", nil, []string{"a.ts\nTypeOrmModule.forRoot({ type: 'better-sqlite3', database: 'data/x.db', synchronize: true })"}},
		{"typeorm with a server", "", nil, []string{"a.ts\n// sqlite\nTypeOrmModule.forRoot({ type: 'postgres', database: 'shop' })"}},
		{"libsql", "/app/<local.db", nil, []string{"a.ts\ncreateClient({ url: 'file:local.db' })"}},
		{"nedb", "/app/data/<x.db", nil, []string{"a.js\nnew Datastore({ filename: 'data/x.db', autoload: true })"}},
		{"leveldb", "/app/db/", nil, []string{"a.js\nlevelup(leveldown('./db'))"}},
		{"h2 in code", "/app/data/<x", nil, []string{"A.java\nclass A { String u = \"jdbc:h2:./data/x;MODE=MySQL\"; String v = \"jdbc:h2:mem:x\"; String w = \"jdbc:h2:tcp://h/x\"; }"}},
		{"entity framework", "/app/<app.db", nil, []string{"A.cs\nclass A { void F() { o.UseSqlite(\"Data Source=app.db\"); o.UseSqlServer(\"Data Source=host;Initial Catalog=x\"); } }"}},
		{"gorm", "/app/<a.db /app/<b.db", nil, []string{"main.go\npackage main\nimport (\n\"gorm.io/gorm\"\n\"gorm.io/driver/sqlite\"\n)\nfunc main() { gorm.Open(\"sqlite3\", \"a.db\"); gorm.Open(sqlite.Open(\"b.db\"), nil) }"}},
		{"temporary directory", "/tmp/~", nil, []string{"a.py\nwith tempfile.TemporaryDirectory() as d, x() as y:\n  z.extractall(d)\n  open(os.path.join(d, 'x'), 'w')\n"}},
		{"temporary file", "/tmp/~", nil, []string{"a.py\nt = tempfile.NamedTemporaryFile()\nshutil.copy(a, t.name)\n"}},
		{"in memory and to standard output", "/dev/stdout~", nil, []string{"a.py\nb = io.BytesIO()\nplt.savefig(b)\ndf.to_csv(sys.stdout)\n"}},
		{"temporary in JavaScript", "/tmp/<x-~ /tmp/~", nil, []string{"a.js\nconst d = fs.mkdtempSync(path.join(os.tmpdir(), 'x-'))\nfs.writeFileSync(path.join(d, 'y'), s)"}},
		{"removal of what is not known", "", nil, []string{"a.js\nfs.unlinkSync(process.env.X)\nfs.rmSync(y)"}},
		{"member of a class of another file", "/data/x/", nil, []string{"a.js\nclass Db {}\nDb.dir = '/data/'", "b.js\nfs.mkdirSync(path.join(Db.dir, 'x'))"}},
		{"field", "/data/", nil, []string{"a.js\nclass A {\n  dir = '/data'\n  f() { fs.mkdirSync(this.dir) }\n}"}},
	} {
		if tt.name == "logback" {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			if got := summary(scanFiles(Options{Env: tt.env}, tt.files...)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
	text := "src/main/resources/logback-spring.xml\n<configuration>\n<property name=\"LOGS\" value=\"${LOG_DIR:-/var/log}/x\"/>\n<file>${LOGS}/a.log</file>\n<fileNamePattern>${LOGS}/a.%d.gz</fileNamePattern></configuration>"
	if got := summary(scanFiles(Options{}, text)); got != "/var/log/x/<a.log" {
		t.Errorf("logback: got %q", got)
	}
	if got := summary(scanFiles(Options{Env: map[string]string{"LOG_DIR": "/l"}}, text)); got != "/l/x/<a.log" {
		t.Errorf("logback with its variable: got %q", got)
	}
}

func TestUsesHome(t *testing.T) {
	for _, tt := range []struct {
		file, text string
		env        map[string]string
		want       int
	}{
		{"a.py", "p = os.path.expanduser('~/.x')\nq = Path.home() / 'y'\n# Path.home()\n", nil, 2},
		{"a.py", "import transformers\nfrom matplotlib import pyplot\n", nil, 2},
		{"a.py", "import transformers\nimport matplotlib\n", map[string]string{"HF_HOME": "/c", "MPLCONFIGDIR": "/c"}, 0},
		{"a.py", "from prefect import flow\nnltk.download('x')\n", nil, 2},
		{"a.py", "home = 'page'\nos.environ['HOMEPAGE']", nil, 0},
		{"a.js", "os.homedir(); process.env.HOME\nconst p = process.env.HOMEPAGE", nil, 1},
		{"a.js", "import puppeteer from 'puppeteer'\nexecSync('npx prisma migrate deploy')", nil, 2},
		{"main.go", "package main\nfunc f() {\n os.UserHomeDir()\n os.Getenv(\"HOME\") }", nil, 2},
		{"a.rb", "Dir.home\nENV['HOME']", nil, 2},
		{"A.java", "System.getProperty(\"user.home\")", nil, 1},
		{"A.cs", "Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)\nservices.AddDataProtection();", nil, 2},
		{"start.sh", "#!/bin/sh\nmkdir -p $HOME/.x\ncp a ~/b\nnpm run start\necho \"$HOMEPAGE\"", nil, 3},
		{"application.properties", "spring.datasource.url=jdbc:h2:file:~/db\nx=${user.home}/y", nil, 2},
	} {
		r := scanFiles(Options{Env: tt.env}, tt.file+"\n"+tt.text)
		if len(r.UsesHome) != tt.want {
			var got []string
			for _, f := range r.UsesHome {
				got = append(got, f.Place.String()+" "+f.What)
			}
			t.Errorf("%s %q: got %d, want %d\n%s", tt.file, tt.text, len(r.UsesHome), tt.want, strings.Join(got, "\n"))
		}
	}
}
