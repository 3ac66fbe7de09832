"""Takes jobs from the queue, one at a time, and keeps the results."""
import os
import socket
import time

QUEUE = os.environ.get("QUEUE_HOST", "queue")


def command(*words):
    with socket.create_connection((QUEUE, 6379), timeout=5) as s:
        s.sendall(" ".join(words).encode() + b"\r\n")
        return s.recv(4096).decode()


os.makedirs("results", exist_ok=True)
print("waiting for jobs")
while True:
    try:
        answer = command("LPOP", "jobs").split("\r\n")
    except OSError as e:
        print("no queue:", e)
        time.sleep(1)
        continue
    if len(answer) < 2 or not answer[1]:
        time.sleep(0.3)
        continue
    with open(os.path.join("results", answer[1]), "w") as f:
        f.write("done\n")
    print("did", answer[1])
