package evidence

import "strings"

const fsNames = "fs fsp fse fsPromises promises fsExtra fsSync nodeFs gracefulFs Deno Bun jetpack"

// bareOr makes an effect count for the function by itself and for it on the module.
func bareOr(on string, e effect) []effect {
	a, b := e, e
	a.on, b.on = on, "-"
	return []effect{a, b}
}

var javascriptEffects = map[string][]effect{
	"writeFile":         append([]effect{{on: "XLSX xlsx workbook wb", arg: 1, verb: "writes"}}, bareOr(fsNames+" csv", effect{verb: "writes"})...),
	"writeFileSync":     bareOr(fsNames, effect{verb: "writes"}),
	"writeTextFile":     {{on: "Deno", verb: "writes"}},
	"writeTextFileSync": {{on: "Deno", verb: "writes"}},
	"write":             {{on: "Bun", verb: "writes"}},
	"appendFile":        bareOr(fsNames, effect{verb: "writes"}),
	"appendFileSync":    bareOr(fsNames, effect{verb: "writes"}),
	"createWriteStream": bareOr(fsNames, effect{verb: "writes"}),
	"outputFile":        bareOr(fsNames, effect{verb: "writes"}),
	"outputFileSync":    bareOr(fsNames, effect{verb: "writes"}),
	"outputJson":        bareOr(fsNames, effect{verb: "writes"}),
	"outputJsonSync":    bareOr(fsNames, effect{verb: "writes"}),
	"writeJson":         bareOr(fsNames, effect{verb: "writes"}),
	"writeJsonSync":     bareOr(fsNames, effect{verb: "writes"}),
	"writeJSON":         bareOr(fsNames, effect{verb: "writes"}),
	"mkdir":             bareOr(fsNames, effect{kind: aDir, verb: "creates"}),
	"mkdirSync":         bareOr(fsNames, effect{kind: aDir, verb: "creates"}),
	"mkdirp":            bareOr("mkdirp "+fsNames, effect{kind: aDir, verb: "creates"}),
	"mkdirpSync":        bareOr(fsNames, effect{kind: aDir, verb: "creates"}),
	"ensureDir":         bareOr(fsNames, effect{kind: aDir, verb: "creates"}),
	"ensureDirSync":     bareOr(fsNames, effect{kind: aDir, verb: "creates"}),
	"ensureFile":        bareOr(fsNames, effect{verb: "creates"}),
	"emptyDir":          bareOr(fsNames, effect{kind: aDir, verb: "empties"}),
	"mkdtemp":           bareOr(fsNames, effect{kind: anEntry, verb: "creates"}),
	"mkdtempSync":       bareOr(fsNames, effect{kind: anEntry, verb: "creates"}),
	"rename":            {{on: fsNames, arg: 1, kind: anEntry, verb: "renames to"}},
	"renameSync":        bareOr(fsNames, effect{arg: 1, kind: anEntry, verb: "renames to"}),
	"copyFile":          bareOr(fsNames, effect{arg: 1, verb: "copies to"}),
	"copyFileSync":      bareOr(fsNames, effect{arg: 1, verb: "copies to"}),
	"cp":                {{on: fsNames, arg: 1, verb: "copies to"}},
	"cpSync":            bareOr(fsNames, effect{arg: 1, verb: "copies to"}),
	"copySync":          {{on: fsNames, arg: 1, verb: "copies to"}},
	"symlinkSync":       {{on: fsNames, arg: 1, kind: anEntry, verb: "links"}},
	"unlink":            {{on: fsNames, kind: anEntry, verb: "removes", sure: true}},
	"unlinkSync":        bareOr(fsNames, effect{kind: anEntry, verb: "removes", sure: true}),
	"rmSync":            bareOr(fsNames, effect{kind: anEntry, verb: "removes", sure: true}),
	"open":              {{on: fsNames, mode: 1, modes: "wa+", verb: "opens"}, {keys: []string{"filename"}, arg: -1, kind: aDatabase, verb: "creates", needs: "sqlite"}},
	"openSync":          bareOr(fsNames, effect{mode: 1, modes: "wa+", verb: "opens"}),
	"Database":          {{on: "sqlite3 sqlite", kind: aDatabase, verb: "creates"}, {on: "-", kind: aDatabase, verb: "creates", needs: "sqlite"}},
	"DatabaseSync":      {{kind: aDatabase, verb: "creates"}},
	"Sequelize":         {{arg: -1, keys: []string{"storage"}, kind: aDatabase, verb: "creates"}},
	"DataSource":        {{arg: -1, keys: []string{"database"}, kind: aDatabase, verb: "creates", needs: "sqlite", sure: true}},
	"Datastore":         {{arg: -1, keys: []string{"filename"}, kind: aDatabase, verb: "creates", sure: true}},
	"Nedb":              {{arg: -1, keys: []string{"filename"}, kind: aDatabase, verb: "creates", sure: true}},
	"leveldown":         {{on: "-", kind: aDir, verb: "creates"}},
	"JSONFile":          {{kind: anEntry, verb: "writes"}},
	"JSONFileSync":      {{kind: anEntry, verb: "writes"}},
	"JSONFilePreset":    {{kind: anEntry, verb: "writes"}},
	"FileSync":          {{kind: aDatabase, verb: "writes", needs: "lowdb"}},
	"FileAsync":         {{kind: aDatabase, verb: "writes", needs: "lowdb"}},
	"JsonDB":            {{kind: aDatabase, verb: "writes", sure: true}},
	"Level":             {{kind: aDir, verb: "creates"}},
	"level":             {{on: "-", kind: aDir, verb: "creates", needs: "level"}},
	"multer":            {{on: "-", arg: -1, keys: []string{"dest"}, kind: aDir, verb: "stores uploads in"}},
	"diskStorage":       {{arg: -1, keys: []string{"destination"}, kind: aDir, verb: "stores uploads in", sure: true}},
	"formidable":        {{arg: -1, keys: []string{"uploadDir"}, kind: aDir, verb: "stores uploads in"}},
	"IncomingForm":      {{arg: -1, keys: []string{"uploadDir"}, kind: aDir, verb: "stores uploads in"}},
	"fileUpload":        {{arg: -1, keys: []string{"tempFileDir"}, kind: aDir, verb: "stores uploads in"}},
	"cb":                {{arg: 1, kind: aDir, verb: "stores uploads in", needs: "diskStorage", sure: true}},
	"callback":          {{arg: 1, kind: aDir, verb: "stores uploads in", needs: "diskStorage", sure: true}},
	"mv":                {{arg: 0, verb: "stores", needs: "express-fileupload"}},
	"File":              {{on: "transports", arg: -1, keys: []string{"filename"}, kind: aFile, verb: "logs to"}},
	"DailyRotateFile":   {{arg: -1, keys: []string{"dirname"}, kind: aDir, verb: "logs to"}, {arg: -1, keys: []string{"filename"}, kind: anEntry, verb: "logs to"}},
	"destination":       {{on: "pino", verb: "logs to", sure: true}},
	"createStream":      {{arg: -1, keys: []string{"path"}, kind: aDir, verb: "logs to", needs: "rotating-file-stream"}},
	"FileStore":         {{arg: -1, keys: []string{"path"}, kind: aDir, verb: "keeps sessions in"}},
	"toFile":            {{verb: "writes", needs: "sharp"}},
}

