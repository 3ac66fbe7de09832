from fastapi import FastAPI

app = FastAPI()


@app.get("/health")
def health():
    return "ok"


@app.get("/sales")
def sales():
    return {"total": 1250}
