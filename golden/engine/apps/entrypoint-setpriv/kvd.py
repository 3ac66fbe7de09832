import http.server
import os

DATA = "/data"


class Handler(http.server.BaseHTTPRequestHandler):
    def name(self):
        return os.path.join(DATA, os.path.basename(self.path) or "index")

    def reply(self, status, body):
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self):
        with open(self.name(), "wb") as f:
            f.write(self.rfile.read(int(self.headers["Content-Length"])))
        self.reply(201, b"stored\n")

    def do_GET(self):
        if not os.path.exists(self.name()):
            return self.reply(200, b"kvd\n")
        with open(self.name(), "rb") as f:
            self.reply(200, f.read())


http.server.ThreadingHTTPServer(("", 7380), Handler).serve_forever()
