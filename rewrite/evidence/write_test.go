package evidence

import (
	"fmt"
	"sort"
	"strings"
	"testing"
	"testing/fstest"
)

// scan reads files given as "name\ntext"; the context lies in /app of the image.
func scanFiles(opts Options, files ...string) Report {
	fsys := fstest.MapFS{}
	for _, f := range files {
		name, text, _ := strings.Cut(f, "\n")
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	if opts.Workdir == "" {
		opts.Workdir = "/app"
	}
	if opts.Mapped == nil {
		opts.Mapped = func(p string) (string, bool) { return "/app/" + strings.TrimPrefix(p, "./"), true }
	}
	return Scan(fsys, ".", opts)
}

// brief writes a path as one word: a directory ends in a slash, what decides it follows in brackets.
func brief(p Path) string {
	s := p.Path
	if p.Dir && s != "/" {
		s += "/"
	}
	if p.File != "" {
		s += "<" + p.File[strings.LastIndexByte(p.File, '/')+1:]
	}
	if p.Temp {
		s += "~"
	}
	if p.Via != "" {
		s += "(" + p.Via + ")"
	}
	return s
}

func summary(r Report) string {
	var out []string
	for _, p := range r.Writes {
		out = append(out, brief(p))
	}
	for _, p := range r.Unknown {
		out = append(out, "?"+brief(p))
	}
	sort.Strings(out)
	return strings.Join(dedupe(out), " ")
}

var writeCases = []struct {
	name, file, text, want string
}{
	{"literal", "a.js", `const fs = require('fs'); fs.writeFileSync('out.txt', x)`, "/app/out.txt"},
	{"bare import", "a.mjs", `import { writeFile } from 'node:fs/promises'; await writeFile("/data/x.json", s)`, "/data/x.json"},
	{"require in place", "a.js", `require("fs").writeFileSync("uploads/x","1")`, "/app/uploads/x"},
	{"directory", "a.js", `fs.mkdirSync('db', { recursive: true })`, "/app/db/"},
	{"joined with an unknown name", "a.js", "const UP = path.join(__dirname, 'uploads')\nfs.createWriteStream(path.join(UP, req.params.name))", "/app/uploads/"},
	{"template", "a.ts", "const DIR: string = '/data';\nawait fs.promises.writeFile(`${DIR}/${id}.json`, s)", "/data/"},
	{"concatenation", "a.js", `const dir = '/data/'; fs.appendFileSync(dir + 'log-' + day + '.txt', s)`, "/data/"},
	{"environment with default", "a.js", `const D = process.env.DATA_DIR || '/data'; fs.mkdirSync(D)`, "/data/(env:DATA_DIR)"},
	{"nullish", "a.js", `const D = process.env.DATA_DIR ?? "./data"; fs.mkdirSync(path.resolve(D, 'x'))`, "/app/data/x/(env:DATA_DIR)"},
	{"environment without default", "a.js", `fs.writeFileSync(process.env.OUT, s)`, "?(env:OUT)"},
	{"destructured", "a.js", "const { DATA_DIR = '/data', PORT } = process.env\nfs.mkdirSync(DATA_DIR)", "/data/(env:DATA_DIR)"},
	{"unknown", "a.js", `function save(file) { fs.writeFileSync(file, s) }`, "?"},
	{"parameter hides a constant", "a.js", "const file = '/data/a'\nfunction save(file) { fs.writeFileSync(file, s) }", "?"},
	{"loop", "a.js", "for (const d of dirs) fs.mkdirSync(d)", "?"},
	{"directory of nothing", "a.js", "const f = process.env.F || ''\nfs.mkdirSync(path.dirname(f))", "?"},
	{"reading", "a.js", `fs.readFileSync('a'); fs.openSync('b', 'r'); fs.createReadStream('c')`, ""},
	{"open", "a.js", `fs.openSync('/data/b', 'a')`, "/data/b"},
	{"rename", "a.js", `fs.renameSync(tmp, '/data/b')`, "/data/<b"},
	{"temporary", "a.js", `fs.writeFileSync(path.join(os.tmpdir(), 'x'), s)`, "/tmp/x~"},
	{"comment and regex", "a.js", "// fs.writeFileSync('no')\nconst re = /fs.mkdirSync('x')/;\n/* fs.mkdirSync('y') */", ""},
	{"sqlite3", "a.js", `const db = new sqlite3.Database('db/parcel.sqlite')`, "/app/db/<parcel.sqlite"},
	{"sqlite3 in memory", "a.js", `new sqlite3.Database(':memory:')`, ""},
	{"better-sqlite3", "a.js", "const Database = require('better-sqlite3')\nconst db = new Database(path.join(process.cwd(), 'data', 'app.db'), {})", "/app/data/<app.db"},
	{"sequelize", "a.js", `new Sequelize({ dialect: 'sqlite', storage: './data/db.sqlite' })`, "/app/data/<db.sqlite"},
	{"sequelize url", "a.js", `new Sequelize('sqlite:data/x.db')`, "/app/data/<x.db"},
	{"knex", "a.js", "require('knex')({ client: 'sqlite3', connection: { filename: './my.sqlite' } })", "/app/<my.sqlite"},
	{"lowdb", "a.js", `const adapter = new JSONFile('file.json')`, "/app/<file.json"},
	{"multer", "a.js", `const upload = multer({ dest: 'uploads/' })`, "/app/uploads/"},
	{"multer in memory", "a.js", `const upload = multer()`, ""},
	{"multer disk storage", "a.js", "multer.diskStorage({ destination: function (req, file, cb) { cb(null, 'public/img') } })", "/app/public/img/"},
	{"winston", "a.js", `new winston.transports.File({ filename: 'logs/error.log', level: 'error' })`, "/app/logs/error.log"},
	{"esm directory", "a.mjs", "const dir = path.dirname(fileURLToPath(import.meta.url))\nfs.mkdirSync(path.join(dir, 'x'))", "/app/x/"},
	{"jsx text", "a.jsx", "export default () => <p>don't</p>\nfs.mkdirSync('x')", "/app/x/"},
	{"method of that name", "a.js", "const o = { level (a, b) { return a } }\nclass A { mkdir(x) { return x } }", ""},
	{"helper function", "a.js", "const at = (n) => path.join('/data', n)\nfs.writeFileSync(at('x'), s)", "/data/"},

	{"open", "a.py", "open('out.txt', 'w')\nopen('in.txt')\nopen('b', 'rb')\nopen('c', mode='ab')", "/app/c /app/out.txt"},
	{"makedirs", "a.py", "os.makedirs(os.path.join('/data', 'x'), exist_ok=True)", "/data/x/"},
	{"pathlib", "a.py", "BASE = Path(__file__).resolve().parent\nOUT = BASE / 'out'\nOUT.mkdir(exist_ok=True)\n(OUT / name).write_text('x')\n(BASE / 'a.log').open('a')", "/app/a.log /app/out/"},
	{"parents", "src/a.py", "ROOT = Path(__file__).parents[1]\n(ROOT / 'd').mkdir()", "/app/d/"},
	{"f-string", "a.py", "D = '/data'\nopen(f'{D}/x-{n}.txt', 'w')", "/data/"},
	{"format", "a.py", "open('/data/%s.txt' % n, 'w')\nopen('/logs/{}.txt'.format(n), 'w')", "/data/ /logs/"},
	{"environ", "a.py", "D = os.environ.get('D', '/data')\nos.mkdir(D)\nE = os.environ['E']\nopen(E, 'w')\nos.mkdir(os.getenv('F', default='/f'))", "/data/(env:D) /f/(env:F) ?(env:E)"},
	{"or", "a.py", "D = os.getenv('D') or '/data'\nos.mkdir(D)", "/data/(env:D)"},
	{"argparse", "a.py", "p.add_argument('--dir', required=True)\np.add_argument('--out-file', default='/o')\no = p.parse_args()\nK = os.path.join(o.dir, 'keys')\nos.makedirs(K)\nopen(o.out_file, 'w')", "/o(arg:--out-file) ?keys(arg:--dir)"},
	{"logging", "a.py", "logging.FileHandler('/var/log/app/a.log')\nRotatingFileHandler(filename='b.log')\nlogging.basicConfig(filename='c.log')\nlogging.basicConfig(level=1)", "/app/<b.log /app/c.log /var/log/app/<a.log"},
	{"dictConfig", "a.py", "LOGGING = {'handlers': {'f': {'class': 'logging.FileHandler', 'filename': 'logs/x.log'}}}", "/app/logs/<x.log"},
	{"sqlite3", "a.py", "sqlite3.connect('data/x.db')\nsqlite3.connect(':memory:')", "/app/data/<x.db"},
	{"sqlalchemy", "a.py", "e = create_engine('sqlite:///./app.db')\ncreate_engine('sqlite:////data/b.db')\ncreate_engine('sqlite://')", "/app/<app.db /data/<b.db"},
	{"sqlalchemy default", "a.py", "URL = os.getenv('DATABASE_URL', 'sqlite:///./app.db')", "/app/<app.db(env:DATABASE_URL)"},
	{"flask instance", "a.py", "app = Flask(__name__, instance_relative_config=True)\nos.makedirs(app.instance_path)\nDB = os.path.join(app.instance_path, 'x.db')\nsqlite3.connect(DB)", "/app/instance/ /app/instance/<x.db"},
	{"flask address", "a.py", "app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///site.db'", "/app/instance/<site.db"},
	{"upload folder", "a.py", "app.config['UPLOAD_FOLDER'] = 'static/up'\nf.save(os.path.join(app.config['UPLOAD_FOLDER'], secure_filename(n)))", "/app/static/up/"},
	{"django", "site/settings.py", "BASE_DIR = Path(__file__).resolve().parent.parent\nDATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db.sqlite3'}}\nMEDIA_ROOT = os.path.join(BASE_DIR, 'media')\nSTATIC_ROOT = BASE_DIR / 'static'", "/app/<db.sqlite3 /app/media/"},
	{"django validators", "settings.py", "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': '/data/x', 'OPTIONS': {'a': 1}}}\nV = [{'NAME': 'a.B'}, {'NAME': 'c.D'}]", "/data/<x"},
	{"django with postgres", "settings.py", "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'x'}}", ""},
	{"tempfile", "a.py", "tempfile.NamedTemporaryFile()", "/tmp/~"},
	{"keyword is no assignment", "a.py", "f(path='/a')\nopen(path, 'w')", "?"},
	{"two functions", "a.py", "def a():\n  p = '/a'\n  open(p, 'w')\ndef b():\n  p = '/b'\n  open(p, 'w')", "/a /b"},
	{"branches differ", "a.py", "if x:\n  p = '/a'\nelse:\n  p = g()\nopen(p, 'w')", "?"},
	{"function result", "a.py", "def where(n):\n  return os.path.join('/data', n)\nopen(where(x), 'w')", "/data/"},

	{"file", "a.rb", "File.open('log/x', 'w') { |f| f }\nFile.open('r')\nFile.write(File.join('data', 'a'), s)", "/app/data/a /app/log/x"},
	{"fileutils", "a.rb", "FileUtils.mkdir_p \"tmp/pids\"\nFileUtils.mkdir_p(ENV.fetch('D', '/data'))", "/app/tmp/pids/ /data/(env:D)"},
	{"sqlite", "a.rb", "DB = SQLite3::Database.new 'data/x.db'", "/app/data/<x.db"},
	{"interpolation", "a.rb", "D = '/data'\nFile.open(\"#{D}/#{n}.txt\", 'a')", "/data/"},

	{"fopen", "a.php", "<h1>it's</h1><?php $f = __DIR__ . '/data/' . md5($p) . '.txt'; fopen($f, 'c+'); fopen('x', 'r');", "/app/data/"},
	{"put", "a.php", "<?php $dir = '/data'; file_put_contents(\"$dir/a.txt\", 1); file_put_contents(\"{$dir}/b.txt\", 1); mkdir('up', 0777);", "/app/up/ /data/a.txt /data/b.txt"},
	{"upload", "a.php", "<?php move_uploaded_file($_FILES['a']['tmp_name'], 'uploads/' . $name);", "/app/uploads/"},
	{"pdo", "a.php", "<?php $db = new PDO('sqlite:/data/x.db'); $e = new PDO('sqlite:' . __DIR__ . '/y.db');", "/app/<y.db /data/<x.db"},
	{"define", "a.php", "<?php define('DIR', '/data'); file_put_contents(DIR . '/x', 1);", "/data/x"},

	{"streams", "A.java", "class A { static final String DIR = \"/data\"; void f() { new FileWriter(DIR + \"/a\"); new FileOutputStream(\"b\"); Files.createDirectories(Paths.get(DIR, \"c\")); Files.writeString(Path.of(\"/d\"), s); } }", "/app/b /d /data/a /data/c/"},
	{"environment", "A.java", "class A { String d = System.getenv(\"D\"); void f() { new FileWriter(d); } }", "?(env:D)"},
	{"csharp", "A.cs", "class A { const string Dir = \"/data\"; void F() { File.WriteAllText(Path.Combine(Dir, \"a\"), s); Directory.CreateDirectory(\"up\"); File.ReadAllText(\"x\"); } }", "/app/up/ /data/a"},

	{"spring", "src/main/resources/application.properties", "logging.file.name=${LOG_DIR:/var/log}/app.log\nspring.datasource.url=jdbc:h2:file:./data/db;MODE=MySQL\n", "/app/data/<db /var/log/<app.log(env:LOG_DIR)"},
	{"spring yaml", "application.yml", "logging:\n  file:\n    name: logs/a.log\nspring:\n  datasource:\n    url: jdbc:h2:mem:x\n", "/app/logs/<a.log"},
	{"connection string", "appsettings.json", `{"ConnectionStrings": {"Default": "Data Source=data/app.db;Cache=Shared"}}`, "/app/data/<app.db"},
	{"next", "package.json", "{\"scripts\": {\n\"start\": \"next start -p 80\"}}", "/app/.next/cache/"},
	{"shell", "entrypoint.sh", "#!/bin/sh\nmkdir -p /var/spool/x\nenvsubst < a > /etc/nginx/conf.d/default.conf\necho x > /dev/null\n# mkdir /no\n", "/etc/nginx/conf.d/default.conf /var/spool/x/"},

	{"test file", "a.test.js", `fs.writeFileSync('x', s)`, ""},
	{"test directory", "__tests__/a.js", `fs.writeFileSync('x', s)`, ""},
	{"script of a package", "postinstall.sh", "mkdir -p /var/lib/x", ""},
	{"script of another platform", "heroku/start.php", "<?php mkdir('/x');", ""},
	{"dependency", "node_modules/a/a.js", `fs.writeFileSync('x', s)`, ""},
	{"configuration of a tool", "webpack.config.js", `fs.writeFileSync('x', s)`, ""},
}

func TestWrites(t *testing.T) {
	for _, tt := range writeCases {
		t.Run(tt.file+"/"+tt.name, func(t *testing.T) {
			if got := summary(scanFiles(Options{}, tt.file+"\n"+tt.text)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestGoWrites(t *testing.T) {
	const head = "package main\nimport (\n\"os\"\n\"flag\"\n\"fmt\"\n\"path/filepath\"\n\"database/sql\"\nbolt \"go.etcd.io/bbolt\"\n)\n"
	tests := []struct {
		name, text, want string
	}{
		{"constant", "const file = \"/data/links.json\"\nfunc save() { os.WriteFile(file+\".tmp\", b, 0o600); os.Rename(file+\".tmp\", file) }", "/data/<links.json /data/links.json.tmp"},
		{"helper", "func env(k, d string) string { if v := os.Getenv(k); v != \"\" { return v }; return d }\nfunc main() { s := env(\"SPOOL\", \"/var/spool\"); for _, d := range ds { os.MkdirAll(filepath.Join(s, d), 0o755) } }", "/var/spool/(env:SPOOL)"},
		{"flag", "func main() { d := flag.String(\"dir\", \"/data\", \"\"); os.MkdirAll(*d, 0o755); o := flag.String(\"out\", \"\", \"\"); os.Create(*o) }", "/data/(arg:--dir) ?(arg:--out)"},
		{"flag variable", "var dir string\nfunc main() { flag.StringVar(&dir, \"dir\", \"/data\", \"\"); os.Create(filepath.Join(dir, \"x\")) }", "/data/x(arg:--dir)"},
		{"default by hand", "func main() { d := os.Getenv(\"D\"); if d == \"\" { d = \"/data\" }; os.Mkdir(d, 0o755) }", "/data/(env:D)"},
		{"flags of open", "func main() { os.OpenFile(\"a\", os.O_CREATE|os.O_WRONLY, 0o644); os.OpenFile(\"b\", os.O_RDONLY, 0); os.Open(\"c\") }", "/app/a"},
		{"sql", "func main() { sql.Open(\"sqlite3\", \"file:data/x.db?cache=shared\"); sql.Open(\"postgres\", \"x\"); sql.Open(\"sqlite\", \":memory:\") }", "/app/data/<x.db"},
		{"bolt", "func main() { bolt.Open(\"my.db\", 0o600, nil) }", "/app/<my.db"},
		{"parameter", "func save(p string) { os.Create(p) }\nfunc main() { save(\"/data/x\") }", "/data/x"},
		{"parameter of two calls", "func save(p string) { os.Create(p) }\nfunc main() { save(\"/data/x\"); save(g()) }", "?"},
		{"field", "type S struct{ path string }\nfunc (s *S) save() { os.Create(s.path) }\nfunc main() { s := &S{path: \"/data/x\"}; s.save() }", "/data/x"},
		{"tags", "type C struct { Dir string `env:\"DIR\" envDefault:\"/data\"` }\nfunc f(c C) { os.Mkdir(c.Dir, 0o755) }", "/data/(env:DIR)"},
		{"sprintf", "func f(id int) { os.Create(fmt.Sprintf(\"/data/%d.json\", id)) }", "/data/"},
		{"temporary", "func f() { os.CreateTemp(\"\", \"x\"); os.Create(filepath.Join(os.TempDir(), \"y\")) }", "/tmp/y~ /tmp/~"},
		{"reassigned variable", "var dir = \"/a\"\nfunc f() { dir = g() }\nfunc h() { os.Mkdir(dir, 0o755) }", "?"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := summary(scanFiles(Options{}, "main.go\n"+head+tt.text)); got != tt.want {
				t.Errorf("got  %q\nwant %q", got, tt.want)
			}
		})
	}
}

func TestOptions(t *testing.T) {
	js := "server.js\nconst D = process.env.D || '/data'\nfs.mkdirSync(D)\nfs.writeFileSync(path.join(__dirname, 'x'), s)"
	got := scanFiles(Options{Env: map[string]string{"D": "/other"}}, js)
	if s := summary(got); s != "/app/x /other/(env:D)" {
		t.Errorf("known environment: got %q", s)
	}
	got = scanFiles(Options{Mapped: func(p string) (string, bool) { return "", false }}, js)
	if s := summary(got); s != "/data/(env:D) ?" {
		t.Errorf("file that is not in the image: got %q", s)
	}
	got = scanFiles(Options{Mapped: func(p string) (string, bool) { return "/srv", p == "." }}, js)
	if s := summary(got); s != "/data/(env:D) /srv/x" {
		t.Errorf("directory that is mapped: got %q", s)
	}
	got = scanFiles(Options{Ignore: func(p string) bool { return p == "server.js" }}, js)
	if got.Files != 0 {
		t.Errorf("ignored file is read")
	}
	got = scanFiles(Options{MaxFiles: 1}, js, "b.js\nx", "c.js\nx")
	if !got.Truncated || got.Files != 1 {
		t.Errorf("limit: %+v", got)
	}
	got = scanFiles(Options{MaxBytes: 10}, js)
	if !got.Truncated {
		t.Errorf("limit of bytes: %+v", got)
	}
	got = scanFiles(Options{Args: map[string]string{"--dir": "/kv"}}, "a.py\np.add_argument('--dir')\no = p.parse_args()\nos.mkdir(o.dir)")
	if s := summary(got); s != "/kv/(arg:--dir)" {
		t.Errorf("known option: got %q", s)
	}
}

func TestScanOf(t *testing.T) {
	fsys := fstest.MapFS{
		"svc/a/main.py":     {Data: []byte("DATA = '/data'\n")},
		"svc/a/sub/work.py": {Data: []byte("import os\nfrom main import DATA\nos.makedirs(os.path.join(DATA, 'x'))\n# getpass.getuser()\npwd.getpwuid(1)\n")},
		"svc/b/other.py":    {Data: []byte("open('x', 'w')")},
	}
	r := Scan(fsys, "svc/a", Options{})
	if len(r.Writes) != 1 || r.Writes[0].Path != "/data/x" || r.Writes[0].Place.String() != "svc/a/sub/work.py:3" {
		t.Errorf("got %+v", r.Writes)
	}
	if !r.NeedsAccount || len(r.Account) != 1 || r.Account[0].Place.Line != 5 {
		t.Errorf("account: %+v", r.Account)
	}
	if r.Writes[0].What != "creates /data/x" || r.Writes[0].Snippet != "os.makedirs(os.path.join(DATA, 'x'))" || !r.Writes[0].Certain || !r.Writes[0].Absolute {
		t.Errorf("got %+v", r.Writes[0])
	}
	relative := Scan(fstest.MapFS{"a.js": {Data: []byte("fs.mkdirSync('db')")}}, ".", Options{})
	if p := relative.Writes[0]; p.Absolute || p.Path != "db" {
		t.Errorf("without a working directory: %+v", p)
	}
	if fmt.Sprint(r.Languages) != "map[python:2]" {
		t.Errorf("languages: %v", r.Languages)
	}
}

func TestEndlessConstants(t *testing.T) {
	text := "a.js\nconst a0 = '/data'\n"
	for i := 1; i < 40; i++ {
		text += fmt.Sprintf("const a%d = a%d + a%d\n", i, i-1, i-1)
	}
	text += "const b = b + b\nfs.mkdirSync(a39)\nfs.mkdirSync(b)\n"
	if got := summary(scanFiles(Options{}, text)); got == "" {
		t.Error("nothing is reported")
	}
}
