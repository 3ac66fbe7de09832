package evidence

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

func listening(r Report) string {
	var out []string
	for _, l := range r.Listens {
		s := fmt.Sprint(l.Port)
		if l.UDP {
			s += "udp"
		}
		if l.Env != "" {
			s += "$" + l.Env
		}
		if l.Arg != "" {
			s += l.Arg
		}
		if l.Default {
			s += "*"
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestListens(t *testing.T) {
	tests := []struct{ name, file, text, want string }{
		{"constant", "a.js", "const PORT = process.env.PORT || 3000\napp.listen(PORT, () => {})", "3000$PORT*"},
		{"literal", "a.js", `require("http").createServer((q,r)=>r.end()).listen(8055)`, "8055"},
		{"object", "a.js", `fastify.listen({ host: '0.0.0.0', port: 80 })`, "80"},
		{"parsed", "a.ts", `const port = parseInt(process.env.PORT ?? '80', 10); app.listen(port)`, "80$PORT*"},
		{"number", "a.ts", `app.listen(Number(process.env.PORT) || 80)`, "80$PORT*"},
		{"without default", "a.js", `app.listen(process.env.PORT)`, "0$PORT"},
		{"other file", "a.js", "const { port } = require('./config')\napp.listen(port)\nexport default { port: process.env.PORT || 80 }", "80$PORT*"},
		{"shadowed later", "a.js", "var port = process.env.PORT || 4000\nserver.listen(port, function () { var port = server.address().port })", "4000$PORT*"},
		{"udp", "a.js", "const s = require('dgram').createSocket('udp4')\ns.bind(53)", "53udp"},
		{"nothing", "a.js", "emitter.on('listen', () => {}); store.listen(fn)", ""},

		{"flask", "a.py", `from flask import Flask` + "\n" + `app.run(host="0.0.0.0", port=80)`, "80"},
		{"flask in place", "a.py", `from flask import Flask` + "\n" + `Flask(__name__).run(port=5000)`, "5000"},
		{"flask default", "a.py", `from flask import Flask` + "\n" + `app.run()`, "5000*"},
		{"uvicorn", "a.py", `uvicorn.run(app, host="0.0.0.0", port=int(os.getenv("PORT", "80")))`, "80$PORT*"},
		{"uvicorn default", "a.py", `uvicorn.run("main:app")`, "8000*"},
		{"http server", "a.py", `HTTPServer(("", 80), H).serve_forever()`, "80"},
		{"http server with options", "a.py", "p.add_argument('--port', type=int, default=7380)\no = p.parse_args()\nThreadingHTTPServer(('', o.port), H)", "7380--port*"},
		{"socket", "a.py", `s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)` + "\n" + `s.bind(("", 5100))`, "5100udp"},
		{"address in a name", "a.py", "ADDR = ('0.0.0.0', 81)\ns.bind(ADDR)", "81"},
		{"grpc", "a.py", "port = os.environ.get('PORT', '8080')\nserver.add_insecure_port('[::]:' + port)\nserver.add_insecure_port(f'[::]:{port}')", "8080$PORT* 8080$PORT*"},
		{"waitress", "a.py", "from waitress import serve\nserve(app, port=80)", "80"},
		{"gunicorn", "gunicorn.conf.py", "bind = '0.0.0.0:80'\nworkers = 2", "80"},
		{"gunicorn from the environment", "gunicorn.conf.py", "bind = ':' + os.environ.get('PORT', '80')", "80$PORT*"},
		{"subprocess", "a.py", "subprocess.run(['ls'], check=True)", ""},

		{"puma", "config/puma.rb", "port ENV.fetch(\"PORT\") { 3000 }\nport 80\nbind 'tcp://0.0.0.0:81'", "3000$PORT* 80 81"},
		{"sinatra", "a.rb", "set :port, 80\nset :bind, '0.0.0.0'", "80"},
		{"spark", "App.java", "import static spark.Spark.*;\nclass A { void f() { port(80); } }", "80"},
		{"socket", "A.java", "class A { void f() { new ServerSocket(80); } }", "80"},
		{"spring", "application.properties", "server.port=80\n", "80"},
		{"spring variable", "application.yml", "server:\n  port: ${PORT:80}\n", "80$PORT*"},
		{"kestrel", "Program.cs", "builder.WebHost.UseUrls(\"http://*:80\");", "80"},
		{"kestrel setting", "appsettings.json", `{"Kestrel": {"Endpoints": {"Http": {"Url": "http://*:80"}}}}`, "80"},
		{"next", "package.json", `{"scripts": {"start": "next start -p 80"}}`, "80"},
		{"next default", "package.json", `{"scripts": {"start": "next start"}}`, "3000$PORT*"},
		{"php", "a.php", "<?php listen(80);", ""},
	}
	for _, tt := range tests {
		t.Run(tt.file+"/"+tt.name, func(t *testing.T) {
			if got := listening(scanFiles(Options{}, tt.file+"\n"+tt.text)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestGoListens(t *testing.T) {
	const head = "package main\nimport (\n\"os\"\n\"flag\"\n\"fmt\"\n\"net\"\n\"net/http\"\n\"github.com/gin-gonic/gin\"\n\"github.com/miekg/dns\"\n)\n"
	for _, tt := range []struct{ name, text, want string }{
		{"literal", "func main() { http.ListenAndServe(\":80\", nil) }", "80"},
		{"tls", "func main() { http.ListenAndServeTLS(\"\", c, k, nil) }", "443"},
		{"flag", "func main() { l := flag.String(\"listen\", \":53\", \"\"); net.ListenPacket(\"udp\", *l); net.Listen(\"tcp\", *l) }", "53udp--listen* 53--listen*"},
		{"environment", "func main() { p := os.Getenv(\"PORT\"); if p == \"\" { p = \"80\" }; http.ListenAndServe(\":\"+p, nil) }", "80$PORT*"},
		{"set in turn", "const d = \"50051\"\nfunc main() { port := d; if v, ok := os.LookupEnv(\"PORT\"); ok { port = v }; port = fmt.Sprintf(\":%s\", port); net.Listen(\"tcp\", port) }", "50051$PORT*"},
		{"host of the environment", "func main() { h := os.Getenv(\"HOST\"); http.ListenAndServe(h+\":\"+\"80\", nil) }", "80"},
		{"server", "func main() { s := &http.Server{Addr: \":80\"}; s.ListenAndServe() }", "80"},
		{"gin", "func main() { r := gin.Default(); r.Run(\":80\") }", "80"},
		{"gin default", "func main() { r := gin.Default(); r.Run() }", "8080$PORT*"},
		{"dns", "func main() { s := &dns.Server{Addr: \":53\", Net: \"udp\"}; s.ListenAndServe() }", "53udp"},
		{"unix", "func main() { net.Listen(\"unix\", \"/run/x.sock\") }", ""},
		{"udp address", "func main() { net.ListenUDP(\"udp\", &net.UDPAddr{Port: 69}) }", "69udp"},
		{"named", "func main() { http.ListenAndServe(\":http\", nil) }", "80"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := listening(scanFiles(Options{}, "main.go\n"+head+tt.text)); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRootOnly(t *testing.T) {
	for _, tt := range []struct{ file, text, want string }{
		{"a.py", `subprocess.run(["ip", "addr", "add", a, "dev", "x"])`, "NET_ADMIN"},
		{"a.py", `socket.socket(socket.AF_INET, socket.SOCK_RAW)`, "NET_RAW"},
		{"a.py", `os.setuid(1)`, "SETUID"},
		{"a.py", `os.chown(p, 1, 1)`, "CHOWN"},
		{"start.sh", "iptables -t nat -A POSTROUTING -j MASQUERADE\n", "NET_ADMIN"},
		{"start.sh", "ip link set wlan0 up", "NET_ADMIN"},
		{"start.sh", "mount -t tmpfs x /y", "SYS_ADMIN"},
		{"start.sh", "sysctl -w a=b", "SYS_ADMIN"},
		{"start.sh", "# iptables -A x", ""},
		{"start.sh", "echo amount -t", ""},
		{"main.go", "package main\nfunc f() { syscall.Chroot(\"/x\"); unix.Mount() }", "SYS_ADMIN"},
		{"a.js", "const description = 'ip of the address'", ""},
		{"a.js", "app.use(mount('/x', y)); tc(1)", ""},
	} {
		r := scanFiles(Options{}, tt.file+"\n"+tt.text)
		var got []string
		for _, f := range r.RootOnly {
			got = append(got, f.Capability)
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: got %q, want %q", tt.text, s, tt.want)
		}
	}
}

func TestEnvRead(t *testing.T) {
	r := scanFiles(Options{}, "a.js\nprocess.env.A; process.env['B']; const { C } = process.env", "b.py\nos.environ['D']; os.getenv('E')", "c.rb\nENV['F']", "main.go\npackage main\nfunc f() { os.Getenv(\"G\") }", "d.php\n<?php getenv('H'); $_SERVER['REQUEST_URI'];")
	if s := strings.Join(r.EnvRead, " "); s != "A B D E F G H" {
		t.Errorf("got %q", s)
	}
}

func TestPackageScript(t *testing.T) {
	fsys := fstest.MapFS{"web/package.json": {Data: []byte("{\n  \"name\": \"start\",\n  \"scripts\": {\n    \"build\": \"x\",\n    \"start\": \"node server.js\"\n  }\n}\n")}}
	command, place, ok := PackageScript(fsys, "web", "start")
	if !ok || command != "node server.js" || place.String() != "web/package.json:5" {
		t.Errorf("got %q %s %v", command, place, ok)
	}
	if _, _, ok := PackageScript(fsys, "web", "dev"); ok {
		t.Error("a script that is not there is found")
	}
	if _, _, ok := PackageScript(fsys, ".", "start"); ok {
		t.Error("a file that is not there is found")
	}
}
