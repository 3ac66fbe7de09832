package evidence

import "strings"

var pythonEffects = map[string][]effect{
	"open": {
		{on: "-", mode: 1, modes: "wax+", verb: "opens"},
		{on: "io codecs gzip bz2 lzma aiofiles", mode: 1, modes: "wax+", verb: "opens"},
		{on: "shelve dbm", kind: anEntry, verb: "creates"},
		{on: "lmdb", kind: aDir, verb: "creates"},
		{self: true, modes: "wax+", verb: "opens", sure: true},
	},
	"ZipFile":                       {{mode: 1, modes: "wax", verb: "writes"}},
	"makedirs":                      {{on: "os -", kind: aDir, verb: "creates"}, {on: "-", kind: aDir, verb: "creates"}},
	"mkdir":                         {{on: "os", kind: aDir, verb: "creates"}, {self: true, kind: aDir, verb: "creates"}},
	"touch":                         {{self: true, verb: "creates", sure: true}},
	"write_text":                    {{self: true, verb: "writes"}},
	"write_bytes":                   {{self: true, verb: "writes"}},
	"rename":                        {{on: "os shutil", arg: 1, kind: anEntry, verb: "renames to"}},
	"replace":                       {{on: "os", arg: 1, kind: anEntry, verb: "renames to"}},
	"renames":                       {{on: "os", arg: 1, kind: anEntry, verb: "renames to"}},
	"move":                          {{on: "shutil", arg: 1, kind: anEntry, verb: "moves to"}},
	"copy":                          {{on: "shutil", arg: 1, verb: "copies to"}},
	"copy2":                         {{on: "shutil", arg: 1, verb: "copies to"}},
	"copyfile":                      {{on: "shutil", arg: 1, verb: "copies to"}},
	"copytree":                      {{on: "shutil", arg: 1, kind: aDir, verb: "copies to"}},
	"symlink":                       {{on: "os", arg: 1, kind: anEntry, verb: "links"}},
	"remove":                        {{on: "os", kind: anEntry, verb: "removes", sure: true}},
	"unlink":                        {{on: "os", kind: anEntry, verb: "removes", sure: true}},
	"mkfifo":                        {{on: "os", kind: anEntry, verb: "creates"}},
	"FileHandler":                   {{keys: []string{"filename"}, kind: anEntry, verb: "logs to"}},
	"RotatingFileHandler":           {{keys: []string{"filename"}, kind: anEntry, verb: "logs to"}},
	"TimedRotatingFileHandler":      {{keys: []string{"filename"}, kind: anEntry, verb: "logs to"}},
	"WatchedFileHandler":            {{keys: []string{"filename"}, kind: anEntry, verb: "logs to"}},
	"ConcurrentRotatingFileHandler": {{keys: []string{"filename"}, kind: anEntry, verb: "logs to"}},
	"basicConfig":                   {{arg: -1, keys: []string{"filename"}, kind: aFile, verb: "logs to"}},
	"add":                           {{on: "logger", kind: anEntry, verb: "logs to", needs: "loguru", sure: true}},
	"connect":                       {{on: "sqlite3 aiosqlite duckdb", keys: []string{"database"}, kind: aDatabase, verb: "creates"}},
	"Connection":                    {{on: "apsw", kind: aDatabase, verb: "creates"}},
	"SqliteDatabase":                {{kind: aDatabase, verb: "creates"}},
	"SqliteExtDatabase":             {{kind: aDatabase, verb: "creates"}},
	"TinyDB":                        {{kind: aDatabase, verb: "writes"}},
	"PersistentClient":              {{keys: []string{"path"}, kind: aDir, verb: "creates"}},
	"DB":                            {{on: "plyvel rocksdb leveldb", kind: aDir, verb: "creates"}},
	"Cache":                         {{on: "diskcache", kind: aDir, verb: "creates"}},
	"save":                          {{kind: aFile, verb: "saves", needs: "secure_filename"}, {kind: aFile, verb: "saves", sure: true, needs: "import"}},
	"savefig":                       {{verb: "writes"}},
	"to_csv":                        {{verb: "writes", sure: true}},
	"to_parquet":                    {{verb: "writes", sure: true}},
	"to_pickle":                     {{verb: "writes", sure: true}},
	"to_excel":                      {{verb: "writes", sure: true}},
	"imwrite":                       {{verb: "writes"}},
	"dump":                          {{on: "joblib", arg: 1, verb: "writes"}},
	"urlretrieve":                   {{arg: 1, verb: "downloads to"}},
	"extractall":                    {{keys: []string{"path"}, kind: aDir, verb: "extracts to"}},
	"FileSystemStorage":             {{keys: []string{"location"}, kind: aDir, verb: "stores files in"}},
	"FileSystemCache":               {{kind: aDir, verb: "caches in"}},
	"mkdtemp":                       {{on: "tempfile", arg: -1, keys: []string{"dir"}, kind: aDir, verb: "creates", otherwise: "/tmp"}},
	"NamedTemporaryFile":            {{arg: -1, keys: []string{"dir"}, kind: aDir, verb: "creates", otherwise: "/tmp"}},
	"TemporaryDirectory":            {{arg: -1, keys: []string{"dir"}, kind: aDir, verb: "creates", otherwise: "/tmp"}},
}

