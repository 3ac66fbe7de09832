import json
import tempfile
from pathlib import Path

from fastapi import FastAPI, Request

app = FastAPI()
SPOOL = Path(tempfile.gettempdir()) / "items.json"


@app.get("/")
def read_root():
    return {"Hello": "World"}


@app.get("/items/{item_id}")
def read_item(item_id: int):
    items = json.loads(SPOOL.read_text()) if SPOOL.exists() else {}
    return {"item_id": item_id, "name": items.get(str(item_id))}


@app.put("/items/{item_id}")
async def put_item(item_id: int, request: Request):
    items = json.loads(SPOOL.read_text()) if SPOOL.exists() else {}
    items[str(item_id)] = (await request.body()).decode()
    SPOOL.write_text(json.dumps(items))
    return {"ok": True}
