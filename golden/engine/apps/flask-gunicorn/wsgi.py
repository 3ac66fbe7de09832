import os
import sqlite3

from flask import Flask, g, render_template, request

app = Flask(__name__, instance_relative_config=True)
os.makedirs(app.instance_path, exist_ok=True)
DATABASE = os.path.join(app.instance_path, "notes.sqlite")


def db():
    if "db" not in g:
        g.db = sqlite3.connect(DATABASE)
        g.db.execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, body TEXT)")
    return g.db


@app.teardown_appcontext
def close(_):
    if "db" in g:
        g.pop("db").close()


@app.get("/")
def index():
    notes = [r[0] for r in db().execute("SELECT body FROM note ORDER BY id")]
    return render_template("index.html", notes=notes)


@app.post("/notes")
def add():
    db().execute("INSERT INTO note (body) VALUES (?)", (request.get_data(as_text=True),))
    db().commit()
    return "added\n", 201


@app.get("/ping")
def ping():
    return "pong\n"
