"""A drop box that speaks just enough FTP: control on 21, passive data on 30000-30002."""
import os
import socketserver
import threading
import socket

ROOT = "/srv/incoming"
PASSIVE = range(30000, 30003)
os.makedirs(ROOT, exist_ok=True)


def listen(port):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", port))
    s.listen(1)
    return s


class Control(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write((text + "\r\n").encode())

    def handle(self):
        self.say("220 drop box")
        data = None
        for line in self.rfile:
            verb, _, arg = line.decode().strip().partition(" ")
            if verb == "PASV":
                for port in PASSIVE:
                    try:
                        data = listen(port)
                        break
                    except OSError:
                        continue
                self.say("227 (127,0,0,1,%d,%d)" % divmod(port, 256))
            elif verb == "NOTE":
                name, _, text = arg.partition(" ")
                with open(os.path.join(ROOT, os.path.basename(name)), "w") as f:
                    f.write(text)
                self.say("226 stored")
            elif verb == "LIST":
                self.say("150 " + " ".join(sorted(os.listdir(ROOT))))
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("202 ignored")


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True


print("drop box on 21")
Server(("", 21), Control).serve_forever()