// javascriptObjects reads what is written without a call of our tables: knex and log4js objects, the destination of pino.
func (s *script) javascriptObjects() {
	for i, t := range s.toks {
		if t.kind != tName && t.kind != tString || !s.tok(i+1).is(":") {
			continue
		}
		switch {
		case t.text == "filename" && strings.Contains(s.text, "knex") || t.text == "filename" && strings.Contains(s.text, "sqlite3") && s.inside(i, "connection"):
			s.write(write{at: t.at, kind: aDatabase, verb: "creates", sure: true}, s.eval(s.parse(i+2), i, 0))
		case t.text == "database" && strings.Contains(s.text, "sqlite") && s.besideSQLite(i):
			s.write(write{at: t.at, kind: aDatabase, verb: "creates", sure: true}, s.eval(s.parse(i+2), i, 0))
		case t.text == "filename" && strings.Contains(s.text, "log4js"), t.text == "destination" && s.inside(i, "options") && strings.Contains(s.text, "pino/file"):
			s.write(write{at: t.at, kind: anEntry, verb: "logs to", sure: true}, s.eval(s.parse(i+2), i, 0))
		case t.text == "storage" && strings.Contains(s.text, "dialect") && strings.Contains(s.text, "sqlite") && !strings.Contains(s.text, "new Sequelize("):
			s.write(write{at: t.at, kind: aDatabase, verb: "creates", sure: true}, s.eval(s.parse(i+2), i, 0))
		}
	}
}

// inside reports whether token i stands in an object that is the value of a key.
func (s *script) inside(i int, key string) bool {
	depth := 0
	for j := i - 1; j > 0 && j > i-80; j-- {
		switch {
		case s.toks[j].is("}"):
			depth++
		case s.toks[j].is("{"):
			if depth == 0 && s.toks[j-1].is(":") && s.tok(j-2).text == key {
				return true
			}
			depth--
		}
	}
	return false
}

// besideSQLite reports whether the object around token i says that its database is SQLite: { type: 'sqlite', database: x }.
// What `new DataSource` takes is looked at as a call.
func (s *script) besideSQLite(i int) bool {
	for j := max(1, i-24); j < i+24 && j < len(s.toks); j++ {
		if s.toks[j].kind == tString && s.tok(j-1).is(":") && s.tok(j-2).text == "type" {
			return strings.Contains(s.toks[j].text, "sqlite") || s.toks[j].text == "sqljs"
		}
	}
	return false
}
