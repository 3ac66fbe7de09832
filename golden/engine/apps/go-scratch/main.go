package main

import (
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
)

func main() {
	dir := os.Getenv("DATA_DIR")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "shortener\n")
	})
	http.HandleFunc("PUT /l/{name}", func(w http.ResponseWriter, r *http.Request) {
		url, _ := io.ReadAll(r.Body)
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(r.PathValue("name"))), url, 0o644); err != nil {
			log.Print(err)
			http.Error(w, err.Error(), 500)
			return
		}
		w.WriteHeader(201)
	})
	http.HandleFunc("GET /l/{name}", func(w http.ResponseWriter, r *http.Request) {
		url, err := os.ReadFile(filepath.Join(dir, filepath.Base(r.PathValue("name"))))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		http.Redirect(w, r, string(url), http.StatusFound)
	})
	log.Print("listening on :8080")
	log.Fatal(http.ListenAndServe(":8080", nil))
}
