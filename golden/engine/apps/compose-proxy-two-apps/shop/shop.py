import json
import os

from flask import Flask, request

app = Flask(__name__)
STOCK_FILE = os.environ.get("STOCK_FILE", "stock.json")


def load():
    try:
        with open(STOCK_FILE) as f:
            return json.load(f)
    except FileNotFoundError:
        return {}


@app.get("/")
def index():
    return "shop of " + request.headers.get("Host", "?") + "\n"


@app.get("/stock/<item>")
def stock(item):
    return str(load().get(item, 0)) + "\n"


@app.put("/stock/<item>")
def put(item):
    items = load()
    items[item] = int(request.get_data())
    os.makedirs(os.path.dirname(STOCK_FILE), exist_ok=True)
    with open(STOCK_FILE, "w") as f:
        json.dump(items, f)
    return "ok\n"


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)