// pythonSettings reads what frameworks are told to write: Flask's UPLOAD_FOLDER, Django's settings, the filename of a
// logging dictionary.
func (s *script) pythonSettings() {
	django := strings.Contains(s.path, "settings") || strings.Contains(s.text, "django.db.backends")
	for i, t := range s.toks {
		switch {
		case t.kind == tString && t.text == "filename" && s.tok(i+1).is(":") && strings.Contains(s.text, "Handler"):
			s.write(write{at: t.at, kind: anEntry, verb: "logs to", sure: true}, s.eval(s.parse(i+2), i, 0))
		case t.kind == tString && t.text == "NAME" && s.tok(i+1).is(":") && django && s.engine(i):
			s.write(write{at: t.at, kind: aDatabase, verb: "creates"}, s.eval(s.parse(i+2), i, 0))
		case t.kind == tString && t.text == "LOCATION" && s.tok(i+1).is(":") && django && strings.Contains(s.text, "FileBasedCache"):
			s.write(write{at: t.at, kind: aDir, verb: "caches in", sure: true}, s.eval(s.parse(i+2), i, 0))
		case t.is("MEDIA_ROOT") && s.tok(i+1).is("=") && django:
			s.write(write{at: t.at, kind: aDir, verb: "stores uploads in"}, s.eval(s.parse(i+2), i, 0))
		case t.is("STATIC_ROOT") && s.tok(i+1).is("=") && django && s.collects():
			s.write(write{at: t.at, kind: aDir, verb: "collects static files in"}, s.eval(s.parse(i+2), i, 0))
		case t.text == "UPLOAD_FOLDER" && (s.tok(i+1).is("=") || s.tok(i+1).is("]") && s.tok(i+2).is("=")):
			at := i + 2
			if s.tok(i + 1).is("]") {
				at = i + 3
			}
			s.write(write{at: t.at, kind: aDir, verb: "stores uploads in"}, s.eval(s.parse(at), i, 0))
		}
	}
}

// engine reports whether the dictionary that token i stands in has SQLite as its ENGINE.
func (s *script) engine(i int) bool {
	depth := 0
	open := i
	for ; open > 0 && open > i-200; open-- {
		if s.toks[open].is("}") {
			depth++
		} else if s.toks[open].is("{") {
			if depth--; depth < 0 {
				break
			}
		}
	}
	depth = 0
	for j := open; j < len(s.toks) && j < open+300; j++ {
		switch t := s.toks[j]; {
		case t.is("{"):
			depth++
		case t.is("}"):
			if depth--; depth <= 0 {
				return false
			}
		case depth == 1 && t.kind == tString && t.text == "ENGINE":
			for k := j + 1; k < j+12 && !s.tok(k).is("}"); k++ {
				if s.tok(k).kind == tString && strings.HasSuffix(s.tok(k).text, "sqlite3") {
					return true
				}
			}
			return false
		}
	}
	return false
}

// collects reports whether a script of the context runs collectstatic, which then happens at start.
func (s *script) collects() bool { return s.scanner.collectstatic }
