package main

import (
	"encoding/json"
	"log"
	"net/http"
	"os"
)

type product struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

var products = []product{{1, "kettle"}, {2, "teapot"}}

func main() {
	addr := os.Getenv("LISTEN")
	if addr == "" {
		addr = ":9000"
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/products", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(products)
	})
	log.Printf("listening on %s", addr)
	log.Fatal(http.ListenAndServe(addr, mux))
}
